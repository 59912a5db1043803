//! A list names the same environment or playbook twice.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::yaml::Spanned;
use std::collections::HashMap;

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    let playbooks = world.manifest.hosts.iter().map(|group| group.playbooks.as_slice());
    for list in world.places().map(|place| place.environments).chain(playbooks) {
        repeated(list, diagnostics);
    }
}

fn repeated(list: &[Spanned<String>], diagnostics: &mut Diagnostics) {
    let mut first: HashMap<&str, &Span> = HashMap::new();
    for item in list {
        if let Some(earlier) = first.insert(&item.value, &item.span) {
            diagnostics.push(
                Diagnostic::error(&code::NAMED_TWICE, &item.span, format!("`{}` is listed twice", item.value))
                    .note(earlier, "first listed here")
                    .fix("remove one of the two"),
            );
        }
    }
}
