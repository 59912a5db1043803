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
    /// `done`, `failed`, `not_started` or `not_planned`.
    pub result: &'static str,
    /// Why it is not done.
    pub why: Option<String>,
    /// What that stands for, where it is known.
    pub explained: Option<Explained>,
}

impl AppliedView {
    /// The view of what was done.
    pub fn new(applied: &Applied) -> Self {
        let reported = applied.report.hosts.iter().flat_map(|host| &host.steps).map(|step| {
            let (result, why) = match &step.result {
                StepResult::Done => ("done", None),
                StepResult::Failed(why) => ("failed", Some(why.clone())),
                StepResult::NotStarted(why) => ("not_started", Some(why.clone())),
            };
            let explained = match &step.result {
                StepResult::Failed(why) => symptom(why).as_ref().map(Explained::from),
                StepResult::Done | StepResult::NotStarted(_) => None,
            };
            AppliedStep { address: step.address.to_string(), action: step.action, result, why, explained }
        });
        let blocked = applied.plan.steps.iter().filter(|step| step.action == Action::Blocked).map(|step| AppliedStep {
            address: step.address.to_string(),
            action: step.action,
            result: "not_planned",
            why: Some(step.reason.clone()),
            explained: None,
        });
        let steps: Vec<AppliedStep> = reported.chain(blocked).collect();
        let done = steps.iter().filter(|step| step.result == "done").count();
        let mut fixes: Vec<String> = applied.report.hosts.iter().filter_map(|host| host.fix.clone()).collect();
        fixes.sort();
        fixes.dedup();
        Self { done, not_done: steps.len() - done, interrupted: applied.is_interrupted, steps, fixes }
    }
}

impl View for AppliedView {
    fn text(&self, paint: Paint) -> String {
        if self.steps.is_empty() {
            return "nothing to do: what this plan covers is as wanted".to_owned();
        }
        let mut lines = Vec::new();
        for step in self.steps.iter().filter(|step| step.result != "done") {
            let word = step.result.replace('_', " ");
            lines.push(format!("{} {}", paint.bad(&format!("{word}:")), step.address));
            lines.extend(step.why.iter().flat_map(|why| why.lines()).map(|line| format!("    {line}")));
            lines.extend(step.explained.iter().flat_map(Explained::lines).map(|line| format!("    {line}")));
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
