//! The rows of `tables/releases.toml`. Draws no conclusion from them.

use super::{Framework, Python};
use pep440_rs::{Version, VersionSpecifiers};
use serde::Deserialize;

/// Releases of a framework that agree in what they need.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Of which framework.
    pub framework: Framework,
    /// The releases, oldest first.
    pub versions: Vec<Version>,
    /// First and last Python line with a wheel.
    pub python: (Python, Python),
    /// Lowest glibc its Linux wheels load on, `2.28`.
    pub glibc: Version,
    /// Where that was read.
    pub source: String,
    /// When that was read.
    pub date: toml::value::Datetime,
}

/// Which torch some releases of `tensorflow[and-cuda]` can share an environment with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// Releases of tensorflow.
    pub tensorflow: Vec<Version>,
    /// The torch releases that work.
    pub clean: Vec<VersionSpecifiers>,
    /// The torch releases that install over the same files.
    pub overwritten: Vec<VersionSpecifiers>,
    /// Which libraries those files are.
    pub libraries: String,
    /// Where that was read.
    pub source: String,
    /// When that was read.
    pub date: toml::value::Datetime,
}

impl Release {
    /// Whether there is a wheel for this Python line.
    pub fn fits(&self, python: Python) -> bool {
        (self.python.0..=self.python.1).contains(&python)
    }

    /// `2.14`, the name people use for these releases.
    pub fn line(&self) -> String {
        line(self.versions.last().expect("every row names a release, as a test holds"))
    }
}

/// The first two numbers of a version.
pub(super) fn line(version: &Version) -> String {
    match version.release()[..] {
        [major, minor, ..] => format!("{major}.{minor}"),
        _ => version.to_string(),
    }
}
