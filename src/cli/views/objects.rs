//! Steps of objects of clouds, place by place.

use super::Paint;
use crate::plan::{Action, CloudStep};

/// Every step that changes something or could not be planned, below the place it lies in.
pub(super) fn object_lines(steps: &[CloudStep], paint: Paint) -> Vec<String> {
    let shown: Vec<&CloudStep> = steps.iter().filter(|step| step.action != Action::Keep).collect();
    let place = |step: &CloudStep| format!("{} {}", step.address.provider, step.address.region);
    let mut places: Vec<String> = shown.iter().map(|step| place(step)).collect();
    places.sort();
    places.dedup();
    let lines_of = |name: String| {
        let own: Vec<&CloudStep> = shown.iter().copied().filter(|step| place(step) == name).collect();
        let mut lines = vec![paint.strong(&name)];
        match own.as_slice() {
            // Why a place could not be asked is said once, not for everything in it.
            [first, ..] if own.iter().all(|step| step.action == Action::Blocked) => {
                lines.push(format!("  {}  {}", paint.bad("! not planned"), paint.faint(&first.reason)));
            }
            own => lines.extend(own.iter().flat_map(|step| step_lines(step, paint))),
        }
        lines.push(String::new());
        lines
    };
    places.into_iter().flat_map(lines_of).collect()
}

fn step_lines(step: &CloudStep, paint: Paint) -> Vec<String> {
    let head = format!("  {} {} {}", step.action.symbol(), step.address.kind, step.address.name);
    let head = match step.action {
        Action::Create => paint.good(&head),
        Action::Delete | Action::Replace | Action::Blocked => paint.bad(&head),
        Action::Update | Action::Adopt | Action::Forget | Action::Keep => paint.attention(&head),
    };
    let mut lines = vec![format!("{head}  {}", paint.faint(&step.reason))];
    if step.action == Action::Create {
        lines.extend(step.attributes.iter().map(|(name, value)| format!("      {name}: {value}")));
    }
    let changes = step.changes.iter().map(|change| format!("      {}: {} → {}", change.name, change.from, change.to));
    lines.extend(changes);
    lines
}
