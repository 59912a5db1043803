//! A key about NVIDIA's software on hosts that have no NVIDIA GPU.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::project::world::Place;
use crate::stack::tables;

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for place in world.places() {
        let Some(why) = without_nvidia(&place) else { continue };
        for (key, span) in place.gpu_keys() {
            diagnostics.push(
                Diagnostic::error(&code::KEY_WITHOUT_GPU, span, format!("`{key}` means nothing here"))
                    .note(&place.name.span, why.clone())
                    .fix(format!("add `accelerators: A100:8`, or remove `{key}`")),
            );
        }
    }
}

/// Why there is no NVIDIA GPU; none where there may be one.
fn without_nvidia(place: &Place<'_>) -> Option<String> {
    // What cannot be read was reported, and may have meant any GPU.
    let is_unreadable = place.accelerators.is_some_and(|text| !text.value.eq_ignore_ascii_case("none"));
    match place.gpus() {
        None if is_unreadable => None,
        None => Some("has no `accelerators`".to_owned()),
        Some((name, _)) => {
            let other = tables().other_accelerator(&name)?;
            Some(format!("has accelerators of another maker, `{}`", other.name))
        }
    }
}
