//! What was changed by hand.

use super::objects::object_lines;
use super::{Paint, View, count};
use crate::plan::{Action, CloudStep, Step};
use schemars::JsonSchema;
use serde::Serialize;

/// What `drift` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DriftView {
    /// Resources that are no longer as they were applied, and those that could not be looked at (`blocked`).
    pub steps: Vec<Step>,
    /// The same of objects of clouds.
    pub objects: Vec<CloudStep>,
}

impl View for DriftView {
    fn text(&self, paint: Paint) -> String {
        let all = self.steps.len() + self.objects.len();
        if all == 0 {
            return "no drift: everything is as it was applied".to_owned();
        }
        let mut lines = Vec::new();
        for step in &self.steps {
            let sign = if step.action == Action::Blocked { paint.bad("!") } else { paint.attention("~") };
            lines.push(format!("{sign} {}  {}", step.address, paint.faint(&step.reason)));
            let reason = |reason: &Option<String>| reason.as_ref().map(|r| format!("  ({r})")).unwrap_or_default();
            lines.extend(step.tasks.iter().map(|task| format!("    {}{}", task.name, reason(&task.reason))));
        }
        lines.extend(object_lines(&self.objects, paint));
        lines.push(format!("{} drifted; bring back with `aether apply`", count(all, "resource")));
        lines.join("\n")
    }
}
