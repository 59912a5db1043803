//! Whether a CUDA toolkit goes with the GPU, the driver and the system of a place.

use super::site::Site;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::stack::{Driver, Gpu, System, Toolkit, tables};
use pep440_rs::Version;
use std::collections::BTreeSet;

/// Looks at the toolkit that is asked for; the lowest driver that it takes comes back.
pub(super) fn check(
    site: &Site<'_>,
    driver: Driver,
    unconfirmed: &mut BTreeSet<String>,
    diagnostics: &mut Diagnostics,
) -> Option<Driver> {
    let wanted = site.software.cuda_toolkit.as_ref()?;
    let gpu = site.gpu?;
    let row = tables().toolkit(wanted)?;
    let refusal = other_gpu(row, gpu, wanted)
        .or_else(|| older_driver(row, driver, wanted))
        .or_else(|| site.software.system.and_then(|system| not_packaged(system, wanted)));
    if let Some((chain, way_out)) = refusal {
        let at = site.place.software.cuda_toolkit.as_ref().map_or(&site.place.name.span, |text| &text.span);
        let problem = Diagnostic::error(&code::TOOLKIT_DOES_NOT_FIT, at, format!("CUDA {wanted} does not fit here"));
        diagnostics.push(problem.note(site.place.gpu_span(), "for this GPU").why(chain.join(" → ")).fix(way_out));
        return None;
    }
    unconfirmed.extend(site.software.system.and_then(|system| not_known(system, wanted)));
    if row.driver.is_some_and(|own| !driver.reaches(own)) {
        unconfirmed.insert(format!("whether {driver} compiles code that CUDA {wanted} leaves to the driver"));
    }
    Some(row.floor)
}

type Refusal = (Vec<String>, String);

/// The compiler of the toolkit does not know the GPU, yet or any more.
fn other_gpu(row: &Toolkit, gpu: &Gpu, wanted: &Version) -> Option<Refusal> {
    if row.code.iter().any(|code| code.runs_on(gpu.capability)) {
        return None;
    }
    let is_dropped = gpu.last_cuda.as_ref().is_some_and(|last| last < wanted);
    let (first, last) = (row.code.first()?, row.code.last()?);
    let knows = if is_dropped { format!("starts at {first}") } else { format!("ends at {last}") };
    let chain = vec![format!("{} ({})", gpu.name, gpu.capability), format!("the compiler of CUDA {wanted} {knows}")];
    let release = if is_dropped { gpu.last_cuda.as_ref()? } else { &gpu.first_cuda };
    let word = if is_dropped { "older" } else { "newer" };
    Some((chain, format!("write `cuda_toolkit: \"{release}\"` or {word}")))
}

fn older_driver(row: &Toolkit, driver: Driver, wanted: &Version) -> Option<Refusal> {
    if driver.reaches(row.floor) {
        return None;
    }
    let chain = vec![
        format!("what CUDA {wanted} makes runs on driver {} or newer", row.floor),
        format!("the driver is {driver}"),
    ];
    Some((chain, "take a newer `driver`, or a toolkit of an older CUDA release".to_owned()))
}

/// The system has no packages of so new a release.
fn not_packaged(system: &System, wanted: &Version) -> Option<Refusal> {
    let is_above = system.newest_cuda.as_ref().is_some_and(|newest| newest < wanted)
        || system.newest_cuda_major.is_some_and(|major| u64::from(major) < wanted.release()[0]);
    let newest =
        system.newest_cuda.as_ref().map(ToString::to_string).or_else(|| Some(system.newest_cuda_major?.to_string()))?;
    let chain =
        vec![format!("{} has packages up to CUDA {newest}", system.name), format!("CUDA {wanted} is asked for")];
    is_above.then(|| (chain, format!("write `cuda_toolkit: \"{newest}\"`, or take a newer system")))
}

/// Nobody said whether the system has packages of this release.
fn not_known(system: &System, wanted: &Version) -> Option<String> {
    let is_silent = system.newest_cuda.is_none() && system.newest_cuda_major.is_none();
    let image = tables().images.iter().find(|row| row.system == system.name);
    let is_before =
        image.and_then(|row| row.first.as_ref()).is_some_and(|first| wanted.release() < &first.release()[..2]);
    (is_silent || is_before).then(|| format!("whether CUDA {wanted} is packaged for {}", system.name))
}
