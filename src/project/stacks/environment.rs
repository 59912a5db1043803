//! One environment: the builds that serve every place it goes to.

use super::site::Site;
use super::{Build, Resolved};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::project::build::{ANYWHERE, requirements, wishes};
use crate::project::requirement::Requirement;
use crate::project::world::Stack;
use crate::project::{Accelerator, Platform};
use crate::stack::{
    Answer, Framework, Python, Question, Reason, Resolution, Shared, Verdict, Wheels, Wish, check, check_together,
    default_python, pythons, resolve as resolve_one, resolve_shared,
};
use pep440_rs::VersionSpecifiers;
use std::collections::BTreeSet;

/// A site with its number.
type Numbered<'a, 'b> = (usize, &'b Site<'a>);

/// Resolves one environment for every kind of host it goes to.
pub(super) fn resolve(
    wheels: &Wheels,
    stack: &Stack<'_>,
    sites: &[Site<'_>],
    is_sound: &[bool],
    diagnostics: &mut Diagnostics,
) -> Resolved {
    let Some(wishes) = wishes(stack) else { return Resolved::default() };
    let used: Vec<Numbered<'_, '_>> = sites
        .iter()
        .enumerate()
        .filter(|(_, site)| site.place.environments.iter().any(|name| name.value == stack.own.name.value))
        .collect();
    // What is wrong with a place was said there.
    let sound: Vec<Numbered<'_, '_>> = used.iter().copied().filter(|(number, _)| is_sound[*number]).collect();
    let mut first: Option<Diagnostics> = None;
    for python in pythons_to_try(wheels, stack, &wishes) {
        let mut found = Diagnostics::new();
        let resolved = with_python(wheels, stack, &wishes, &used, &sound, python, &mut found);
        if !found.has_errors() {
            diagnostics.extend(found);
            return resolved;
        }
        first.get_or_insert(found);
    }
    diagnostics.extend(first.unwrap_or_default());
    Resolved::default()
}

/// The Python that was asked for, or all that will do, the usual one first; none where a rule has something to say.
fn pythons_to_try(wheels: &Wheels, stack: &Stack<'_>, wishes: &[Wish]) -> Vec<Python> {
    if let Some(python) = stack.python {
        let python = python.value.parse().ok();
        let has_wheels =
            |python: &Python| wishes.iter().all(|wish| !matches!(check(wheels, wish, *python), Verdict::Refused(_)));
        return python.into_iter().filter(has_wheels).collect();
    }
    let Ok(usual) = default_python(wheels, wishes) else { return Vec::new() };
    let known = wishes.iter().map(|wish| pythons(wheels, wish)).filter(|pythons| !pythons.is_empty());
    let common: BTreeSet<Python> = known.reduce(|a, b| &a & &b).unwrap_or_default();
    let below = common.range(..usual).rev();
    let above = common.iter().filter(|python| **python > usual);
    std::iter::once(usual).chain(below.copied()).chain(above.copied()).collect()
}

fn with_python(
    wheels: &Wheels,
    stack: &Stack<'_>,
    wishes: &[Wish],
    used: &[Numbered<'_, '_>],
    sound: &[Numbered<'_, '_>],
    python: Python,
    diagnostics: &mut Diagnostics,
) -> Resolved {
    let mut platforms: BTreeSet<Platform> = used.iter().map(|(_, site)| site.platform).collect();
    if platforms.is_empty() {
        platforms.insert(ANYWHERE);
    }
    let mut resolved = Resolved { python: Some(python), ..Resolved::default() };
    for platform in platforms {
        let here: Vec<Numbered<'_, '_>> = sound.iter().copied().filter(|(_, site)| site.platform == platform).collect();
        let Some(mut build) = wished(stack, platform, &here) else { continue };
        for (number, answer) in on_platform(wheels, stack, wishes, &here, python, diagnostics) {
            if platform.accelerator == Accelerator::Cuda {
                build.settle(&answer);
            } else {
                build.hold_numpy(&answer);
            }
            resolved.answers.push((number, answer));
        }
        build.constraints.sort();
        build.constraints.dedup();
        resolved.builds.push(build);
    }
    resolved
}

/// What the environment asks for before anything is resolved.
fn wished(stack: &Stack<'_>, platform: Platform, sites: &[Numbered<'_, '_>]) -> Option<Build> {
    let wishes: BTreeSet<String> = sites.iter().filter_map(|(_, site)| site.wishes()).collect();
    Some(Build {
        has_old_glibc: sites.iter().any(|(_, site)| site.has_old_glibc()),
        wishes: wishes.into_iter().collect(),
        ..Build::as_written(platform, requirements(stack, platform.accelerator)?)
    })
}

/// The answer at each site of one platform; none where the tables have nothing to say, or where something is wrong.
fn on_platform(
    wheels: &Wheels,
    stack: &Stack<'_>,
    wishes: &[Wish],
    sites: &[Numbered<'_, '_>],
    python: Python,
    diagnostics: &mut Diagnostics,
) -> Vec<(usize, Answer)> {
    let known: Vec<Numbered<'_, '_>> = sites.iter().copied().filter(|(_, site)| !site.is_in_the_dark()).collect();
    if known.len() < sites.len() {
        diagnostics.extend_with(check_together(wheels, wishes).diagnostic(place_of(stack)));
    }
    let before = diagnostics.has_errors();
    let sites = known;
    for (_, site) in &sites {
        each_alone(wheels, stack, wishes, site, python, diagnostics);
    }
    if diagnostics.has_errors() && !before {
        return Vec::new();
    }
    let questions: Vec<Question> = sites.iter().map(|(_, site)| together(stack, wishes, site, python)).collect();
    if questions.iter().all(asks_nothing) {
        return Vec::new();
    }
    match resolve_shared(wheels, &questions) {
        Shared::Answers(answers) => {
            for ((_, site), answer) in sites.iter().zip(&answers) {
                diagnostics.extend_with(cuda_from_host(stack, site, answer));
            }
            sites.iter().map(|(number, _)| *number).zip(answers).collect()
        }
        // A warning about the release was given where its Python was looked at.
        Shared::Unknown(_) => Vec::new(),
        Shared::Refused(number, reason) => {
            diagnostics.push(refused(&names(wishes), sites[number].1, &reason, word_of(stack)));
            Vec::new()
        }
        Shared::Apart((one, other), reason) => {
            let summary = format!("one build of {} cannot serve both GPUs", names(wishes));
            let problem = Diagnostic::error(reason.code, place_of(stack), summary);
            let at = |number: usize| sites[number].1.place.gpu_span();
            let problem = problem.note(at(one), "for this GPU").note(at(other), "and for this one");
            diagnostics.push(explained(problem, &reason));
            Vec::new()
        }
    }
}

/// Each framework by itself, so that what is wrong is said at its word.
fn each_alone(
    wheels: &Wheels,
    stack: &Stack<'_>,
    wishes: &[Wish],
    site: &Site<'_>,
    python: Python,
    diagnostics: &mut Diagnostics,
) {
    if wishes.len() < 2 {
        return;
    }
    for (wish, (framework, _)) in wishes.iter().zip(&stack.frameworks) {
        let question = with(site.question(Some(python)), wish);
        if let Resolution::Refused(reason) = resolve_one(wheels, &question) {
            let name = wish.framework.key();
            diagnostics.push(refused(&format!("this {name}"), site, &reason, &framework.span));
        }
    }
}

/// All wishes of the environment at a site as one question.
fn together(stack: &Stack<'_>, wishes: &[Wish], site: &Site<'_>, python: Python) -> Question {
    let mut question = wishes.iter().fold(site.question(Some(python)), with);
    for package in stack.packages.iter().filter_map(|package| Requirement::parse(&package.value).ok()) {
        if package.is_conditional {
            continue;
        }
        match package.name.as_str() {
            "torchvision" => question.torchvision = Some(package.specifiers),
            "torchaudio" => question.torchaudio = Some(package.specifiers),
            "numpy" => question.numpy = Some(package.specifiers),
            _ => {}
        }
    }
    question
}

fn with(question: Question, wish: &Wish) -> Question {
    let specifiers = Some(wish.specifiers.clone());
    match wish.framework {
        Framework::Pytorch => Question { torch: specifiers, ..question },
        Framework::Tensorflow => Question { tensorflow: specifiers, ..question },
        Framework::Jax => Question { jax: specifiers, ..question },
        Framework::ScikitLearn => question,
    }
}

fn asks_nothing(question: &Question) -> bool {
    let wishes: [&Option<VersionSpecifiers>; 5] =
        [&question.torch, &question.torchvision, &question.torchaudio, &question.tensorflow, &question.jax];
    wishes.iter().all(|wish| wish.is_none())
}

fn refused(subject: &str, site: &Site<'_>, reason: &Reason, at: &Span) -> Diagnostic {
    let (summary, note) = site.gpu.map_or_else(
        || (format!("{subject} does not go to `{}`", site.place.name.value), "these hosts"),
        |gpu| (format!("{subject} does not run on {} ({})", gpu.name, gpu.capability), "on this GPU"),
    );
    let problem = Diagnostic::error(reason.code, at, summary);
    explained(problem.note(site.place.gpu_span(), note), reason)
}

fn explained(problem: Diagnostic, reason: &Reason) -> Diagnostic {
    let problem = problem.why(reason.chain.join(" → "));
    if reason.ways_out.is_empty() { problem } else { problem.fix(reason.ways_out.join(" or ")) }
}

/// Old releases of tensorflow bring no CUDA libraries.
fn cuda_from_host(stack: &Stack<'_>, site: &Site<'_>, answer: &Answer) -> Option<Diagnostic> {
    let (cuda, cudnn) = answer.tensorflow.as_ref()?.from_host.as_ref()?;
    site.gpu?;
    let what = "this tensorflow brings no CUDA libraries; without them it computes on the CPU";
    let warning =
        Diagnostic::warning(&code::CUDA_FROM_HOST, place_of(stack), what).note(site.place.gpu_span(), "on this GPU");
    let fix = format!("install CUDA {cuda} and cuDNN {cudnn} on the hosts, or take `tensorflow: \"2.14\"` or newer");
    Some(warning.fix(fix))
}

/// `this pytorch`, or `pytorch with tensorflow`.
fn names(wishes: &[Wish]) -> String {
    let keys: Vec<&str> = wishes.iter().map(|wish| wish.framework.key()).collect();
    match keys[..] {
        [] => "what this environment brings".to_owned(),
        [one] => format!("this {one}"),
        _ => keys.join(" with "),
    }
}

/// The one framework there is, wherever it was given; else as [`place_of`].
fn word_of<'a>(stack: &Stack<'a>) -> &'a Span {
    match stack.frameworks[..] {
        [(framework, _)] => &framework.span,
        _ => place_of(stack),
    }
}

/// The first framework that the environment gives itself, or its name.
fn place_of<'a>(stack: &Stack<'a>) -> &'a Span {
    stack.own.frameworks.first().map_or(&stack.own.name.span, |(framework, _)| &framework.span)
}
