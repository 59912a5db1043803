//! An environment that no host group, cluster or other environment uses.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use std::collections::HashSet;

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    let from_places = world.places().flat_map(|place| place.environments);
    let from_environments = world.manifest.environments.iter().filter_map(|e| e.extends.as_ref());
    let used: HashSet<&str> = from_places.chain(from_environments).map(|name| name.value.as_str()).collect();
    for environment in world.manifest.environments.iter().filter(|e| !used.contains(e.name.value.as_str())) {
        let name = &environment.name;
        diagnostics.push(
            Diagnostic::warning(
                &code::ENVIRONMENT_UNUSED,
                &name.span,
                format!("nothing uses environment `{}`", name.value),
            )
            .fix(format!("add `environments: [{}]` to a host group, or remove it", name.value)),
        );
    }
}
