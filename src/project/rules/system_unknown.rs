//! `system:` names an operating system that the tables do not have.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, code, nearest};
use crate::stack::{System, tables};

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for system in world.places().filter_map(|place| place.software.system.as_ref()) {
        if System::named(&system.value).is_some() {
            continue;
        }
        let names: Vec<&str> = tables().systems.iter().map(|system| system.name.as_str()).collect();
        let summary = format!("there are no tables for the system `{}`", system.value);
        let problem = Diagnostic::error(&code::SYSTEM_UNKNOWN, &system.span, summary);
        diagnostics.push(match nearest(&system.value, names.iter().copied()) {
            Some(near) => problem.fix(format!("did you mean `{near}`?")),
            None => problem
                .why(format!("they have {}", names.join(", ")))
                .fix("leave `system` out, and what depends on it is not confirmed"),
        });
    }
}
