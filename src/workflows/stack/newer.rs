//! What the package index says of releases that the tables do not have, as rows of the project's own file.

use crate::index::{self, File, IndexError, Metadata, WheelName};
use crate::ports::Http;
use crate::stack::{Architecture, Capability, Framework, Wheels};
use pep440_rs::Version;
use std::collections::BTreeSet;

/// A row that is to be written.
#[derive(Debug, Clone)]
pub(super) enum Row {
    Release { framework: Framework, version: Version, python: (u8, u8), glibc: Version, source: String },
    Build(Box<BuildRow>),
    Companion { torch: Version, torchvision: Vec<Version>, torchaudio: Option<Version>, source: String },
}

/// One build.
#[derive(Debug, Clone)]
pub(super) struct BuildRow {
    pub(super) framework: Framework,
    pub(super) version: Version,
    pub(super) architecture: Architecture,
    pub(super) cuda: Option<Cuda>,
    /// Taken over from the newest build for the same CUDA release, where there is one.
    pub(super) code: Option<Vec<Capability>>,
    pub(super) ptx: Vec<Capability>,
    pub(super) below: Option<Capability>,
    pub(super) source: String,
    pub(super) note: String,
}

/// The CUDA release of a build, and what it brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cuda {
    pub(super) release: Version,
    pub(super) cudnn: Option<Version>,
    pub(super) nccl: Option<Version>,
}

/// What was found of one framework.
#[derive(Debug, Default)]
pub(super) struct Newer {
    pub(super) rows: Vec<Row>,
    /// What could not be read, in phrases.
    pub(super) unknown: Vec<String>,
}

/// Reads every release of a framework that is newer than the tables, newest first.
pub(super) fn of(http: &dyn Http, index: &str, known: &Wheels, framework: Framework) -> Result<Newer, IndexError> {
    let mut newer = Newer::default();
    let newest = known.versions(framework).next().cloned();
    let all = index::files(http, index, project(framework))?;
    let wheels = linux(&all);
    let mut versions: Vec<Version> = wheels.iter().map(|(name, _)| name.version.only_release()).collect();
    versions.sort();
    versions.dedup();
    for version in versions.into_iter().rev().filter(|version| newest.as_ref().is_none_or(|newest| version > newest)) {
        let of_version: Vec<_> = wheels.iter().filter(|(name, _)| name.version.only_release() == version).collect();
        let Some(release) = release(framework, &version, &of_version) else {
            newer.unknown.push(format!("{} {version}: no wheel for Linux that names its Pythons", framework.key()));
            continue;
        };
        newer.rows.push(release);
        for architecture in [Architecture::X86_64, Architecture::Aarch64] {
            let fits =
                |name: &WheelName| name.is_for_linux(&architecture.to_string()) && !name.python_lines().is_empty();
            let has_builds = matches!(framework, Framework::Pytorch | Framework::Tensorflow);
            let wheel = of_version.iter().rev().find(|(name, _)| has_builds && fits(name));
            if let Some((_, file)) = wheel {
                let metadata = index::metadata(http, file)?;
                newer.build(known, framework, &version, architecture, file, &metadata);
            }
        }
    }
    Ok(newer)
}

/// The package whose wheels say for which Pythons a release is.
fn project(framework: Framework) -> &'static str {
    match framework {
        Framework::Pytorch => "torch",
        Framework::Tensorflow => "tensorflow",
        Framework::Jax => "jaxlib",
        Framework::ScikitLearn => "scikit-learn",
    }
}

/// The wheels that count: for Linux, not taken back, no release candidates.
fn linux(files: &[File]) -> Vec<(WheelName, &File)> {
    let wheel = |file: &'_ File| WheelName::read(&file.name);
    let all = files.iter().filter(|file| !file.is_yanked).filter_map(|file| Some((wheel(file)?, file)));
    let is_linux = |name: &WheelName| name.is_for_linux("x86_64") || name.is_for_linux("aarch64");
    all.filter(|(name, _)| is_linux(name) && name.version.is_stable()).collect()
}

fn release(framework: Framework, version: &Version, wheels: &[&(WheelName, &File)]) -> Option<Row> {
    let on_x86 = || wheels.iter().map(|(name, _)| name).filter(|name| name.is_for_linux("x86_64"));
    let pythons: BTreeSet<u8> = on_x86().flat_map(WheelName::python_lines).collect();
    let python = (*pythons.first()?, *pythons.last()?);
    let glibc = on_x86().filter_map(WheelName::glibc).max()?;
    let source = format!("names of the wheels of {}", project(framework));
    Some(Row::Release { framework, version: version.clone(), python, glibc, source })
}

impl Newer {
    fn build(
        &mut self,
        known: &Wheels,
        framework: Framework,
        version: &Version,
        architecture: Architecture,
        file: &File,
        metadata: &Metadata,
    ) {
        let cuda = cuda(metadata, framework, architecture);
        let like = cuda.as_ref().and_then(|cuda| like(known, framework, architecture, &cuda.release));
        let code = match (&cuda, like) {
            (None, _) => Some(Vec::new()),
            (Some(_), Some(like)) => like.code.clone(),
            (Some(_), None) => None,
        };
        let note = match (&cuda, like) {
            (None, _) => "its metadata asks for no CUDA libraries".to_owned(),
            (Some(_), Some(like)) => {
                format!("the GPUs are those of {}, not read from this wheel", like.versions.last().unwrap_or(version))
            }
            (Some(_), None) => "which GPUs it is built for is inside the wheel, and not known".to_owned(),
        };
        if cuda.is_some() {
            self.unknown.push(format!("{} {version} for {architecture}: {note}", framework.key()));
        }
        self.rows.push(Row::Build(Box::new(BuildRow {
            framework,
            version: version.clone(),
            architecture,
            cuda,
            code,
            ptx: like.map(|like| like.ptx.clone()).unwrap_or_default(),
            below: like.and_then(|like| like.below),
            source: format!("metadata of {}", file.name),
            note,
        })));
    }
}

/// The newest build of the tables for the same CUDA release.
fn like<'a>(
    known: &'a Wheels,
    framework: Framework,
    on: Architecture,
    cuda: &Version,
) -> Option<&'a crate::stack::Build> {
    known.builds.iter().find(|build| {
        build.framework == framework
            && build.architecture == on
            && build.code.is_some()
            && build.cuda.as_ref().is_some_and(|own| own.release()[..2] == cuda.release()[..2])
    })
}

/// What a wheel asks for of CUDA; none when it is built for the CPU.
fn cuda(metadata: &Metadata, framework: Framework, architecture: Architecture) -> Option<Cuda> {
    let applies = |marker: &str| applies(marker, framework, architecture);
    let wanted: Vec<_> = metadata.requirements.iter().filter(|wanted| applies(&wanted.marker)).collect();
    let lowest = |prefix: &str| {
        let of = wanted.iter().find(|wanted| wanted.name.starts_with(prefix))?;
        lowest(&of.versions)
    };
    let release = lowest("cuda-toolkit").or_else(|| lowest("nvidia-cuda-runtime"))?;
    let line = Version::new(release.release().iter().take(2).copied());
    Some(Cuda { release: line, cudnn: exact(&wanted, "nvidia-cudnn"), nccl: exact(&wanted, "nvidia-nccl") })
}

/// Whether a condition holds on Linux with that processor, as far as such conditions go.
fn applies(marker: &str, framework: Framework, architecture: Architecture) -> bool {
    let wants_extra = marker.contains("extra");
    let is_own_extra = framework == Framework::Tensorflow && marker.contains("and-cuda");
    let other = if architecture == Architecture::X86_64 { "aarch64" } else { "x86_64" };
    let is_elsewhere = ["win32", "darwin", "Windows", "Darwin"].iter().any(|name| marker.contains(name))
        && !marker.to_lowercase().contains("linux");
    (!wants_extra || is_own_extra)
        && !is_elsewhere
        && (!marker.contains(other) || marker.contains(&architecture.to_string()))
}

/// `12.5.82` of `<13.0,>=12.5.82` and `12.8.90` of `==12.8.90`.
fn lowest(versions: &str) -> Option<Version> {
    let floor = versions.split(',').map(str::trim).find_map(|one| one.strip_prefix("==").or(one.strip_prefix(">=")));
    floor?.trim().trim_end_matches(".*").parse().ok()
}

fn exact(wanted: &[&index::Requirement], prefix: &str) -> Option<Version> {
    let of = wanted.iter().find(|wanted| wanted.name.starts_with(prefix))?;
    of.versions.strip_prefix("==")?.trim().parse().ok()
}

/// Which torchvision and torchaudio belong to new releases of torch: those whose metadata pins them.
pub(super) fn companions(
    http: &dyn Http,
    index: &str,
    known: &Wheels,
    torches: &[Version],
) -> Result<Newer, IndexError> {
    let mut newer = Newer::default();
    let mut pairs: Vec<(Version, &'static str, Version)> = Vec::new();
    for project in ["torchvision", "torchaudio"] {
        for (torch, version) in pinned(http, index, known, project)? {
            pairs.push((torch, project, version));
        }
    }
    for torch in torches {
        let of = |name: &str| {
            let own = pairs.iter().filter(|(pin, project, _)| pin == torch && *project == name);
            own.map(|(_, _, version)| version.clone()).collect::<Vec<_>>()
        };
        let (torchvision, torchaudio) = (of("torchvision"), of("torchaudio").pop());
        if torchvision.is_empty() {
            newer.unknown.push(format!("pytorch {torch}: no torchvision pins it"));
        }
        let source = "pins of torchvision and torchaudio".to_owned();
        newer.rows.push(Row::Companion { torch: torch.clone(), torchvision, torchaudio, source });
    }
    Ok(newer)
}

/// Each release that is newer than the tables with the torch it pins.
fn pinned(http: &dyn Http, index: &str, known: &Wheels, project: &str) -> Result<Vec<(Version, Version)>, IndexError> {
    let newest = known.companions.iter().flat_map(|row| match project {
        "torchvision" => row.torchvision.clone(),
        _ => row.torchaudio.clone().into_iter().collect(),
    });
    let newest = newest.max();
    let files = match index::files(http, index, project) {
        Err(IndexError::NoProject { .. }) => return Ok(Vec::new()),
        files => files?,
    };
    let mut seen = BTreeSet::new();
    let mut pins = Vec::new();
    for (name, file) in linux(&files) {
        let is_new = newest.as_ref().is_none_or(|newest| name.version > *newest);
        if is_new && seen.insert(name.version.clone()) {
            let metadata = index::metadata(http, file)?;
            let torch = metadata.requirements.iter().find(|wanted| wanted.name == "torch");
            let pin = torch.and_then(|wanted| wanted.versions.strip_prefix("==")?.trim().parse().ok());
            pins.extend(pin.map(|torch| (torch, name.version)));
        }
    }
    Ok(pins)
}
