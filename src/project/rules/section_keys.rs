//! A provider's section has keys it does not know, lacks one, or has values of another type. The provider looks closer
//! once the project stands; this rule lets all such mistakes be shown at once.

use super::World;
use crate::diagnostic::Diagnostics;
use crate::manifest::fields;
use crate::yaml::{Field, Map, Node};

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for group in &world.manifest.hosts {
        let what = format!("host group `{}`", group.name.value);
        section(world, &group.provider.value, &group.section, &what, fields::HOST_GROUP, diagnostics);
    }
    for cluster in &world.manifest.clusters {
        let what = format!("cluster `{}`", cluster.name.value);
        section(world, &cluster.provider.value, &cluster.section, &what, fields::CLUSTER, diagnostics);
    }
}

fn section(
    world: &World<'_>,
    provider: &str,
    section: &Node,
    what: &str,
    beside: &[Field],
    diagnostics: &mut Diagnostics,
) {
    if let Some(known) = world.providers.iter().find(|known| known.provider == provider) {
        Map::read_section(section, what, known.fields, beside, diagnostics);
    }
}
