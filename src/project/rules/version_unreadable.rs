//! The version of a framework is no PEP 440 specifier.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::stack;

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for (framework, version) in world.manifest.environments.iter().flat_map(|e| &e.frameworks) {
        if stack::specifier(&version.value).is_err() {
            let summary = format!("`{}` is no version of {}", version.value, framework.value.key());
            diagnostics.push(Diagnostic::error(&code::VERSION_UNREADABLE, &version.span, summary).fix(
                "write `\"2.10\"` for a release line, `\"2.10.1\"` for one release, or a range such as `\">=2.8,<3\"`",
            ));
        }
    }
}
