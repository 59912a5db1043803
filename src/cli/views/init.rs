//! What `init` found and wrote, and how to go on.

use super::{Paint, View};
use crate::workflows::InitReport;
use schemars::JsonSchema;
use serde::Serialize;

/// What `init` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InitView {
    /// The manifest, relative to the project's folder.
    pub path: String,
    /// Its text.
    pub manifest: String,
    /// What was found, a phrase each.
    pub found: Vec<String>,
    /// The commands to go on with.
    pub next: Vec<String>,
}

impl From<InitReport> for InitView {
    fn from(report: InitReport) -> Self {
        let path = report.path.display().to_string();
        Self { path, manifest: report.text, found: report.found, next: report.next }
    }
}

impl View for InitView {
    fn text(&self, paint: Paint) -> String {
        let mut lines: Vec<String> = self.found.iter().map(|found| paint.faint(&format!("found: {found}"))).collect();
        lines.push(format!("{} `{}`", paint.good("written:"), self.path));
        lines.extend(self.next.iter().map(|command| format!("next: {command}")));
        lines.join("\n")
    }
}
