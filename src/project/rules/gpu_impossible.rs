//! The frameworks of an environment do not run on the GPUs of the places it goes to.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code, nearest};
use crate::project::build::{gpus, platform, wishes};
use crate::project::world::{Place, Stack};
use crate::stack::{self, Device, Framework, Index, Python, Question, Resolution, Wheels, Wish, resolve, tables};
use pep440_rs::{Version, VersionSpecifier, VersionSpecifiers};

/// The rule. An accelerator the tables do not know is worth a word; what runs on it is then not asked.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for place in world.places() {
        let Some((name, _)) = gpus(&place) else { continue };
        match tables().gpu(&name) {
            Some(gpu) => on_gpu(world, &place, Device::Model(gpu), diagnostics),
            None => diagnostics.extend_with(not_in_table(&place, &name)),
        }
    }
}

fn on_gpu(world: &World<'_>, place: &Place<'_>, device: Device, diagnostics: &mut Diagnostics) {
    for name in place.environments {
        let Some(stack) = world.stacks.iter().find(|stack| stack.own.name.value == name.value) else { continue };
        let Some(wishes) = wishes(stack) else { continue };
        let Some(python) = python(world.wheels, stack, &wishes) else { continue };
        for (wish, (framework, _)) in wishes.iter().zip(&stack.frameworks) {
            let Some(question) = question(world.wheels, wish, python, place, device) else { continue };
            let subject = format!("this {}", wish.framework.key());
            let problem = problem(world.wheels, &question, &subject, device, &framework.span);
            let problem = problem.zip(place.accelerators);
            diagnostics.extend_with(problem.map(|(problem, at)| problem.note(&at.span, "on this GPU")));
        }
    }
}

/// The Python that the environment will have; none where another rule has something to say.
fn python(wheels: &Wheels, stack: &Stack<'_>, wishes: &[Wish]) -> Option<Python> {
    match stack.python {
        Some(python) => python.value.parse().ok(),
        None => stack::default_python(wheels, wishes).ok(),
    }
}

/// Asks for exactly the release that the lock will take: the newest that the wish admits and that has a wheel.
fn question(wheels: &Wheels, wish: &Wish, python: Python, place: &Place<'_>, device: Device) -> Option<Question> {
    let newest = wheels
        .of(wish.framework)
        .filter(|row| row.fits(python))
        .flat_map(|row| row.versions.iter().rev())
        .find(|version| wish.specifiers.contains(version))?;
    let question = Question {
        device: Some(device),
        architecture: Some(platform(place).architecture),
        python: Some(python),
        index: Some(Index::Pypi),
        ..Question::default()
    };
    match wish.framework {
        Framework::Pytorch => Some(Question { torch: Some(exactly(newest)), ..question }),
        Framework::Tensorflow => Some(Question { tensorflow: Some(exactly(newest)), ..question }),
        Framework::Jax | Framework::ScikitLearn => None,
    }
}

fn exactly(version: &Version) -> VersionSpecifiers {
    VersionSpecifiers::from(VersionSpecifier::equals_version(version.clone()))
}

fn problem(wheels: &Wheels, question: &Question, subject: &str, device: Device, at: &Span) -> Option<Diagnostic> {
    match resolve(wheels, question) {
        Resolution::Refused(reason) => {
            let error = Diagnostic::error(reason.code, at, format!("{subject} does not run on {device}"));
            Some(error.why(reason.chain.join(" → ")).fix(reason.ways_out.join(" or ")))
        }
        Resolution::Answer(answer) => {
            let (cuda, cudnn) = answer.tensorflow?.from_host?;
            let what = "this tensorflow brings no CUDA libraries; without them it computes on the CPU";
            let warning = Diagnostic::warning(&code::CUDA_FROM_HOST, at, what);
            let fix =
                format!("install CUDA {cuda} and cuDNN {cudnn} on the hosts, or take `tensorflow: \"2.14\"` or newer");
            Some(warning.fix(fix))
        }
        Resolution::Unknown(_) => None,
    }
}

fn not_in_table(place: &Place<'_>, name: &str) -> Option<Diagnostic> {
    let at = &place.accelerators?.span;
    let (what, why) = match tables().other_accelerator(name) {
        Some(other) => (format!("`{name}` is no NVIDIA GPU"), format!("there are no tables for {} yet", other.vendor)),
        None => {
            (format!("`{name}` is in no table of GPUs"), "whether the frameworks run on it is not checked".to_owned())
        }
    };
    let known = tables().gpus.iter().map(|gpu| gpu.name.as_str());
    let near = nearest(name, known).map(|near| format!("did you mean `{near}`?"));
    let warning = Diagnostic::warning(&code::ACCELERATOR_UNKNOWN, at, what).why(why);
    Some(match near {
        Some(near) => warning.fix(near),
        None => warning,
    })
}
