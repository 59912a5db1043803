//! What the lock pins, and what changed in it.

use super::{Paint, View, count, unconfirmed_lines};
use crate::workflows::{LockReport, Unconfirmed};
use schemars::JsonSchema;
use serde::Serialize;

/// What `lock` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LockView {
    /// True when nothing was written because only a check was asked for.
    pub check: bool,
    /// Environments that were resolved (or, with `--check`, would have to be).
    pub resolved: Vec<String>,
    /// How many packages are pinned in all.
    pub packages: usize,
    /// `~ train for x86_64 cpu: torch 2.9.1 -> 2.10.0`.
    pub changes: Vec<String>,
    /// What the answers about GPUs rest on and nobody confirmed.
    pub not_confirmed: Vec<Unconfirmed>,
    /// Packages whose files could not be held against those of the others, with the reason.
    pub unchecked: Vec<String>,
}

impl LockView {
    /// The view of a lock.
    pub fn new(report: LockReport, check: bool) -> Self {
        let LockReport { resolved, packages, changes, not_confirmed, unchecked } = report;
        Self { check, resolved, packages, changes, not_confirmed, unchecked }
    }
}

impl View for LockView {
    fn text(&self, paint: Paint) -> String {
        match (self.resolved.as_slice(), self.check) {
            ([], _) => format!("{} aether.lock pins {}", paint.good("up to date:"), count(self.packages, "package")),
            (stale, true) => {
                format!("{} {}; resolve with `aether lock`", paint.bad("stale:"), stale.join(", "))
            }
            (resolved, false) => {
                let mut lines: Vec<String> = self.changes.iter().map(|change| format!("  {change}")).collect();
                let doubt = |phrase| format!("  {} {phrase}", paint.attention("files not compared:"));
                lines.extend(self.unchecked.iter().map(doubt));
                let packages = count(self.packages, "package");
                lines.extend(unconfirmed_lines(&self.not_confirmed));
                lines.push(format!("{} {}; aether.lock pins {packages}", paint.good("resolved:"), resolved.join(", ")));
                lines.join("\n")
            }
        }
    }
}
