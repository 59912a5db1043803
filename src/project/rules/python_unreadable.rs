//! `python:` is no release line.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::stack::Python;

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for python in world.manifest.environments.iter().filter_map(|e| e.python.as_ref()) {
        if python.value.parse::<Python>().is_err() {
            let summary = format!("`{}` is no release line of Python", python.value);
            diagnostics.push(
                Diagnostic::error(&code::PYTHON_UNREADABLE, &python.span, summary)
                    .why("an environment follows one line, such as 3.12, and gets its newest patch release")
                    .fix(match line(&python.value) {
                        Some(line) => format!("write `\"{line}\"`"),
                        None => "write two numbers, such as `\"3.12\"`".to_owned(),
                    }),
            );
        }
    }
}

/// The line that a longer form most likely means: `3.12.4`, `==3.12`, `python3.12`.
fn line(text: &str) -> Option<Python> {
    let from = &text[text.find("3.")?..];
    let digits: String = from[2..].chars().take_while(char::is_ascii_digit).collect();
    format!("3.{digits}").parse().ok()
}
