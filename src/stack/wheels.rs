//! What package indexes serve: releases of the frameworks, their builds, and what goes with them. Embedded, and a project
//! may add what is newer. Hardware, drivers and systems are in `tables`.

use super::bits::Bits;
use super::release::{Pair, Release};
use super::rows::{Build, Companion, NumpyRelease};
use super::shelf::Shelf;
use super::{Architecture, Framework, Python};
use pep440_rs::Version;
use serde::Deserialize;
use std::sync::{Arc, LazyLock};

/// The file of a project with rows that are newer than the tables.
pub const OVERLAY: &str = "aether.stack.toml";

/// The rows, and what is looked up in them over and over.
#[derive(Debug)]
pub struct Wheels {
    /// By framework, newest first.
    pub releases: Vec<Release>,
    /// By tensorflow, newest first.
    pub pairs: Vec<Pair>,
    /// By framework, newest first, the build that `PyPI` serves before the others.
    pub builds: Vec<Build>,
    /// Newest first.
    pub companions: Vec<Companion>,
    /// Newest first.
    pub numpy: Vec<NumpyRelease>,
    pub(super) torch: Shelf,
    pub(super) tensorflow: Shelf,
    pub(super) jax: Shelf,
    pub(super) numpys: Numpys,
    /// For each build of tensorflow the builds of torch that leave its files alone.
    pub(super) clean: Vec<Bits>,
}

/// Every `NumPy`, newest first, and which ones each Python line has.
#[derive(Debug)]
pub(super) struct Numpys {
    pub(super) versions: Vec<Version>,
    pub(super) pythons: Vec<Bits>,
}

/// The rows by themselves, as a file of `tables/` holds them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rows {
    #[serde(default, rename = "release")]
    pub(super) releases: Vec<Release>,
    #[serde(default, rename = "pair")]
    pub(super) pairs: Vec<Pair>,
    #[serde(default, rename = "build")]
    pub(super) builds: Vec<Build>,
    #[serde(default, rename = "companion")]
    pub(super) companions: Vec<Companion>,
    #[serde(default)]
    pub(super) numpy: Vec<NumpyRelease>,
}

impl Wheels {
    /// What this Aether was built with.
    pub fn embedded() -> Arc<Self> {
        static WHEELS: LazyLock<Arc<Wheels>> = LazyLock::new(|| Arc::new(Wheels::new(Rows::embedded())));
        Arc::clone(&WHEELS)
    }

    /// The embedded rows with those of a project's own file, the bytes of [`OVERLAY`] where there is one. What both have,
    /// the embedded ones say: they were read again.
    pub fn of_project(overlay: Option<&[u8]>) -> Result<Arc<Self>, toml::de::Error> {
        let Some(overlay) = overlay else { return Ok(Self::embedded()) };
        let own: Rows = toml::from_str(&String::from_utf8_lossy(overlay))?;
        Ok(Arc::new(Self::new(Rows::embedded().and(own))))
    }

    /// When the newest row was read: `2026-11-21`.
    pub fn newest_date(&self) -> String {
        let dates = self.releases.iter().map(|row| row.date.to_string());
        dates.chain(self.builds.iter().map(|row| row.date.to_string())).max().unwrap_or_default()
    }

    /// Sorts rows into shelves.
    pub(super) fn new(rows: Rows) -> Self {
        let Rows { releases, pairs, builds, companions, numpy } = rows;
        let numpys = Numpys::new(&numpy);
        let shelf = |framework| Shelf::new(framework, &releases, &builds, &companions, &numpys);
        let (torch, tensorflow) = (shelf(Framework::Pytorch), shelf(Framework::Tensorflow));
        let jax = shelf(Framework::Jax);
        let clean = tensorflow.candidates.iter().map(|candidate| clean(&pairs, &candidate.version, &torch)).collect();
        Self { releases, pairs, builds, companions, numpy, torch, tensorflow, jax, numpys, clean }
    }

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

    /// What belongs to a torch release.
    pub fn companion(&self, torch: &Version) -> Option<&Companion> {
        self.companions.iter().find(|companion| companion.torch == *torch)
    }

    /// The row of a build.
    pub fn build(
        &self,
        framework: Framework,
        version: &Version,
        architecture: Architecture,
        variant: &str,
    ) -> Option<&Build> {
        let mut of_framework = self.builds.iter().filter(|build| build.framework == framework);
        of_framework.find(|build| {
            build.architecture == architecture && build.variant == variant && build.versions.contains(version)
        })
    }
}

impl Rows {
    /// These rows and newer ones, newest first.
    fn and(mut self, newer: Self) -> Self {
        let known: Vec<(Framework, Version)> = self
            .releases
            .iter()
            .flat_map(|row| row.versions.iter().map(|version| (row.framework, version.clone())))
            .collect();
        let is_new = |framework, versions: &[Version]| {
            !versions.iter().any(|version| known.contains(&(framework, version.clone())))
        };
        let Self { releases, builds, companions, .. } = newer;
        self.releases.extend(releases.into_iter().filter(|row| is_new(row.framework, &row.versions)));
        self.builds.extend(builds.into_iter().filter(|row| is_new(row.framework, &row.versions)));
        let torch = Framework::Pytorch;
        self.companions.extend(companions.into_iter().filter(|row| is_new(torch, std::slice::from_ref(&row.torch))));
        self.releases.sort_by(|a, b| (a.framework, b.versions.last()).cmp(&(b.framework, a.versions.last())));
        self.builds.sort_by(|a, b| (a.framework, b.versions.last()).cmp(&(b.framework, a.versions.last())));
        self.companions.sort_by(|a, b| b.torch.cmp(&a.torch));
        self
    }

    fn embedded() -> Self {
        let read = |text: &str| toml::from_str::<Self>(text).expect("a test reads the embedded tables");
        let mut rows = read(include_str!("tables/releases.toml"));
        rows.builds = read(include_str!("tables/builds.toml")).builds;
        rows.companions = read(include_str!("tables/companions.toml")).companions;
        rows.numpy = read(include_str!("tables/numpy.toml")).numpy;
        rows
    }
}

impl Numpys {
    fn new(rows: &[NumpyRelease]) -> Self {
        let all: Vec<(&Version, &NumpyRelease)> =
            rows.iter().flat_map(|row| row.versions.iter().rev().map(move |version| (version, row))).collect();
        let with = |python| Bits::of(all.len(), |at| all[at].1.has(python));
        let pythons = Python::all().map(with).collect();
        Self { versions: all.iter().map(|(version, _)| (*version).clone()).collect(), pythons }
    }

    /// The ones that a predicate admits.
    pub(super) fn of(&self, admits: impl Fn(&Version) -> bool) -> Bits {
        Bits::of(self.versions.len(), |at| admits(&self.versions[at]))
    }

    /// The ones with a wheel for that Python, or for any.
    pub(super) fn with(&self, python: Option<Python>) -> Bits {
        match python {
            Some(python) => self.pythons.get(usize::from(python.minor)).copied().unwrap_or_default(),
            None => Bits::of(self.versions.len(), |_| true),
        }
    }
}

/// The torch builds of `PyPI` that share an environment with that tensorflow.
fn clean(pairs: &[Pair], tensorflow: &Version, torch: &Shelf) -> Bits {
    let Some(pair) = pairs.iter().find(|pair| pair.tensorflow.contains(tensorflow)) else { return Bits::NONE };
    let is_clean = |version: &Version| pair.clean.iter().any(|specifiers| specifiers.contains(version));
    torch.of(is_clean) & torch.on_pypi
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_embedded_rows_are_read_and_sorted() {
        let wheels = Wheels::embedded();
        for framework in Framework::ALL {
            let versions: Vec<_> = wheels.versions(framework).collect();
            assert!(!versions.is_empty() && versions.is_sorted_by(|a, b| a > b), "{framework:?} {versions:?}");
        }
        assert!(wheels.releases.iter().all(|row| !row.versions.is_empty() && row.python.0 <= row.python.1));
        assert!(wheels.companions.is_sorted_by(|a, b| a.torch > b.torch));
        assert!(wheels.numpy.is_sorted_by(|a, b| a.versions > b.versions));
        for framework in [Framework::Pytorch, Framework::Tensorflow] {
            let builds: Vec<_> = wheels.builds.iter().filter(|build| build.framework == framework).collect();
            assert!(builds.is_sorted_by(|a, b| a.versions.last() >= b.versions.last()), "{framework:?}");
        }
    }

    #[test]
    fn no_release_candidate_is_a_release() {
        let wheels = Wheels::embedded();
        for framework in Framework::ALL {
            assert!(wheels.versions(framework).all(|version| !version.any_prerelease()), "{framework:?}");
        }
    }

    #[test]
    fn every_row_says_when_and_where_it_was_read() {
        let wheels = Wheels::embedded();
        let rows = wheels.releases.iter().map(|row| (&row.date, &row.source));
        for (date, source) in rows.chain(wheels.pairs.iter().map(|row| (&row.date, &row.source))) {
            assert!(date.date.is_some() && date.time.is_none() && !source.is_empty());
        }
    }

    #[test]
    fn every_tensorflow_with_wheels_has_a_word_on_torch() {
        let wheels = Wheels::embedded();
        for version in wheels.versions(Framework::Tensorflow) {
            let rows = wheels.pairs.iter().filter(|pair| pair.tensorflow.contains(version)).count();
            assert_eq!(rows, 1, "tensorflow {version}");
        }
    }

    #[test]
    fn every_release_has_its_builds_and_every_build_its_release() {
        let wheels = Wheels::embedded();
        for framework in [Framework::Pytorch, Framework::Tensorflow] {
            let released: BTreeSet<_> = wheels.versions(framework).collect();
            let builds = || wheels.builds.iter().filter(|build| build.framework == framework);
            let built: BTreeSet<_> = builds().flat_map(|build| &build.versions).collect();
            assert_eq!(released, built, "{framework:?}");
        }
        let torches: Vec<_> = wheels.versions(Framework::Pytorch).collect();
        let companions: Vec<_> = wheels.companions.iter().map(|companion| &companion.torch).collect();
        assert_eq!(torches, companions);
    }
}
