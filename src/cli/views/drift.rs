//! What was changed by hand.

use super::{Paint, View, count};
use crate::plan::{Action, Step};
use schemars::JsonSchema;
use serde::Serialize;

/// What `drift` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DriftView {
    /// Resources that are no longer as they were applied, and those that could not be looked at (`blocked`).
    pub steps: Vec<Step>,
}

impl View for DriftView {
    fn text(&self, paint: Paint) -> String {
        if self.steps.is_empty() {
            return "no drift: everything is as it was applied".to_owned();
        }
        let mut lines = Vec::new();
        for step in &self.steps {
            let sign = if step.action == Action::Blocked { paint.bad("!") } else { paint.attention("~") };
            lines.push(format!("{sign} {}  {}", step.address, paint.faint(&step.reason)));
            let reason = |reason: &Option<String>| reason.as_ref().map(|r| format!("  ({r})")).unwrap_or_default();
            lines.extend(step.tasks.iter().map(|task| format!("    {}{}", task.name, reason(&task.reason))));
        }
        lines.push(format!("{} drifted; bring back with `aether apply`", count(self.steps.len(), "resource")));
        lines.join("\n")
    }
}
