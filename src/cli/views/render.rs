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

/// How a file was not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// Not there.
    Missing,
    /// There with other bytes.
    Changed,
    /// There, and should not be.
    Stray,
}

/// One file that was not as it should be.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StaleFile {
    /// Relative to the project's folder.
    pub path: String,
    /// `missing`, `changed` or `stray` (it should not be there).
    pub state: FileState,
    /// From what was there to what is wanted.
    pub diff: String,
}

impl RenderView {
    /// The view of a rendering.
    pub fn new(report: &RenderReport, check: bool) -> Self {
        let stale = report.differences.iter().map(|difference| StaleFile {
            path: difference.path.display().to_string(),
            state: match (&difference.wanted, difference.is_there) {
                (None, _) => FileState::Stray,
                (Some(_), true) => FileState::Changed,
                (Some(_), false) => FileState::Missing,
            },
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
            let stale = self.stale.len();
            return format!("{diffs}{} {stale} of {total}; bring up to date with `aether render`", paint.bad("stale:"));
        }
        let mut lines: Vec<String> = self
            .stale
            .iter()
            .map(|file| {
                let sign = match file.state {
                    FileState::Missing => paint.good("+"),
                    FileState::Changed => paint.attention("~"),
                    FileState::Stray => paint.bad("-"),
                };
                format!("  {sign} {}", file.path)
            })
            .collect();
        lines.push(format!("{} {} of {total} written", paint.good("rendered:"), self.stale.len()));
        lines.join("\n")
    }
}
