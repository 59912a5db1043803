//! A playbook's path leads out of the project.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, code};

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for path in world.manifest.hosts.iter().flat_map(|group| &group.playbooks) {
        if let Some(why) = offence(&path.value) {
            diagnostics.push(
                Diagnostic::error(
                    &code::PATH_OUTSIDE,
                    &path.span,
                    format!("`{}` is no path in the project", path.value),
                )
                .why(why)
                .fix("write it relative to the manifest, such as `playbooks/site.yml`"),
            );
        }
    }
}

fn offence(path: &str) -> Option<&'static str> {
    if path.trim().is_empty() {
        Some("it is empty")
    } else if path.starts_with(['/', '~']) {
        Some("another machine that checks the project out does not have it")
    } else if path.split('/').any(|part| part == "..") {
        Some("`..` leads out of what is kept in version control together")
    } else if path.contains(['\\', '\0', '\n']) {
        Some("folders are separated by `/`")
    } else {
        None
    }
}
