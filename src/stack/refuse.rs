//! Why there is no stack: the hurdle that nobody passes, put into a chain.

use super::candidate::{Candidate, Hurdle, candidates};
use super::question::{Device, Question};
use super::resolve::{architectures, can_share, jaxes, passing};
use super::rows::Index;
use super::table::line;
use super::together::refusal;
use super::{Architecture, DriverChoice, Framework, Reason, host, hurdles, tables, ways_out};
use crate::diagnostic::code;

/// The chain for a question that has no answer, with the ways out.
pub(super) fn explain(question: &Question) -> Reason {
    let mut reason = of_request(question).unwrap_or_else(|| of_search(question));
    if reason.ways_out.is_empty() {
        reason.ways_out = ways_out::ways_out(question);
    }
    reason
}

/// What is wrong with the request whatever is chosen.
pub(super) fn of_request(question: &Question) -> Option<Reason> {
    wrong_processor(question).or_else(|| forward_compatibility(question)).or_else(|| missing_image(question))
}

fn wrong_processor(question: &Question) -> Option<Reason> {
    if !architectures(question).is_empty() {
        return None;
    }
    let (device, wished) = question.device.zip(question.architecture)?;
    let host = device.host()?;
    let chain = [format!("{device} comes with an {host} processor"), format!("the host is {wished}")];
    Some(Reason::new(&code::GPU_OF_OTHER_PROCESSOR, chain))
}

fn forward_compatibility(question: &Question) -> Option<Reason> {
    let device = question.device.filter(|_| question.has_compatibility_package)?;
    let Device::Model(gpu) = device else { return None };
    let chain = [
        format!("{device} is no data-centre GPU"),
        "forward-compatibility packages work on data-centre GPUs alone".to_owned(),
    ];
    (!gpu.data_center).then(|| Reason::new(&code::FORWARD_COMPATIBILITY, chain))
}

/// An image that was never published for the system.
fn missing_image(question: &Question) -> Option<Reason> {
    let (image, system) = question.image.as_ref().zip(question.system)?;
    let row = tables().images.iter().find(|row| row.system == system.name)?;
    let is_there = *image <= row.last && row.first.as_ref().is_none_or(|first| first <= image);
    let from = row.first.as_ref().map(|first| format!(" from CUDA {first}")).unwrap_or_default();
    let chain = [
        format!("there is no `nvidia/cuda` image of CUDA {image} on {}", system.name),
        format!("the table of {} has them{from} up to {}", row.date, row.last),
    ];
    (!is_there).then(|| Reason::new(&code::IMAGE_TAG_MISSING, chain))
}

fn of_search(question: &Question) -> Reason {
    let architecture = architectures(question).first().copied().unwrap_or(Architecture::X86_64);
    let drivers = match host::drivers(question) {
        Ok(drivers) => drivers,
        Err(reason) => return reason,
    };
    let drivers = drivers.as_deref();
    let of_framework = |framework| of_framework(question, framework, architecture, drivers);
    of_framework(Framework::Pytorch)
        .or_else(|| of_framework(Framework::Tensorflow))
        .or_else(|| of_jax(question))
        .unwrap_or_else(|| of_both(question, architecture, drivers))
}

/// Why no candidate of one framework passes; none when one does.
fn of_framework(
    question: &Question,
    framework: Framework,
    architecture: Architecture,
    drivers: Option<&[DriverChoice]>,
) -> Option<Reason> {
    question.specifiers(framework)?;
    let mut stopped = Vec::new();
    for candidate in candidates(question, framework, architecture) {
        stopped.push((candidate, candidate.hurdle(question, drivers)?));
    }
    let Some(furthest) = stopped.iter().map(|(_, hurdle)| *hurdle).max() else {
        let chain = [format!("{} has no wheel for {architecture} in this release", framework.key())];
        return Some(Reason::new(&code::CPU_ONLY_WHEELS, chain));
    };
    let group: Vec<Candidate> = stopped.iter().filter(|(_, hurdle)| *hurdle == furthest).map(|(c, _)| *c).collect();
    let mut reason = hurdles::reason(question, furthest, &group, drivers);
    reason.chain.extend(others(question, &stopped, &group));
    Some(reason)
}

/// What stopped the releases that did not come as far.
fn others(question: &Question, stopped: &[(Candidate, Hurdle)], group: &[Candidate]) -> Option<String> {
    let is_in_group = |candidate: &Candidate| group.iter().any(|member| member.version == candidate.version);
    let (candidate, hurdle) = stopped.iter().find(|(candidate, _)| !is_in_group(candidate))?;
    let phrase = hurdles::phrase(question, *hurdle)?;
    Some(format!("other releases, such as {}, {phrase}", line(candidate.version)))
}

fn of_jax(question: &Question) -> Option<Reason> {
    question.jax.as_ref()?;
    let all = jaxes(question);
    let python = question.python;
    if all.iter().any(|(_, row)| python.is_none_or(|python| row.fits(python))) {
        return None;
    }
    let chain = match (all.is_empty(), question.system, python) {
        (true, Some(system), _) => {
            return Some(Reason::new(
                &code::GLIBC_TOO_OLD,
                [
                    "jax loads on newer systems only".to_owned(),
                    format!(
                        "{} has glibc {}",
                        system.name,
                        system.glibc.as_ref().map(ToString::to_string).unwrap_or_default()
                    ),
                ],
            ));
        }
        (_, _, Some(python)) => vec![format!("jax has no wheel for Python {python} in the releases that will do")],
        _ => vec!["jax has no wheel that will do".to_owned()],
    };
    Some(Reason::new(&code::PYTHON_HAS_NO_WHEELS, chain))
}

/// Each framework works by itself, and no two releases of them work together.
fn of_both(question: &Question, architecture: Architecture, drivers: Option<&[DriverChoice]>) -> Reason {
    let torches: Vec<Candidate> =
        passing(question, Framework::Pytorch, architecture, drivers).into_iter().flatten().collect();
    let tensorflows: Vec<Candidate> =
        passing(question, Framework::Tensorflow, architecture, drivers).into_iter().flatten().collect();
    let pairs = || torches.iter().flat_map(|torch| tensorflows.iter().map(move |tensorflow| (torch, tensorflow)));
    let share = |(torch, tensorflow): &(&Candidate, &Candidate)| can_share(question, Some(torch), Some(tensorflow));
    if let (Some((torch, tensorflow)), false) = (pairs().next(), pairs().any(|pair| share(&pair))) {
        return refusal(torch.version, tensorflow.version);
    }
    let meet = |(torch, tensorflow): &(&Candidate, &Candidate)| {
        torch.python().0 <= tensorflow.python().1 && tensorflow.python().0 <= torch.python().1
    };
    let two_environments = "one environment for each of them".to_owned();
    let Some((torch, tensorflow)) = pairs().filter(share).find(meet) else {
        let chain = ["the frameworks have no Python line in common".to_owned()];
        return Reason::new(&code::PYTHON_HAS_NO_WHEELS, chain).or(two_environments);
    };
    Reason::new(&code::NUMPY_DOES_NOT_FIT, [numpy_of(torch), numpy_of(tensorflow)]).or(two_environments)
}

/// `tensorflow 2.12 works with numpy<1.24`.
fn numpy_of(candidate: &Candidate) -> String {
    let numpy = candidate.build.numpy.as_ref().map_or_else(|| "any NumPy".to_owned(), |wish| format!("numpy{wish}"));
    format!("{} {} works with {numpy}", candidate.build.framework.key(), line(candidate.version))
}

/// Whether a wish for packages from `PyPI` alone was made.
pub(super) fn is_pypi_only(question: &Question) -> bool {
    question.index == Some(Index::Pypi)
}
