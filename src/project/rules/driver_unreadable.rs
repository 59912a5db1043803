//! `driver:` is no version of the NVIDIA driver and not `keep`.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, code, nearest};
use crate::project::software::driver;
use crate::stack::tables;

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for text in world.places().filter_map(|place| place.software.driver.as_ref()) {
        if driver(&text.value).is_none() {
            let summary = format!("`{}` is no driver", text.value);
            diagnostics.push(
                Diagnostic::error(&code::DRIVER_UNREADABLE, &text.span, summary)
                    .why("a driver is a branch such as 580, or one of its releases such as 580.65.06")
                    .fix(way_out(&text.value)),
            );
        }
    }
}

fn way_out(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).take(3).collect();
    let branch = tables().branches.iter().find(|row| row.branch.to_string() == digits);
    match (nearest(text, ["keep"]), branch) {
        (Some(word), _) => format!("did you mean `{word}`?"),
        (None, Some(row)) => format!("write `\"{}\"`", row.branch),
        (None, None) => "write `\"580\"`, or leave `driver` out for the branch that fits".to_owned(),
    }
}
