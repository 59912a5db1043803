//! `provider:` names a provider that does not exist.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, code, nearest};

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for provider in world.places().map(|place| place.provider) {
        let known = || world.providers.iter().map(|known| known.provider);
        if known().any(|name| name == provider.value) {
            continue;
        }
        let summary = format!("there is no provider `{}`", provider.value);
        let problem = Diagnostic::error(&code::PROVIDER_UNKNOWN, &provider.span, summary);
        diagnostics.push(match nearest(&provider.value, known()) {
            Some(near) => problem.fix(format!("did you mean `{near}`?")),
            None => problem.fix(format!("write one of `{}`", known().collect::<Vec<_>>().join("`, `"))),
        });
    }
}
