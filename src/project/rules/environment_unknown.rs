//! A host group, a cluster or `extends` names an environment that is not declared.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, code, nearest};
use crate::yaml::Spanned;

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    let from_places = world.places().flat_map(|place| place.environments);
    let from_environments = world.manifest.environments.iter().filter_map(|e| e.extends.as_ref());
    for name in from_places.chain(from_environments).filter(|name| !world.has_environment(&name.value)) {
        diagnostics.push(problem(world, name));
    }
}

fn problem(world: &World<'_>, name: &Spanned<String>) -> Diagnostic {
    let summary = format!("there is no environment `{}`", name.value);
    let problem = Diagnostic::error(&code::ENVIRONMENT_UNKNOWN, &name.span, summary);
    let names = || world.manifest.environments.iter().map(|e| e.name.value.as_str());
    match nearest(&name.value, names()) {
        Some(near) => problem.fix(format!("did you mean `{near}`?")),
        None => problem.fix(format!("declare it below `environments:`, as `{}: {{pytorch: \"2.10\"}}`", name.value)),
    }
}
