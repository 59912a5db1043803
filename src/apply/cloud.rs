//! The loop over objects of clouds: first what goes, dependants before what they need; then what comes, the other way
//! round. What does not depend on each other goes side by side.

use super::object::{Deed, Pen};
use super::{ObjectReport, StepResult};
use crate::address::CloudAddress;
use crate::converge::each;
use crate::plan::{Action, CloudStep};
use std::collections::{BTreeMap, BTreeSet};

/// Carries out every step that changes something, at most `width` at a time.
pub fn apply_objects(steps: &[CloudStep], width: usize, pen: &Pen<'_>) -> Vec<ObjectReport> {
    let going = steps.iter().filter(|step| matches!(step.action, Action::Delete | Action::Replace | Action::Forget));
    let coming = steps
        .iter()
        .filter(|step| matches!(step.action, Action::Create | Action::Replace | Action::Update | Action::Adopt));
    let mut ends = Ends::default();
    let mut levels = levels(&going.collect::<Vec<_>>());
    levels.reverse();
    for level in levels {
        ends.take(&level, width, |step, ends| {
            let dependants = steps.iter().filter(|other| other.needs.contains(&step.address));
            ends.stopped(dependants.map(|other| &other.address), pen).unwrap_or_else(|| pen.carry_out(step, Deed::Go))
        });
    }
    for level in self::levels(&coming.collect::<Vec<_>>()) {
        ends.take(&level, width, |step, ends| {
            // The old one is still there: how it ended stands, and no second one is made beside it.
            let still = ends.0.get(&step.address).filter(|(end, _)| *end != StepResult::Done).cloned();
            let stopped = still.or_else(|| ends.stopped(step.needs.iter(), pen));
            stopped.unwrap_or_else(|| pen.carry_out(step, Deed::Come))
        });
    }
    steps.iter().filter_map(|step| ends.report(step)).collect()
}

/// How each step has ended so far.
#[derive(Default)]
struct Ends(BTreeMap<CloudAddress, (StepResult, Option<String>)>);

impl Ends {
    /// Carries out steps that do not depend on each other.
    fn take(
        &mut self,
        level: &[&CloudStep],
        width: usize,
        work: impl Fn(&CloudStep, &Self) -> (StepResult, Option<String>) + Sync,
    ) {
        let ends = each(level, width, |step| work(step, self));
        self.0.extend(level.iter().map(|step| step.address.clone()).zip(ends));
    }

    /// Why a step must not begin: one of `others` did not end as planned, or the person asked to stop.
    fn stopped<'a>(
        &self,
        mut others: impl Iterator<Item = &'a CloudAddress>,
        pen: &Pen<'_>,
    ) -> Option<(StepResult, Option<String>)> {
        let is_bad = |other: &&CloudAddress| self.0.get(*other).is_some_and(|(end, _)| *end != StepResult::Done);
        if let Some(bad) = others.find(is_bad) {
            return Some((StepResult::NotStarted(format!("`{bad}` failed before it")), None));
        }
        pen.interrupt.is_set().then(|| (StepResult::NotStarted("interrupted before it began".to_owned()), None))
    }

    fn report(&self, step: &CloudStep) -> Option<ObjectReport> {
        let (result, fix) = self.0.get(&step.address)?.clone();
        Some(ObjectReport { address: step.address.clone(), action: step.action, result, fix })
    }
}

/// Steps in rows: each needs only steps of rows before its own.
fn levels<'a>(steps: &[&'a CloudStep]) -> Vec<Vec<&'a CloudStep>> {
    let mut waiting: Vec<&CloudStep> = steps.to_vec();
    let mut levels = Vec::new();
    while !waiting.is_empty() {
        let open: BTreeSet<&CloudAddress> = waiting.iter().map(|step| &step.address).collect();
        let is_ready = |step: &&CloudStep| !step.needs.iter().any(|need| open.contains(need));
        let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_ready);
        assert!(!ready.is_empty(), "objects of a cloud need each other in a circle");
        levels.push(ready);
        waiting = rest;
    }
    levels
}
