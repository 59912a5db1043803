//! `tables/releases.toml`: the dated facts. Reads them; draws no conclusion from them.

use super::{Framework, Python};
use pep440_rs::{Version, VersionSpecifiers};
use serde::Deserialize;
use std::sync::LazyLock;

/// Releases of a framework that agree in what they need.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Of which framework.
    pub framework: Framework,
    /// The releases, oldest first.
    pub versions: Vec<Version>,
    /// First and last Python line with a wheel.
    pub python: (Python, Python),
    /// Lowest glibc its Linux wheels load on, `2.28`.
    pub glibc: String,
    /// Where that was read.
    pub source: String,
    /// When that was read.
    pub date: toml::value::Datetime,
}

/// Which torch some releases of `tensorflow[and-cuda]` can share an environment with.
#[derive(Debug, Deserialize)]
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

/// Everything known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// By framework, newest first.
    #[serde(rename = "release")]
    pub releases: Vec<Release>,
    /// By tensorflow, newest first.
    #[serde(rename = "pair")]
    pub pairs: Vec<Pair>,
}

/// The table this Aether was built with.
pub fn table() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| {
        toml::from_str(include_str!("tables/releases.toml")).expect("a test reads the embedded table")
    });
    &TABLE
}

impl Table {
    /// The rows of a framework, newest first.
    pub fn of(&self, framework: Framework) -> impl Iterator<Item = &Release> {
        self.releases.iter().filter(move |release| release.framework == framework)
    }

    /// Every release of a framework, newest first.
    pub fn versions(&self, framework: Framework) -> impl Iterator<Item = &Version> {
        self.of(framework).flat_map(|release| release.versions.iter().rev())
    }

    /// When the newest row of a framework was read: `2026-11-21`.
    pub fn date(&self, framework: Framework) -> String {
        self.of(framework).map(|release| release.date.to_string()).max().unwrap_or_default()
    }
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
    version.release().iter().take(2).map(u64::to_string).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_table_is_read_and_sorted() {
        for framework in Framework::ALL {
            let versions: Vec<_> = table().versions(framework).collect();
            assert!(!versions.is_empty() && versions.is_sorted_by(|a, b| a > b), "{framework:?} {versions:?}");
        }
        assert!(table().releases.iter().all(|row| !row.versions.is_empty() && row.python.0 <= row.python.1));
    }

    #[test]
    fn every_row_says_when_and_where_it_was_read() {
        let rows = table().releases.iter().map(|row| (&row.date, &row.source));
        for (date, source) in rows.chain(table().pairs.iter().map(|row| (&row.date, &row.source))) {
            assert!(date.date.is_some() && date.time.is_none() && !source.is_empty());
        }
    }

    #[test]
    fn every_tensorflow_with_wheels_has_a_word_on_torch() {
        for version in table().versions(Framework::Tensorflow) {
            let rows = table().pairs.iter().filter(|pair| pair.tensorflow.contains(version)).count();
            assert_eq!(rows, 1, "tensorflow {version}");
        }
    }
}
