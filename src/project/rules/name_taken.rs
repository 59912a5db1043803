//! A host group and a cluster have one name.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use std::collections::HashMap;

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    let groups: HashMap<&str, _> = world.manifest.hosts.iter().map(|g| (g.name.value.as_str(), &g.name.span)).collect();
    for cluster in &world.manifest.clusters {
        if let Some(group) = groups.get(cluster.name.value.as_str()) {
            let summary = format!("the name `{}` is taken by a host group", cluster.name.value);
            diagnostics.push(
                Diagnostic::error(&code::NAME_TAKEN, &cluster.name.span, summary)
                    .note(group, "the host group")
                    .why("both are addressed by their bare name")
                    .fix("rename one of the two"),
            );
        }
    }
}
