//! One release in one build, and the first thing in its way.

use super::question::Question;
use super::rows::{Build, Coverage, Index};
use super::table::{Release, table};
use super::{Architecture, Driver, DriverChoice, Framework, Python, tables};
use pep440_rs::{Version, VersionSpecifiers};
use std::slice;
use std::sync::LazyLock;

/// A release in one of its builds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// The release.
    pub(super) version: &'static Version,
    /// The build.
    pub(super) build: &'static Build,
    release: &'static Release,
}

/// What can stand in the way of a candidate, in the order in which it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Hurdle {
    Index,
    Variant,
    Python,
    Glibc,
    CpuOnly,
    UnknownCoverage,
    Coverage,
    Fails,
    Driver,
    Cudnn,
    Nccl,
    Torchvision,
    Torchaudio,
    Numpy,
}

/// The candidates of a framework for a processor that the question admits by their version, newest first.
pub(super) fn candidates(
    question: &Question,
    framework: Framework,
    architecture: Architecture,
) -> impl Iterator<Item = Candidate> {
    let specifiers = question.specifiers(framework);
    let will_do = move |version: &Version| specifiers.as_ref().is_some_and(|wish| wish.contains(version));
    let all = if framework == Framework::Pytorch { &*TORCH } else { &*TENSORFLOW };
    let of_framework = all.iter().filter(move |candidate| candidate.build.framework == framework);
    of_framework.filter(move |c| c.build.architecture == architecture && will_do(c.version)).copied()
}

static TORCH: LazyLock<Vec<Candidate>> = LazyLock::new(|| all(Framework::Pytorch));
static TENSORFLOW: LazyLock<Vec<Candidate>> = LazyLock::new(|| all(Framework::Tensorflow));

fn all(framework: Framework) -> Vec<Candidate> {
    let builds = tables().builds.iter().filter(|build| build.framework == framework);
    let mut all: Vec<Candidate> = builds
        .flat_map(|build| build.versions.iter().map(move |version| (version, build)))
        .filter_map(|(version, build)| {
            let release = table().of(framework).find(|release| release.versions.contains(version))?;
            Some(Candidate { version, build, release })
        })
        .collect();
    all.sort_by(|a, b| b.version.cmp(a.version));
    all
}

impl Candidate {
    /// First and last Python line.
    pub(super) fn python(&self) -> (Python, Python) {
        self.build.python.unwrap_or(self.release.python)
    }

    /// Whether it has a wheel for that Python.
    pub(super) fn fits(&self, python: Python) -> bool {
        (self.python().0..=self.python().1).contains(&python)
    }

    /// The lowest glibc it loads on.
    pub(super) fn glibc(&self) -> &'static str {
        &self.release.glibc
    }

    /// The lowest driver it runs on with that GPU, when it needs one.
    pub(super) fn floor(&self, question: &Question) -> Option<Driver> {
        let toolkit = tables().toolkit(self.build.cuda.as_ref()?)?;
        let coverage = question.device.map(|device| self.build.coverage(device.capability()));
        // The driver compiles only what a toolkit not newer than itself has written.
        if coverage == Some(Coverage::Ptx) { toolkit.driver.or(Some(toolkit.floor)) } else { Some(toolkit.floor) }
    }

    /// Whether one of the drivers will do.
    pub(super) fn runs_on(&self, question: &Question, driver: DriverChoice) -> bool {
        self.floor(question).is_none_or(|floor| driver.driver.reaches(floor))
    }

    /// The first thing in its way.
    pub(super) fn hurdle(&self, question: &Question, drivers: Option<&[DriverChoice]>) -> Option<Hurdle> {
        self.package_hurdle(question)
            .or_else(|| self.device_hurdle(question, drivers))
            .or_else(|| self.library_hurdle(question))
    }

    fn package_hurdle(&self, question: &Question) -> Option<Hurdle> {
        let build = self.build;
        let is_torch = build.framework == Framework::Pytorch;
        let glibc = question.system.and_then(|system| system.glibc.as_ref());
        if question.index.is_some_and(|index| index != build.index) {
            Some(Hurdle::Index)
        } else if is_torch && question.variant.as_ref().is_some_and(|variant| *variant != build.variant) {
            Some(Hurdle::Variant)
        } else if question.python.is_some_and(|python| !self.fits(python)) {
            Some(Hurdle::Python)
        } else if glibc.is_some_and(|glibc| !reaches(glibc, self.glibc())) {
            Some(Hurdle::Glibc)
        } else {
            None
        }
    }

    fn device_hurdle(&self, question: &Question, drivers: Option<&[DriverChoice]>) -> Option<Hurdle> {
        if let Some(device) = question.device {
            if self.build.cuda.is_none() {
                return Some(Hurdle::CpuOnly);
            }
            match self.build.coverage(device.capability()) {
                Coverage::Unknown => return Some(Hurdle::UnknownCoverage),
                Coverage::Nothing => return Some(Hurdle::Coverage),
                Coverage::Fails => return Some(Hurdle::Fails),
                Coverage::Code | Coverage::Ptx => {}
            }
        }
        let has_driver = drivers.is_none_or(|all| all.iter().any(|driver| self.runs_on(question, *driver)));
        (!has_driver).then_some(Hurdle::Driver)
    }

    fn library_hurdle(&self, question: &Question) -> Option<Hurdle> {
        let build = self.build;
        let companion = tables().companion(self.version).filter(|_| build.framework == Framework::Pytorch);
        let pinned = |wish: &Option<VersionSpecifiers>, pin: &Option<Version>| {
            wish.as_ref().is_none_or(|wish| wish.is_empty() || pin.as_ref().is_some_and(|pin| wish.contains(pin)))
        };
        let beside = |wish: &Option<VersionSpecifiers>, with: &[Version]| {
            companion.is_none() || wish.as_ref().is_none_or(|wish| with.iter().any(|version| wish.contains(version)))
        };
        let torchvision = companion.map_or(&[][..], |companion| &companion.torchvision);
        let torchaudio = companion.and_then(|companion| companion.torchaudio.as_ref()).map_or(&[][..], slice::from_ref);
        if !pinned(&question.cudnn, &build.cudnn) {
            Some(Hurdle::Cudnn)
        } else if !pinned(&question.nccl, &build.nccl) {
            Some(Hurdle::Nccl)
        } else if !beside(&question.torchvision, torchvision) {
            Some(Hurdle::Torchvision)
        } else if !beside(&question.torchaudio, torchaudio) {
            Some(Hurdle::Torchaudio)
        } else if question.numpy.is_some() && numpy(question, &[self], question.python).is_none() {
            Some(Hurdle::Numpy)
        } else {
            None
        }
    }

    /// Whether `aether lock` finds it where it looks.
    pub(super) fn is_on_pypi(&self) -> bool {
        self.build.index == Index::Pypi
    }
}

/// The newest `NumPy` that the question and all of the candidates take, with a wheel for the Python.
pub(super) fn numpy(
    question: &Question,
    candidates: &[&Candidate],
    python: Option<Python>,
) -> Option<&'static Version> {
    let rows = tables().numpy.iter();
    let rows = rows.filter(|row| python.is_none_or(|python| (row.python.0..=row.python.1).contains(&python)));
    let takes = |wish: Option<&VersionSpecifiers>, version: &Version| wish.is_none_or(|wish| wish.contains(version));
    let will_do = |version: &&Version| {
        takes(question.numpy.as_ref(), version)
            && candidates.iter().all(|candidate| takes(candidate.build.numpy.as_ref(), version))
    };
    rows.flat_map(|row| row.versions.iter().rev()).find(will_do)
}

/// Whether a glibc is not older than the one asked for, `2.28`.
pub(super) fn reaches(glibc: &Version, floor: &str) -> bool {
    floor.parse::<Version>().is_ok_and(|floor| *glibc >= floor)
}
