//! The frameworks of an environment do not go with its Python.

use super::World;
use crate::diagnostic::Diagnostics;
use crate::project::build::wishes;
use crate::project::world::Stack;
use crate::stack::{self, Python, Verdict, Wheels, Wish};

/// The rule. An environment that inherits everything is as good as the one it inherits from.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for stack in &world.stacks {
        let Some(wishes) = wishes(stack) else { continue };
        let is_new = stack.own.python.is_some() || !stack.own.frameworks.is_empty();
        if is_new {
            with_python(world.wheels, stack, &wishes, diagnostics);
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
