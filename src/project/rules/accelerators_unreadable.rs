//! `accelerators:` has another form than `A100:8`.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::project::accelerators;

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for text in world.places().filter_map(|place| place.accelerators) {
        if let Err(why) = accelerators::parse(&text.value) {
            let summary = format!("`{}` names no accelerators", text.value);
            diagnostics.push(
                Diagnostic::error(&code::ACCELERATORS_UNREADABLE, &text.span, summary)
                    .why(why)
                    .fix("write model and count, such as `A100:8`, or `none`"),
            );
        }
    }
}
