//! The end of an apply: what is done, what is not, and how to go on.

use super::{Explained, Paint, View};
use crate::apply::StepResult;
use crate::plan::Action;
use crate::stack::symptom;
use crate::workflows::Applied;
use schemars::JsonSchema;
use serde::Serialize;

/// What `apply`, `resume` and `destroy` show at the end.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AppliedView {
    /// Steps that ended as planned.
    pub done: usize,
    /// Steps that did not, hosts that could not be planned included.
    pub not_done: usize,
    /// True when the person asked to stop.
    pub interrupted: bool,
    /// Every step that did not end as planned, and every one that did.
    pub steps: Vec<AppliedStep>,
    /// Hosts that another run held, so that nothing was done there.
    pub busy: Vec<String>,
    /// What to do about failures.
    pub fixes: Vec<String>,
}

/// One step's end.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AppliedStep {
    /// The resource.
    pub address: String,
    /// What was to happen.
    pub action: Action,
    /// How it ended.
    pub result: StepEnd,
    /// Why it is not done.
    pub why: Option<String>,
    /// What that stands for, where it is known.
    pub explained: Option<Explained>,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepEnd {
    /// As planned.
    Done,
    /// Begun, and it went wrong.
    Failed,
    /// Planned, and not begun.
    NotStarted,
    /// Its host could not be looked at.
    NotPlanned,
}

impl StepEnd {
    /// The words for people.
    fn words(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::NotStarted => "not started",
            Self::NotPlanned => "not planned",
        }
    }
}

impl AppliedStep {
    fn ended(address: String, action: Action, result: &StepResult) -> Self {
        let (result, why) = match result {
            StepResult::Done => (StepEnd::Done, None),
            StepResult::Failed(why) => (StepEnd::Failed, Some(why.clone())),
            StepResult::NotStarted(why) => (StepEnd::NotStarted, Some(why.clone())),
        };
        let explained = match result {
            StepEnd::Failed => why.as_deref().and_then(symptom).as_ref().map(Explained::from),
            _ => None,
        };
        Self { address, action, result, why, explained }
    }

    fn blocked(address: String, why: &str) -> Self {
        let (action, result, why) = (Action::Blocked, StepEnd::NotPlanned, Some(why.to_owned()));
        Self { address, action, result, why, explained: None }
    }
}

impl AppliedView {
    /// The view of what was done.
    pub fn new(applied: &Applied) -> Self {
        let Applied { plan, report, .. } = applied;
        let is_blocked = |action: Action| action == Action::Blocked;
        let objects = report.objects.iter().map(|o| AppliedStep::ended(o.address.to_string(), o.action, &o.result));
        let unseen = plan.objects.iter().filter(|step| is_blocked(step.action));
        let unseen = unseen.map(|step| AppliedStep::blocked(step.address.to_string(), &step.reason));
        let reported = report.hosts.iter().flat_map(|host| &host.steps);
        let reported = reported.map(|step| AppliedStep::ended(step.address.to_string(), step.action, &step.result));
        let blocked = plan.steps.iter().filter(|step| is_blocked(step.action));
        let blocked = blocked.map(|step| AppliedStep::blocked(step.address.to_string(), &step.reason));
        let steps: Vec<AppliedStep> = objects.chain(unseen).chain(reported).chain(blocked).collect();
        let done = steps.iter().filter(|step| step.result == StepEnd::Done).count();
        let mut fixes: Vec<String> = applied.report.hosts.iter().filter_map(|host| host.fix.clone()).collect();
        fixes.extend(applied.report.objects.iter().filter_map(|object| object.fix.clone()));
        fixes.extend(applied.fixes.iter().cloned());
        fixes.sort();
        fixes.dedup();
        let busy = applied.busy.iter().map(ToString::to_string).collect();
        Self { done, not_done: steps.len() - done, interrupted: applied.is_interrupted, steps, busy, fixes }
    }

    /// True when nothing stands in the way but runs of others.
    pub fn is_held(&self) -> bool {
        let is_busy = |step: &AppliedStep| {
            let on = |host: &String| step.address == *host || step.address.starts_with(&format!("{host}/"));
            self.busy.iter().any(on)
        };
        !self.busy.is_empty() && self.steps.iter().filter(|step| step.result != StepEnd::Done).all(is_busy)
    }
}

impl View for AppliedView {
    fn text(&self, paint: Paint) -> String {
        if self.steps.is_empty() {
            return "nothing to do: what this plan covers is as wanted".to_owned();
        }
        let mut lines = Vec::new();
        let not_done: Vec<&AppliedStep> = self.steps.iter().filter(|step| step.result != StepEnd::Done).collect();
        // What stopped a whole host is said once, not for everything on it.
        for alike in not_done.chunk_by(|a, b| a.result == b.result && a.why == b.why) {
            let addresses: Vec<&str> = alike.iter().map(|step| step.address.as_str()).collect();
            let head = paint.bad(&format!("{}:", alike[0].result.words()));
            lines.push(format!("{head} {}", addresses.join(", ")));
            lines.extend(alike[0].why.iter().flat_map(|why| why.lines()).map(|line| format!("    {line}")));
            lines.extend(alike[0].explained.iter().flat_map(Explained::lines).map(|line| format!("    {line}")));
        }
        let sum = format!("{} done, {} not done", self.done, self.not_done);
        lines.push(if self.not_done == 0 { paint.good(&sum) } else { paint.attention(&sum) });
        lines.extend(self.fixes.iter().map(|fix| format!("fix: {fix}")));
        if self.not_done > 0 {
            lines.push("go on with: aether resume".to_owned());
        }
        lines.join("\n")
    }
}
