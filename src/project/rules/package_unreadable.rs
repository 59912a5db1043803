//! An item of `packages:` is nothing a package index can answer.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::project::requirement::Requirement;

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for package in world.manifest.environments.iter().flat_map(|e| &e.packages) {
        if let Err(offence) = Requirement::parse(&package.value) {
            let summary = format!("`{}` is no requirement", package.value);
            diagnostics.push(
                Diagnostic::error(&code::PACKAGE_UNREADABLE, &package.span, summary).why(offence.why).fix(offence.fix),
            );
        }
    }
}
