//! `accelerators:` names something that is in no table: what runs there is not checked.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, code, nearest};
use crate::project::world::Place;
use crate::stack::tables;

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for place in world.places() {
        let Some((name, _)) = place.gpus() else { continue };
        if tables().gpu(&name).is_none() {
            diagnostics.push(not_in_table(&place, &name));
        }
    }
}

fn not_in_table(place: &Place<'_>, name: &str) -> Diagnostic {
    let at = place.gpu_span();
    let (what, why) = match tables().other_accelerator(name) {
        Some(other) => (format!("`{name}` is no NVIDIA GPU"), format!("there are no tables for {} yet", other.vendor)),
        None => {
            (format!("`{name}` is in no table of GPUs"), "whether the frameworks run on it is not checked".to_owned())
        }
    };
    let known = tables().gpus.iter().map(|gpu| gpu.name.as_str());
    let near = nearest(name, known).map(|near| format!("did you mean `{near}`?"));
    let warning = Diagnostic::warning(&code::ACCELERATOR_UNKNOWN, at, what).why(why);
    match near {
        Some(near) => warning.fix(near),
        None => warning,
    }
}
