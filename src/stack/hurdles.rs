//! Each hurdle in words: its code, and the chain that leads to it.

use super::candidate::{Candidate, Hurdle};
use super::question::Question;
use super::refuse::is_pypi_only;
use super::table::line;
use super::{Capability, DriverChoice, Reason};
use crate::diagnostic::{Code, code};
use pep440_rs::Version;
use std::collections::BTreeMap;

/// The chain for candidates that all stand before the same hurdle; there is at least one.
pub(super) fn reason(
    question: &Question,
    hurdle: Hurdle,
    group: &[Candidate],
    drivers: Option<&[DriverChoice]>,
) -> Reason {
    let subject = subject(group);
    let chain = match hurdle {
        Hurdle::CpuOnly => cpu_only(question, group, &subject),
        Hurdle::Coverage => coverage(question, group, &subject),
        Hurdle::Fails => fails(question, group, &subject),
        Hurdle::Driver => driver(question, group, &subject, drivers),
        Hurdle::Glibc => glibc(question, group, &subject),
        Hurdle::Numpy => numpy(question, group, &subject),
        Hurdle::Cudnn => pin(&subject, "cuDNN", group[0].build.cudnn.as_ref()),
        Hurdle::Nccl => pin(&subject, "NCCL", group[0].build.nccl.as_ref()),
        _ => vec![subject_and(question, hurdle, &subject)],
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
pub(super) fn phrase(question: &Question, hurdle: Hurdle) -> Option<String> {
    Some(match hurdle {
        Hurdle::Index => "are not where packages may come from".to_owned(),
        Hurdle::Variant => format!("have no {} build", question.variant.as_deref()?),
        Hurdle::Python => format!("have no wheel for Python {}", question.python?),
        Hurdle::Glibc => "ask for a newer glibc".to_owned(),
        Hurdle::CpuOnly => "are built for the CPU alone".to_owned(),
        Hurdle::UnknownCoverage => format!("are not known to hold {}", question.device?.capability()),
        Hurdle::Coverage => format!("are not built for {}", question.device?.capability()),
        Hurdle::Fails => format!("are reported to fail on {}", question.device?.capability()),
        Hurdle::Driver => "ask for a newer driver".to_owned(),
        Hurdle::Cudnn => "are not known to bring that cuDNN".to_owned(),
        Hurdle::Nccl => "are not known to bring that NCCL".to_owned(),
        Hurdle::Torchvision => "go with another torchvision".to_owned(),
        Hurdle::Torchaudio => "are not known to go with that torchaudio".to_owned(),
        Hurdle::Numpy => "work with another NumPy".to_owned(),
    })
}

fn subject_and(question: &Question, hurdle: Hurdle, subject: &str) -> String {
    format!("the wheels of {subject} {}", phrase(question, hurdle).unwrap_or_default())
}

/// `pytorch 2.14`, or `pytorch 2.12 to 2.14`.
fn subject(group: &[Candidate]) -> String {
    let key = group[0].build.framework.key();
    let (newest, oldest) = (line(group[0].version), line(group[group.len() - 1].version));
    if newest == oldest { format!("{key} {newest}") } else { format!("{key} {oldest} to {newest}") }
}

fn cpu_only(question: &Question, group: &[Candidate], subject: &str) -> Vec<String> {
    let device = question.device.map(|device| device.to_string()).unwrap_or_default();
    let architecture = group[0].build.architecture;
    let place = if is_pypi_only(question) { " on PyPI" } else { "" };
    vec![
        format!("{device} needs a build for CUDA"),
        format!("{subject} has CPU wheels alone for {architecture}{place}"),
    ]
}

/// `V100 (7.0)`, `CUDA 13 builds start at 7.5`, `pytorch 2.15 exists only for CUDA 13`.
fn coverage(question: &Question, group: &[Candidate], subject: &str) -> Vec<String> {
    let Some(device) = question.device else { return Vec::new() };
    let mut targets: BTreeMap<String, &[Capability]> = BTreeMap::new();
    for candidate in group {
        targets.entry(candidate.build.target()).or_insert_with(|| candidate.build.code.as_deref().unwrap_or_default());
    }
    let phrase = |(target, code): (&String, &&[Capability])| {
        let gpu = device.capability();
        match (code.first(), code.last()) {
            (Some(first), _) if gpu < *first => format!("{target} builds start at {first}"),
            (_, Some(last)) if gpu.major > last.major => format!("{target} builds end at {last}"),
            _ => format!("{target} builds hold {}", spaced(code)),
        }
    };
    let starts: Vec<String> = targets.iter().map(phrase).collect();
    let place = if is_pypi_only(question) { " on PyPI" } else { "" };
    let names: Vec<String> = targets.into_keys().collect();
    vec![device.to_string(), starts.join(", "), format!("{subject} exists only for {}{place}", names.join(" and "))]
}

fn fails(question: &Question, group: &[Candidate], subject: &str) -> Vec<String> {
    let device = question.device.map(|device| device.to_string()).unwrap_or_default();
    let build = group[0].build;
    let below = build.below.map(|below| below.to_string()).unwrap_or_default();
    let newest = build.ptx.last().or(build.code.iter().flatten().last()).map(ToString::to_string).unwrap_or_default();
    vec![
        device,
        format!("{subject} has no machine code beyond {newest}, which the driver would have to compile"),
        format!("that is reported to fail from {below} on"),
    ]
}

fn driver(question: &Question, group: &[Candidate], subject: &str, drivers: Option<&[DriverChoice]>) -> Vec<String> {
    let build = group[0].build;
    let cuda = build.cuda.as_ref().map(ToString::to_string).unwrap_or_default();
    let needs = group[0]
        .floor(question)
        .map_or_else(String::new, |floor| format!("CUDA {cuda} runs on driver {floor} or newer"));
    let newest = drivers.into_iter().flatten().max_by_key(|choice| (choice.driver.branch, choice.driver.release));
    let has = newest.map(|choice| match (question.driver, question.device) {
        (None, Some(device)) => format!("the newest driver for {device} is {}", choice.driver),
        _ => format!("the driver is {}", choice.driver),
    });
    [format!("{subject} is built for CUDA {cuda}"), needs].into_iter().chain(has).collect()
}

fn glibc(question: &Question, group: &[Candidate], subject: &str) -> Vec<String> {
    let system = question.system.map(|system| {
        let glibc = system.glibc.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{} has glibc {glibc}", system.name)
    });
    [format!("{subject} loads on glibc {} or newer", group[0].glibc())].into_iter().chain(system).collect()
}

fn numpy(question: &Question, group: &[Candidate], subject: &str) -> Vec<String> {
    let works = group[0].build.numpy.as_ref().map(|wish| format!("{subject} works with numpy{wish}"));
    let wished = question.numpy.as_ref().map(|wish| format!("numpy{wish} is asked for"));
    let python = question.python.map(|python| format!("with Python {python}"));
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
