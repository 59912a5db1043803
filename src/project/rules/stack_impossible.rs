//! The frameworks of an environment do not go with its Python, or not with each other.

use super::World;
use crate::diagnostic::{Diagnostics, Span};
use crate::project::build::{needs_cuda, wishes};
use crate::project::world::Stack;
use crate::stack::{self, Python, Verdict, Wheels, Wish};

/// The rule. An environment that inherits everything is as good as the one it inherits from.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    let on_gpus = needs_cuda(world);
    for stack in &world.stacks {
        let Some(wishes) = wishes(stack) else { continue };
        let is_new = stack.own.python.is_some() || !stack.own.frameworks.is_empty();
        if is_new {
            with_python(world.wheels, stack, &wishes, diagnostics);
        }
        if on_gpus.contains(stack.own.name.value.as_str()) {
            diagnostics.extend_with(stack::check_together(world.wheels, &wishes).diagnostic(place(stack)));
        }
    }
}

fn with_python(wheels: &Wheels, stack: &Stack<'_>, wishes: &[Wish], diagnostics: &mut Diagnostics) {
    match stack.python {
        None => {
            if let Err(reason) = stack::default_python(wheels, wishes) {
                diagnostics.extend_with(Verdict::Refused(reason).diagnostic(&stack.own.name.span));
            }
        }
        Some(python) => {
            let Ok(line) = python.value.parse::<Python>() else { return };
            for (wish, (framework, version)) in wishes.iter().zip(&stack.frameworks) {
                let at = if stack.own.python.is_some() { &python.span } else { &version.span };
                let problem = stack::check(wheels, wish, line).diagnostic(at);
                let other = if stack.own.python.is_some() { &framework.span } else { &python.span };
                diagnostics.extend_with(problem.map(|problem| problem.note(other, "together with this")));
            }
        }
    }
}

/// The first framework that the environment gives itself, or its name.
fn place<'a>(stack: &Stack<'a>) -> &'a Span {
    stack.own.frameworks.first().map_or(&stack.own.name.span, |(framework, _)| &framework.span)
}
