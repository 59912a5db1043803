//! An environment asks for one package in two ways.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::manifest::{Environment, Framework};
use crate::project::requirement::Requirement;
use std::collections::HashMap;

/// The rule. What a package inherited through `extends` says is replaced, not contradicted.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for stack in &world.stacks {
        let frameworks = stack.frameworks.iter();
        let taken: HashMap<&str, (Framework, &Span)> = frameworks
            .flat_map(|(framework, _)| {
                packages(framework.value).iter().map(|name| (*name, (framework.value, &framework.span)))
            })
            .collect();
        within(stack.own, &taken, diagnostics);
    }
}

fn within(environment: &Environment, taken: &HashMap<&str, (Framework, &Span)>, diagnostics: &mut Diagnostics) {
    let mut first: HashMap<String, &Span> = HashMap::new();
    for package in &environment.packages {
        let Ok(requirement) = Requirement::parse(&package.value) else { continue };
        let name = requirement.name.clone();
        let problem = |summary: String| Diagnostic::error(&code::PACKAGE_CONFLICT, &package.span, summary);
        if let Some((framework, span)) = taken.get(name.as_str()) {
            let key = framework.key();
            diagnostics.push(
                problem(format!("`{name}` comes with `{key}` already"))
                    .note(span, "given here")
                    .why(format!("`{key}` picks the build that fits each host"))
                    .fix(format!("write its version at `{key}`, and remove it here")),
            );
        } else if let Some(earlier) = first.get(&name).filter(|_| !requirement.is_conditional) {
            diagnostics.push(
                problem(format!("package `{name}` is given twice"))
                    .note(earlier, "first given here")
                    .fix("keep one of the two"),
            );
        } else {
            first.insert(name, &package.span);
        }
    }
}

/// The packages a framework's key stands for.
fn packages(framework: Framework) -> &'static [&'static str] {
    match framework {
        Framework::Pytorch => &["torch"],
        Framework::Tensorflow => &["tensorflow", "tensorflow-cpu", "tensorflow-gpu"],
        Framework::Jax => &["jax", "jaxlib"],
        Framework::ScikitLearn => &["scikit-learn", "sklearn"],
    }
}
