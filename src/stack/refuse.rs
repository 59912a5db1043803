//! Why there is no stack: the hurdle that nobody passes, put into a chain.

use super::answer::Resolution;
use super::asked::Asked;
use super::bits::Bits;
use super::hurdle::Hurdle;
use super::hurdles::Group;
use super::question::Device;
use super::resolve::{architectures, can_share, jaxes};
use super::rows::Index;
use super::shelf::Candidate;
use super::together::refusal;
use super::{Architecture, DriverChoice, Framework, Reason, host, hurdles, tables, ways_out};
use crate::diagnostic::code;

/// The chain for a question that has no answer, with the ways out. Where everything hangs on a fact that is not known,
/// there is no ground to refuse.
pub(super) fn explain(asked: &Asked<'_>) -> Resolution {
    let (mut reason, is_unknown) = match of_request(asked) {
        Some(reason) => (reason, false),
        None => of_search(asked),
    };
    if is_unknown {
        return Resolution::Unknown(reason);
    }
    if reason.ways_out.is_empty() {
        reason.ways_out = ways_out::ways_out(asked);
    }
    Resolution::Refused(reason)
}

/// What is wrong with the request whatever is chosen.
pub(super) fn of_request(asked: &Asked<'_>) -> Option<Reason> {
    wrong_processor(asked).or_else(|| forward_compatibility(asked)).or_else(|| missing_image(asked))
}

fn wrong_processor(asked: &Asked<'_>) -> Option<Reason> {
    if architectures(asked).next().is_some() {
        return None;
    }
    let (device, wished) = asked.device.zip(asked.architecture)?;
    let host = device.host()?;
    let chain = [format!("{device} comes with an {host} processor"), format!("the host is {wished}")];
    Some(Reason::new(&code::GPU_OF_OTHER_PROCESSOR, chain))
}

fn forward_compatibility(asked: &Asked<'_>) -> Option<Reason> {
    let device = asked.device.filter(|_| asked.has_compatibility_package)?;
    let Device::Model(gpu) = device else { return None };
    let chain = [
        format!("{device} is no data-centre GPU"),
        "forward-compatibility packages work on data-centre GPUs alone".to_owned(),
    ];
    (!gpu.data_center).then(|| Reason::new(&code::FORWARD_COMPATIBILITY, chain))
}

/// An image that was never published for the system.
fn missing_image(asked: &Asked<'_>) -> Option<Reason> {
    let (image, system) = asked.image.zip(asked.system)?;
    let row = tables().images.iter().find(|row| row.system == system.name)?;
    let is_there = *image <= row.last && row.first.as_ref().is_none_or(|first| first <= image);
    if is_there {
        return None;
    }
    let from = row.first.as_ref().map(|first| format!(" from CUDA {first}")).unwrap_or_default();
    let chain = [
        format!("there is no `nvidia/cuda` image of CUDA {image} on {}", system.name),
        format!("the table of {} has them{from} up to {}", row.date, row.last),
    ];
    Some(Reason::new(&code::IMAGE_TAG_MISSING, chain))
}

/// The reason, and whether it is only that something is not known.
fn of_search(asked: &Asked<'_>) -> (Reason, bool) {
    let architecture = architectures(asked).next().unwrap_or(Architecture::X86_64);
    let drivers = match host::drivers(asked) {
        Ok(drivers) => drivers,
        Err(reason) => return (reason, false),
    };
    let drivers = drivers.as_deref();
    let of_framework = |framework| of_framework(asked, framework, architecture, drivers);
    of_framework(Framework::Pytorch)
        .or_else(|| of_framework(Framework::Tensorflow))
        .or_else(|| Some((of_jax(asked)?, false)))
        .unwrap_or_else(|| (of_both(asked, architecture, drivers), false))
}

/// Why no build of one framework passes; none when one does.
fn of_framework(
    asked: &Asked<'_>,
    framework: Framework,
    architecture: Architecture,
    drivers: Option<&[DriverChoice]>,
) -> Option<(Reason, bool)> {
    let wanted = asked.wish(framework)? & asked.shelf(framework).on(architecture);
    if wanted.is_empty() {
        let chain = [format!("{} has no wheel for {architecture} in this release", framework.key())];
        return Some((Reason::new(&code::CPU_ONLY_WHEELS, chain), false));
    }
    let mut left = wanted;
    let mut stopped = Vec::new();
    for hurdle in Hurdle::ALL {
        let past = asked.past(hurdle, framework, left, drivers);
        if past != left {
            stopped.push((hurdle, left.without(past)));
        }
        left = past;
    }
    let (furthest, places) = stopped.last().copied().filter(|_| left.is_empty())?;
    let mut reason = hurdles::reason(Group::new(asked, framework, places), furthest, drivers);
    reason.chain.extend(others(asked, framework, &stopped, places));
    Some((reason, furthest == Hurdle::UnknownCoverage))
}

/// What stopped the releases that did not come as far.
fn others(asked: &Asked<'_>, framework: Framework, stopped: &[(Hurdle, Bits)], group: Bits) -> Option<String> {
    let shelf = asked.shelf(framework);
    let all = stopped.iter().fold(Bits::NONE, |all, (_, places)| all | *places);
    let first = all.without(shelf.releases_of(group)).first()?;
    let (hurdle, _) = stopped.iter().find(|(_, places)| places.holds(first))?;
    let phrase = hurdles::phrase(asked, *hurdle)?;
    Some(format!("other releases, such as {}, {phrase}", shelf.candidates[first].line))
}

fn of_jax(asked: &Asked<'_>) -> Option<Reason> {
    let all = jaxes(asked)?;
    if asked.python.map_or(!all.is_empty(), |python| !(all & asked.wheels.jax.with(python)).is_empty()) {
        return None;
    }
    if let (true, Some(system)) = (all.is_empty(), asked.system) {
        let glibc = system.glibc.as_ref().map(ToString::to_string).unwrap_or_default();
        let chain = ["jax loads on newer systems only".to_owned(), format!("{} has glibc {glibc}", system.name)];
        return Some(Reason::new(&code::GLIBC_TOO_OLD, chain));
    }
    let chain = match asked.python {
        Some(python) => format!("jax has no wheel for Python {python} in the releases that will do"),
        None => "jax has no wheel that will do".to_owned(),
    };
    Some(Reason::new(&code::PYTHON_HAS_NO_WHEELS, [chain]))
}

/// Each framework works by itself, and no two releases of them work together.
fn of_both(asked: &Asked<'_>, architecture: Architecture, drivers: Option<&[DriverChoice]>) -> Reason {
    let passing = |framework| asked.passing(framework, architecture, drivers).unwrap_or_default();
    let (torches, tensorflows) = (passing(Framework::Pytorch), passing(Framework::Tensorflow));
    let torch = |at: usize| &asked.wheels.torch.candidates[at];
    let tensorflow = |at: usize| &asked.wheels.tensorflow.candidates[at];
    let pairs =
        || torches.into_iter().flat_map(|torch| tensorflows.into_iter().map(move |tensorflow| (torch, tensorflow)));
    let share = |(torch, tensorflow): &(usize, usize)| can_share(asked, *torch, *tensorflow);
    if let (Some((a, b)), false) = (pairs().next(), pairs().any(|pair| share(&pair))) {
        return refusal(asked.wheels, &torch(a).version, &tensorflow(b).version);
    }
    let meet = |(a, b): &(usize, usize)| {
        torch(*a).python.0 <= tensorflow(*b).python.1 && tensorflow(*b).python.0 <= torch(*a).python.1
    };
    let two_environments = "one environment for each of them".to_owned();
    let Some((a, b)) = pairs().filter(share).find(meet) else {
        let chain = ["the frameworks have no Python line in common".to_owned()];
        return Reason::new(&code::PYTHON_HAS_NO_WHEELS, chain).or(two_environments);
    };
    let chain = [numpy_of(asked, torch(a)), numpy_of(asked, tensorflow(b))];
    Reason::new(&code::NUMPY_DOES_NOT_FIT, chain).or(two_environments)
}

/// `tensorflow 2.12 works with numpy<1.24`.
fn numpy_of(asked: &Asked<'_>, candidate: &Candidate) -> String {
    let Some(build) = candidate.build.map(|at| &asked.wheels.builds[at]) else { return String::new() };
    let numpy = build.numpy.as_ref().map_or_else(|| "any NumPy".to_owned(), |wish| format!("numpy{wish}"));
    format!("{} {} works with {numpy}", build.framework.key(), candidate.line)
}

/// Whether a wish for packages from `PyPI` alone was made.
pub(super) fn is_pypi_only(asked: &Asked<'_>) -> bool {
    asked.index == Some(Index::Pypi)
}
