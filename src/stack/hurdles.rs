//! Each hurdle in words: its code, and the chain that leads to it.

use super::asked::Asked;
use super::bits::Bits;
use super::hurdle::Hurdle;
use super::refuse::is_pypi_only;
use super::rows::Build;
use super::shelf::Candidate;
use super::{Capability, Coverage, Device, DriverChoice, Framework, Reason};
use crate::diagnostic::{Code, code};
use pep440_rs::Version;
use std::collections::BTreeMap;

/// Builds of one framework that all stand before the same hurdle; there is at least one.
#[derive(Clone, Copy)]
pub(super) struct Group<'a> {
    asked: &'a Asked<'a>,
    framework: Framework,
    places: Bits,
}

impl<'a> Group<'a> {
    /// The builds at some places of a shelf.
    pub(super) fn new(asked: &'a Asked<'a>, framework: Framework, places: Bits) -> Self {
        Self { asked, framework, places }
    }

    fn candidate(&self, at: Option<usize>) -> &'a Candidate {
        &self.asked.shelf(self.framework).candidates[at.expect("a group has a member")]
    }

    fn newest(&self) -> &'a Candidate {
        self.candidate(self.places.first())
    }

    fn build(&self, candidate: &Candidate) -> &'a Build {
        &self.asked.wheels.builds[candidate.build.expect("frameworks with hurdles have builds")]
    }

    fn builds(&self) -> impl Iterator<Item = &'a Build> {
        self.places.into_iter().map(|at| self.build(self.candidate(Some(at))))
    }

    /// `pytorch 2.14`, or `pytorch 2.12 to 2.14`.
    fn subject(&self) -> String {
        let key = self.framework.key();
        let (newest, oldest) = (&self.newest().line, &self.candidate(self.places.last()).line);
        if newest == oldest { format!("{key} {newest}") } else { format!("{key} {oldest} to {newest}") }
    }
}

/// The chain for builds that all stand before the same hurdle.
pub(super) fn reason(group: Group<'_>, hurdle: Hurdle, drivers: Option<&[DriverChoice]>) -> Reason {
    let subject = group.subject();
    let build = group.build(group.newest());
    let chain = match hurdle {
        Hurdle::CpuOnly => cpu_only(group, &subject),
        Hurdle::Coverage => coverage(group, &subject),
        Hurdle::Fails => fails(group, &subject),
        Hurdle::Driver => driver(group, &subject, drivers),
        Hurdle::Glibc => glibc(group, &subject),
        Hurdle::Numpy => numpy(group, &subject),
        Hurdle::Cudnn => pin(&subject, "cuDNN", build.cudnn.as_ref()),
        Hurdle::Nccl => pin(&subject, "NCCL", build.nccl.as_ref()),
        _ => vec![format!("the wheels of {subject} {}", phrase(group.asked, hurdle).unwrap_or_default())],
    };
    Reason::new(code_of(hurdle), chain)
}

fn code_of(hurdle: Hurdle) -> &'static Code {
    match hurdle {
        Hurdle::Index | Hurdle::Variant => &code::BUILD_MISSING,
        Hurdle::Python => &code::PYTHON_HAS_NO_WHEELS,
        Hurdle::Glibc => &code::GLIBC_TOO_OLD,
        Hurdle::CpuOnly => &code::CPU_ONLY_WHEELS,
        Hurdle::UnknownCoverage | Hurdle::Coverage => &code::GPU_NOT_COVERED,
        Hurdle::Fails => &code::TENSORFLOW_ON_BLACKWELL,
        Hurdle::Driver => &code::DRIVER_TOO_OLD,
        Hurdle::Cudnn | Hurdle::Nccl => &code::LIBRARY_PINNED,
        Hurdle::Torchvision | Hurdle::Torchaudio => &code::COMPANION_MISMATCH,
        Hurdle::Numpy => &code::NUMPY_DOES_NOT_FIT,
    }
}

/// What a hurdle means for the releases before it, as the end of a sentence.
pub(super) fn phrase(asked: &Asked<'_>, hurdle: Hurdle) -> Option<String> {
    Some(match hurdle {
        Hurdle::Index => "are not where packages may come from".to_owned(),
        Hurdle::Variant => format!("have no {} build", asked.variant?),
        Hurdle::Python => format!("have no wheel for Python {}", asked.python?),
        Hurdle::Glibc => "ask for a newer glibc".to_owned(),
        Hurdle::CpuOnly => "are built for the CPU alone".to_owned(),
        Hurdle::UnknownCoverage => format!("are not known to hold {}", asked.device?.capability()),
        Hurdle::Coverage => format!("are not built for {}", asked.device?.capability()),
        Hurdle::Fails => format!("are reported to fail on {}", asked.device?.capability()),
        Hurdle::Driver => "ask for a newer driver".to_owned(),
        Hurdle::Cudnn => "are not known to bring that cuDNN".to_owned(),
        Hurdle::Nccl => "are not known to bring that NCCL".to_owned(),
        Hurdle::Torchvision => "go with another torchvision".to_owned(),
        Hurdle::Torchaudio => "are not known to go with that torchaudio".to_owned(),
        Hurdle::Numpy => "work with another NumPy".to_owned(),
    })
}

fn cpu_only(group: Group<'_>, subject: &str) -> Vec<String> {
    let device = group.asked.device.map(|device| device.to_string()).unwrap_or_default();
    let architecture = group.build(group.newest()).architecture;
    let place = if is_pypi_only(group.asked) { " on PyPI" } else { "" };
    vec![
        format!("{device} needs a build for CUDA"),
        format!("{subject} has CPU wheels alone for {architecture}{place}"),
    ]
}

/// `V100 (7.0)`, `CUDA 13 builds start at 7.5`, `pytorch 2.15 exists only for CUDA 13`.
fn coverage(group: Group<'_>, subject: &str) -> Vec<String> {
    let Some(device) = group.asked.device else { return Vec::new() };
    let mut builds: Vec<&Build> = Vec::new();
    for build in group.builds() {
        if builds.iter().all(|known| !known.has_target_of(build)) {
            builds.push(build);
        }
    }
    let targets: BTreeMap<String, &[Capability]> =
        builds.iter().map(|build| (build.target(), build.code.as_deref().unwrap_or_default())).collect();
    let phrase = |(target, code): (&String, &&[Capability])| {
        let gpu = device.capability();
        match (code.first(), code.last()) {
            (Some(first), _) if gpu < *first => format!("{target} builds start at {first}"),
            (_, Some(last)) if gpu.major > last.major => format!("{target} builds end at {last}"),
            _ => format!("{target} builds hold {}", spaced(code)),
        }
    };
    let starts: Vec<String> = targets.iter().map(phrase).collect();
    let place = if is_pypi_only(group.asked) { " on PyPI" } else { "" };
    let names: Vec<String> = targets.into_keys().collect();
    vec![device.to_string(), starts.join(", "), format!("{subject} exists only for {}{place}", names.join(" and "))]
}

fn fails(group: Group<'_>, subject: &str) -> Vec<String> {
    let device = group.asked.device.map(|device| device.to_string()).unwrap_or_default();
    let build = group.build(group.newest());
    let below = build.below.map(|below| below.to_string()).unwrap_or_default();
    let newest = build.ptx.last().or(build.code.iter().flatten().last()).map(ToString::to_string).unwrap_or_default();
    vec![
        device,
        format!("{subject} has no machine code beyond {newest}, which the driver would have to compile"),
        format!("that is reported to fail from {below} on"),
    ]
}

fn driver(group: Group<'_>, subject: &str, drivers: Option<&[DriverChoice]>) -> Vec<String> {
    let build = group.build(group.newest());
    let cuda = build.cuda.as_ref().map(ToString::to_string).unwrap_or_default();
    let coverage = group.asked.device.map(Device::capability).map(|gpu| build.coverage(gpu));
    let floor = if coverage == Some(Coverage::Ptx) { group.newest().compiler } else { group.newest().floor };
    let needs = floor.map_or_else(String::new, |floor| format!("CUDA {cuda} runs on driver {floor} or newer"));
    let newest = drivers.into_iter().flatten().max_by_key(|choice| (choice.driver.branch, choice.driver.release));
    let has = newest.map(|choice| match (group.asked.driver, group.asked.device) {
        (None, Some(device)) => format!("the newest driver for {device} is {}", choice.driver),
        _ => format!("the driver is {}", choice.driver),
    });
    [format!("{subject} is built for CUDA {cuda}"), needs].into_iter().chain(has).collect()
}

fn glibc(group: Group<'_>, subject: &str) -> Vec<String> {
    let system = group.asked.system.map(|system| {
        let glibc = system.glibc.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{} has glibc {glibc}", system.name)
    });
    [format!("{subject} loads on glibc {} or newer", group.newest().glibc)].into_iter().chain(system).collect()
}

fn numpy(group: Group<'_>, subject: &str) -> Vec<String> {
    let works = group.build(group.newest()).numpy.as_ref().map(|wish| format!("{subject} works with numpy{wish}"));
    let wished = group.asked.question.numpy.as_ref().map(|wish| format!("numpy{wish} is asked for"));
    let python = group.asked.python.map(|python| format!("with Python {python}"));
    works.into_iter().chain(wished).chain(python).collect()
}

fn pin(subject: &str, library: &str, pin: Option<&Version>) -> Vec<String> {
    let brings = match pin {
        Some(version) => format!("{subject} brings {library} {version}"),
        None => format!("which {library} {subject} brings is not known"),
    };
    vec![brings, "another one is asked for".to_owned()]
}

fn spaced(code: &[Capability]) -> String {
    code.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
