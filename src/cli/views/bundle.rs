//! What a bundle holds.

use super::{Paint, View, count};
use crate::workflows::BundleReport;
use schemars::JsonSchema;
use serde::Serialize;

/// What `bundle create` and `bundle check` show.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BundleView {
    /// The archive.
    pub file: String,
    /// True when it was made just now.
    pub created: bool,
    /// The project it is for.
    pub project: String,
    /// Every part.
    pub files: Vec<PartView>,
    /// Packages that the hosts' own systems must have, as ``dkms for ubuntu-24.04``; empty when it is only checked.
    pub outside: Vec<String>,
}

/// One part of a bundle.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PartView {
    /// `wheels/numpy-2.1.0-cp311-cp311-manylinux_2_17_x86_64.whl`.
    pub path: String,
    /// Hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

impl BundleView {
    /// The view of a bundle.
    pub fn new(report: BundleReport, created: bool) -> Self {
        let part = |file: crate::bundle::Listed| PartView { path: file.path, sha256: file.sha256, bytes: file.bytes };
        let files = report.files.into_iter().map(part).collect();
        Self {
            file: report.file.display().to_string(),
            created,
            project: report.project,
            files,
            outside: report.outside,
        }
    }
}

impl View for BundleView {
    fn text(&self, paint: Paint) -> String {
        let below = |folder: &str| self.files.iter().filter(|part| part.path.starts_with(folder)).count();
        let bytes: u64 = self.files.iter().map(|part| part.bytes).sum();
        let word = if self.created { "written:" } else { "sound:" };
        let mut lines = vec![format!(
            "{} {} with {}, {} and this project ({} MB)",
            paint.good(word),
            self.file,
            count(below("wheels/"), "wheel"),
            count(below("packages/"), "system package"),
            bytes.div_ceil(1_000_000),
        )];
        if !self.outside.is_empty() {
            lines.push(format!(
                "not in it, so the hosts must have it or `--packages` bring it: {}",
                self.outside.join(", ")
            ));
        }
        if self.created {
            lines.push(format!("apply it where there is no network: `aether apply --bundle {}`", self.file));
        }
        lines.join("\n")
    }
}
