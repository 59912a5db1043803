//! Which files were written, or the diff of those that should be.

use super::{Paint, View, count};
use crate::workflows::RenderReport;
use schemars::JsonSchema;
use serde::Serialize;

/// What `render` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RenderView {
    /// How many files belong to the project.
    pub files: usize,
    /// True when nothing was written.
    pub check: bool,
    /// Files that were not as they should be.
    pub stale: Vec<StaleFile>,
}

/// One file that was not as it should be.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StaleFile {
    /// Relative to the project's folder.
    pub path: String,
    /// True when it should not be there at all.
    pub is_stray: bool,
    /// From what was there to what is wanted.
    pub diff: String,
}

impl RenderView {
    /// The view of a rendering.
    pub fn new(report: &RenderReport, check: bool) -> Self {
        let stale = report.differences.iter().map(|difference| StaleFile {
            path: difference.path.display().to_string(),
            is_stray: difference.wanted.is_none(),
            diff: difference.diff.clone(),
        });
        Self { files: report.files, check, stale: stale.collect() }
    }
}

impl View for RenderView {
    fn text(&self, paint: Paint) -> String {
        let total = count(self.files, "file");
        if self.stale.is_empty() {
            return format!("{} {total} up to date", paint.good("rendered:"));
        }
        if self.check {
            let diffs: String = self.stale.iter().map(|file| file.diff.as_str()).collect();
            let stale = count(self.stale.len(), "file");
            return format!(
                "{diffs}{} {stale} of {total}; bring them up to date with `aether render`",
                paint.bad("stale:")
            );
        }
        let mut lines: Vec<String> = self
            .stale
            .iter()
            .map(|file| format!("  {} {}", if file.is_stray { paint.bad("-") } else { paint.good("+") }, file.path))
            .collect();
        lines.push(format!("{} {} of {total} written", paint.good("rendered:"), self.stale.len()));
        lines.join("\n")
    }
}
