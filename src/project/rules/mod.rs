//! What makes a manifest a valid project: one file per offence, one row in [`ALL`].
//!
//! A rule is a pure function from the world to diagnostics. Rules do not know each other, and each sees the whole world
//! even when another found it wanting.

mod accelerator_unknown;
mod accelerators_unreadable;
mod driver_unreadable;
mod environment_unknown;
mod environment_unused;
mod extends_cycle;
mod key_needs_root;
mod key_without_gpu;
mod mirror_secret;
mod mirror_unreadable;
mod name_taken;
mod named_twice;
mod package_conflict;
mod package_unreadable;
mod path_outside;
mod provider_unknown;
mod python_impossible;
mod python_unreadable;
mod section_keys;
mod system_unknown;
mod toolkit_unknown;
mod version_unreadable;

use super::world::World;
use crate::diagnostic::Diagnostics;

/// One rule.
type Rule = fn(&World<'_>, &mut Diagnostics);

/// Every rule about what must hold.
static ALL: &[Rule] = &[
    environment_unknown::check,
    provider_unknown::check,
    section_keys::check,
    extends_cycle::check,
    name_taken::check,
    named_twice::check,
    accelerators_unreadable::check,
    system_unknown::check,
    driver_unreadable::check,
    toolkit_unknown::check,
    key_without_gpu::check,
    key_needs_root::check,
    path_outside::check,
    mirror_unreadable::check,
    mirror_secret::check,
    python_unreadable::check,
    version_unreadable::check,
    package_unreadable::check,
    package_conflict::check,
    python_impossible::check,
    accelerator_unknown::check,
];

/// Rules about what is merely odd; they speak only when nothing is wrong, since a mistake makes many things odd.
static ODDITIES: &[Rule] = &[environment_unused::check];

/// Applies every rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for rule in ALL {
        rule(world, diagnostics);
    }
    if !diagnostics.has_errors() {
        for rule in ODDITIES {
            rule(world, diagnostics);
        }
    }
}
