//! The builds of a framework, one per place, and for each constraint the places that meet it.

use super::bits::Bits;
use super::release::{Release, line};
use super::rows::{Build, Companion, Coverage, Index};
use super::specifier::exact;
use super::wheels::Numpys;
use super::{Architecture, Capability, Driver, Framework, Python, tables};
use pep440_rs::{Version, VersionSpecifiers};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A release in one of its builds.
#[derive(Debug)]
pub(super) struct Candidate {
    /// The release.
    pub(super) version: Version,
    /// `2.14`, what people call it.
    pub(super) line: String,
    /// First and last Python line.
    pub(super) python: (Python, Python),
    /// The lowest glibc it loads on.
    pub(super) glibc: Version,
    /// Of [`super::Wheels::builds`]; a framework without builds in the tables has none.
    pub(super) build: Option<usize>,
    /// Of [`super::Wheels::companions`].
    pub(super) companion: Option<usize>,
    /// The lowest driver its CUDA release loads on, where it needs one.
    pub(super) floor: Option<Driver>,
    /// The lowest driver that compiles its code for newer GPUs.
    pub(super) compiler: Option<Driver>,
    /// The `NumPy` releases it takes.
    pub(super) numpys: Bits,
}

/// Every candidate of a framework, newest first.
#[derive(Debug)]
pub(super) struct Shelf {
    pub(super) candidates: Vec<Candidate>,
    /// The distinct releases, newest first, each with its places.
    releases: Vec<(Version, Bits)>,
    pub(super) everything: Bits,
    pub(super) on_pypi: Bits,
    x86_64: Bits,
    /// By the number after `3.`.
    pythons: Vec<Bits>,
    /// By what they ask for, each with its places.
    glibcs: Vec<(Version, Bits)>,
    floors: Vec<(Driver, Bits)>,
    compilers: Vec<(Driver, Bits)>,
    /// Places that need no driver.
    pub(super) without_driver: Bits,
    /// Every capability of the tables, and how each place meets it.
    capabilities: Vec<Capability>,
    meetings: Vec<Meeting>,
}

/// How every place meets a GPU.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Meeting {
    /// It has machine code, or code that the driver compiles.
    pub(super) runs: Bits,
    /// Only what the driver compiles.
    pub(super) compiled: Bits,
    /// It has no code for the GPU, as far as is known.
    pub(super) nothing: Bits,
    /// It has code for the GPU and is reported to fail.
    pub(super) fails: Bits,
    /// What it has is not known.
    pub(super) unknown: Bits,
    /// It is built for the CPU alone.
    pub(super) cpu: Bits,
}

impl Shelf {
    /// Puts everything of a framework in its place.
    pub(super) fn new(
        framework: Framework,
        releases: &[Release],
        builds: &[Build],
        companions: &[Companion],
        numpys: &Numpys,
    ) -> Self {
        let is_torch = framework == Framework::Pytorch;
        let releases = || releases.iter().filter(|release| release.framework == framework);
        let row_of = |version: &Version| releases().find(|release| release.versions.contains(version));
        let of_framework = builds.iter().enumerate().filter(|(_, build)| build.framework == framework);
        let mut candidates: Vec<Candidate> = of_framework
            .flat_map(|(at, build)| build.versions.iter().map(move |version| (version, at, build)))
            .filter_map(|(version, at, build)| {
                let mut candidate = Candidate::of(version, row_of(version)?, Some((at, build)), numpys);
                let companion = companions.iter().position(|companion| companion.torch == *version);
                candidate.companion = companion.filter(|_| is_torch);
                Some(candidate)
            })
            .collect();
        if candidates.is_empty() {
            let all = releases().flat_map(|row| row.versions.iter().map(move |version| (version, row)));
            candidates.extend(all.map(|(version, row)| Candidate::of(version, row, None, numpys)));
        }
        candidates.sort_by(|a, b| b.version.cmp(&a.version));
        // Older ones than the newest 256 builds would not be found any more; a test holds the tables well below.
        candidates.truncate(Bits::CAPACITY);
        Self::sorted(candidates, builds)
    }

    fn sorted(candidates: Vec<Candidate>, builds: &[Build]) -> Self {
        let count = candidates.len();
        let of = |admits: &dyn Fn(&Candidate) -> bool| Bits::of(count, |at| admits(&candidates[at]));
        let build = |candidate: &Candidate| candidate.build.map(|at| &builds[at]);
        let is = |admits: &dyn Fn(&Build) -> bool| of(&|candidate| build(candidate).is_none_or(admits));
        let meeting = |gpu: Capability| Meeting::of(gpu, &candidates, builds);
        let capabilities: Vec<Capability> = capabilities().into_iter().collect();
        Self {
            everything: of(&|_| true),
            on_pypi: is(&|build| build.index == Index::Pypi),
            x86_64: is(&|build| build.architecture == Architecture::X86_64),
            pythons: Python::all().map(|python| of(&|c| (c.python.0..=c.python.1).contains(&python))).collect(),
            releases: grouped(&candidates, |candidate| Some(candidate.version.clone())),
            glibcs: grouped(&candidates, |candidate| Some(candidate.glibc.clone())),
            floors: grouped(&candidates, |candidate| candidate.floor),
            compilers: grouped(&candidates, |candidate| candidate.compiler),
            without_driver: of(&|candidate| candidate.floor.is_none()),
            meetings: capabilities.iter().map(|gpu| meeting(*gpu)).collect(),
            capabilities,
            candidates,
        }
    }

    /// The places of releases that a wish admits. Most wishes name one release, which is looked up.
    pub(super) fn admitted(&self, wish: &VersionSpecifiers) -> Bits {
        match exact(wish) {
            _ if wish.is_empty() => self.everything,
            Some(version) => {
                self.releases.iter().find(|(known, _)| known == version).map(|(_, places)| *places).unwrap_or_default()
            }
            None => self.of(|version| wish.contains(version)),
        }
    }

    /// The places of releases that a predicate admits.
    pub(super) fn of(&self, admits: impl Fn(&Version) -> bool) -> Bits {
        union(self.releases.iter().filter(|(version, _)| admits(version)))
    }

    /// The places of all builds of the releases that have a build among these.
    pub(super) fn releases_of(&self, places: Bits) -> Bits {
        union(self.releases.iter().filter(|(_, builds)| !(*builds & places).is_empty()))
    }

    /// The places of a processor.
    pub(super) fn on(&self, architecture: Architecture) -> Bits {
        match (architecture, self.is_without_builds()) {
            (_, true) => self.everything,
            (Architecture::X86_64, _) => self.x86_64,
            (Architecture::Aarch64, _) => self.everything.without(self.x86_64),
        }
    }

    fn is_without_builds(&self) -> bool {
        self.candidates.first().is_some_and(|candidate| candidate.build.is_none())
    }

    /// The places with a wheel for that Python.
    pub(super) fn with(&self, python: Python) -> Bits {
        self.pythons.get(usize::from(python.minor)).copied().unwrap_or_default()
    }

    /// The places that load on that glibc.
    pub(super) fn loading_on(&self, glibc: &Version) -> Bits {
        union(self.glibcs.iter().filter(|(floor, _)| floor <= glibc))
    }

    /// How every place meets that GPU; `builds` are the ones the shelf was made of.
    pub(super) fn meeting(&self, gpu: Capability, builds: &[Build]) -> Cow<'_, Meeting> {
        match self.capabilities.iter().position(|known| *known == gpu) {
            Some(at) => Cow::Borrowed(&self.meetings[at]),
            None => Cow::Owned(Meeting::of(gpu, &self.candidates, builds)),
        }
    }

    /// The places that run on that driver; those of `compiled` need one that compiles their code.
    pub(super) fn driven_by(&self, driver: Driver, compiled: Bits) -> Bits {
        let floors = union(self.floors.iter().filter(|(floor, _)| driver.reaches(*floor)));
        let compilers = union(self.compilers.iter().filter(|(floor, _)| driver.reaches(*floor)));
        self.without_driver | floors.without(compiled) | (compilers & compiled)
    }
}

/// Every capability of the tables.
fn capabilities() -> BTreeSet<Capability> {
    tables().gpus.iter().map(|gpu| gpu.capability).collect()
}

impl Candidate {
    fn of(version: &Version, row: &Release, build: Option<(usize, &Build)>, numpys: &Numpys) -> Self {
        let cuda = build.and_then(|(_, build)| build.cuda.as_ref());
        let toolkit = cuda.and_then(|cuda| tables().toolkit(cuda));
        let floor = toolkit.map(|toolkit| toolkit.floor).or(cuda.and_then(|cuda| tables().floor(cuda)));
        let numpy = build.and_then(|(_, build)| build.numpy.as_ref());
        Self {
            version: version.clone(),
            line: line(version),
            python: build.and_then(|(_, build)| build.python).unwrap_or(row.python),
            glibc: row.glibc.clone(),
            build: build.map(|(at, _)| at),
            companion: None,
            floor,
            compiler: toolkit.and_then(|toolkit| toolkit.driver).or(floor),
            numpys: numpys.of(|version| numpy.is_none_or(|wish| wish.contains(version))),
        }
    }
}

impl Meeting {
    fn of(gpu: Capability, candidates: &[Candidate], builds: &[Build]) -> Self {
        let mut meeting = Self::default();
        for (at, build) in candidates.iter().enumerate().filter_map(|(at, c)| Some((at, &builds[c.build?]))) {
            let (set, also) = match build.coverage(gpu) {
                _ if build.cuda.is_none() => (&mut meeting.cpu, None),
                Coverage::Code => (&mut meeting.runs, None),
                Coverage::Ptx => (&mut meeting.runs, Some(&mut meeting.compiled)),
                Coverage::Nothing => (&mut meeting.nothing, None),
                Coverage::Fails => (&mut meeting.fails, None),
                Coverage::Unknown => (&mut meeting.unknown, None),
            };
            set.insert(at);
            if let Some(also) = also {
                also.insert(at);
            }
        }
        meeting
    }
}

/// The places that agree in something, in the order of the places.
fn grouped<T: PartialEq>(candidates: &[Candidate], by: impl Fn(&Candidate) -> Option<T>) -> Vec<(T, Bits)> {
    let mut groups: Vec<(T, Bits)> = Vec::new();
    for (at, value) in candidates.iter().enumerate().filter_map(|(at, candidate)| Some((at, by(candidate)?))) {
        match groups.iter_mut().find(|(known, _)| *known == value) {
            Some((_, places)) => places.insert(at),
            None => groups.push((value, Bits::of(at + 1, |place| place == at))),
        }
    }
    groups
}

fn union<'a, T: 'a>(groups: impl Iterator<Item = &'a (T, Bits)>) -> Bits {
    groups.fold(Bits::NONE, |all, (_, places)| all | *places)
}
