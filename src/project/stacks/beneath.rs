//! What the hosts of one place carry beneath their environments: driver, kernel modules, toolkit, fabric service.

use super::site::Site;
use super::toolkit;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::digest::Digest;
use crate::project::build::{requirements, wishes};
use crate::project::lock::LockedStack;
use crate::project::world::{Stack, World};
use crate::project::{Accelerator, DriverWish, Software};
use crate::stack::{
    Answer, Choice, Driver, DriverChoice, Fabric, Gpu, Question, Reason, Resolution, Wheels, resolve, tables,
};
use pep440_rs::{Version, VersionSpecifier, VersionSpecifiers};
use std::collections::BTreeSet;

/// Systems of the tables for which there is no way to install a driver.
const WITHOUT_DRIVERS: [&str; 2] = ["amazon-linux-2", "ubuntu-26.04"];

/// The driver by itself: whether one drives the GPU with the modules that are wished for, and can be installed at all.
pub(super) fn bare(wheels: &Wheels, site: &Site<'_>, diagnostics: &mut Diagnostics) -> Option<Answer> {
    let gpu = site.gpu?;
    let software = site.place.software;
    match resolve(wheels, &site.question(None)) {
        Resolution::Answer(answer) => {
            diagnostics.extend_with(no_way_to_install(site));
            Some(*answer)
        }
        Resolution::Unknown(_) => None,
        Resolution::Refused(reason) => {
            let at = software
                .driver
                .as_ref()
                .or(software.kernel_modules.as_ref())
                .map_or(site.place.gpu_span(), |t| &t.span);
            let summary = format!("this does not go with {} ({})", gpu.name, gpu.capability);
            diagnostics.push(problem(&reason, at, summary, site));
            None
        }
    }
}

fn problem(reason: &Reason, at: &Span, summary: String, site: &Site<'_>) -> Diagnostic {
    let problem = Diagnostic::error(reason.code, at, summary);
    let problem =
        if at == site.place.gpu_span() { problem } else { problem.note(site.place.gpu_span(), "on this GPU") };
    problem.why(reason.chain.join(" → ")).fix(reason.ways_out.join(" or "))
}

fn no_way_to_install(site: &Site<'_>) -> Option<Diagnostic> {
    let system = site.software.system.filter(|system| WITHOUT_DRIVERS.contains(&system.name.as_str()))?;
    if site.software.driver == DriverWish::Keep || site.place.is_cluster {
        return None;
    }
    let at = site.place.software.system.as_ref().map_or(&site.place.name.span, |text| &text.span);
    let summary = format!("there is no way to install a driver on {}", system.name);
    let problem =
        Diagnostic::error(&code::SYSTEM_WITHOUT_DRIVERS, at, summary).note(site.place.gpu_span(), "for this GPU");
    Some(problem.fix("write `driver: keep` and install the driver yourself, or take a system such as `ubuntu-24.04`"))
}

/// The whole of it: the driver that serves everything, and what rests on nothing that was confirmed.
pub(super) fn stack(
    site: &Site<'_>,
    bare: &Answer,
    answers: &[&Answer],
    world: &World<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<LockedStack> {
    let gpu = site.gpu?;
    let choice = match serving_all(world.wheels, site, bare, answers) {
        Ok(choice) => choice,
        Err(reason) => {
            let at = site.place.gpu_span();
            diagnostics.push(problem(&reason, at, "no driver serves all environments here".to_owned(), site));
            return None;
        }
    };
    let mut unconfirmed: BTreeSet<String> = bare.unconfirmed.iter().cloned().collect();
    unconfirmed.extend(answers.iter().flat_map(|answer| answer.unconfirmed.iter().cloned()));
    let mut floor = answers.iter().filter_map(|answer| floor(answer)).max_by_key(|driver| rank(*driver));
    if let Some(toolkit) = toolkit::check(site, choice.driver, &mut unconfirmed, diagnostics) {
        floor = floor.into_iter().chain([toolkit]).max_by_key(|driver| rank(*driver));
    }
    if site.software.system.is_none() {
        unconfirmed.insert("the system of the hosts, which `system` does not name".to_owned());
    }
    if gpu.fabric == Some(Fabric::Imex) && site.place.is_cluster {
        unconfirmed.insert("`nvidia-imex`, which joins GPUs of several nodes: the cluster has to bring it".to_owned());
    }
    let is_kept = site.software.driver == DriverWish::Keep;
    if is_kept {
        let least = floor.map_or_else(String::new, |floor| format!(", which must be {floor} or newer"));
        unconfirmed.insert(format!("the driver that is on the hosts{least}"));
    }
    Some(LockedStack {
        group: site.place.name.value.clone(),
        device: gpu.name.clone(),
        driver: (!is_kept).then(|| written(choice.driver)),
        driver_floor: floor.map(written),
        driver_below: below(gpu),
        kernel_modules: choice.module.filter(|_| !is_kept),
        cuda_toolkit: site.software.cuda_toolkit.as_ref().map(ToString::to_string),
        fabric: gpu.fabric.filter(|_| site.count > 1),
        unconfirmed: unconfirmed.into_iter().collect(),
        inputs: inputs(site, world),
    })
}

/// The first branch of the tables after the last one that drives the GPU.
fn below(gpu: &Gpu) -> Option<String> {
    let last = gpu.last_branch?;
    tables()
        .branches
        .iter()
        .map(|row| row.branch)
        .filter(|branch| *branch > last)
        .min()
        .map(|branch| branch.to_string())
}

/// The first driver, in the resolver's own order, with which every environment keeps its builds.
fn serving_all(wheels: &Wheels, site: &Site<'_>, bare: &Answer, answers: &[&Answer]) -> Result<DriverChoice, Reason> {
    let all = || std::iter::once(bare).chain(answers.iter().copied());
    let mut refusal = None;
    for choice in all().filter_map(|answer| answer.driver) {
        let question = |answer: &Answer| Question {
            driver: Some(choice.driver),
            ..exactly(site.question(Some(answer.python)), answer)
        };
        let refused = answers.iter().find_map(|answer| match resolve(wheels, &question(answer)) {
            Resolution::Refused(reason) => Some(reason),
            Resolution::Answer(_) | Resolution::Unknown(_) => None,
        });
        match refused {
            None => return Ok(choice),
            Some(reason) => refusal = refusal.or(Some(reason)),
        }
    }
    Err(refusal.unwrap_or_else(|| unreachable!("a GPU of the tables has a driver, as a test of the tables holds")))
}

/// The question with the builds of the answer and nothing else.
fn exactly(question: Question, answer: &Answer) -> Question {
    let version = |choice: &Choice| is(&choice.version);
    Question {
        torch: answer.torch.as_ref().map(version),
        variant: answer.torch.as_ref().map(|torch| torch.variant.clone()),
        tensorflow: answer.tensorflow.as_ref().map(version),
        ..question
    }
}

fn is(version: &Version) -> VersionSpecifiers {
    VersionSpecifiers::from(VersionSpecifier::equals_version(version.clone()))
}

/// The lowest driver that the frameworks of an answer run on.
fn floor(answer: &Answer) -> Option<Driver> {
    let floors = answer.torch.iter().chain(&answer.tensorflow).filter_map(|choice| choice.driver_floor);
    floors.max_by_key(|driver| rank(*driver))
}

fn rank(driver: Driver) -> (u16, (u16, u16)) {
    (driver.branch, driver.release.unwrap_or_default())
}

/// `580`, or `580.65.06`: as the manifest takes it.
fn written(driver: Driver) -> String {
    driver.to_string().trim_start_matches('R').to_owned()
}

/// `sha256:…` over everything that a resolution for this place depends on.
fn inputs(site: &Site<'_>, world: &World<'_>) -> String {
    let Software { system: _, driver: _, kernel_modules: _, cuda_toolkit, container_runtime: _ } = &site.software;
    let own = [
        site.wishes(),
        Some(format!("{} per host, {}", site.count, site.platform)),
        cuda_toolkit.as_ref().map(|toolkit| format!("toolkit {toolkit}")),
    ];
    let mut digest = Digest::default();
    for line in own.into_iter().flatten() {
        digest.add(line + "\n");
    }
    for name in site.place.environments {
        if let Some(stack) = world.stacks.iter().find(|stack| stack.own.name.value == name.value) {
            digest.add(asked(stack));
        }
    }
    digest.finish_named()
}

/// What an environment asks for, as far as the driver may depend on it.
fn asked(stack: &Stack<'_>) -> String {
    let python = stack.python.map(|python| python.value.clone()).unwrap_or_default();
    let frameworks = wishes(stack).map_or(0, |wishes| wishes.len());
    let requirements = requirements(stack, Accelerator::Cuda).unwrap_or_default();
    format!("{python} {}\n", requirements.into_iter().take(frameworks.max(1)).collect::<Vec<_>>().join(" "))
}
