//! `cuda_toolkit:` is no CUDA release.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::project::software::toolkit;
use crate::stack::tables;

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for text in world.places().filter_map(|place| place.software.cuda_toolkit.as_ref()) {
        if let Err(is_version) = toolkit(&text.value) {
            diagnostics.push(problem(&text.value, &text.span, is_version));
        }
    }
}

fn problem(text: &str, span: &Span, is_version: bool) -> Diagnostic {
    let near = nearest_releases(text);
    if is_version {
        let summary = format!("there is no toolkit of CUDA {text} in the tables");
        Diagnostic::error(&code::TOOLKIT_UNKNOWN, span, summary).fix(format!("write {near}"))
    } else {
        Diagnostic::error(&code::TOOLKIT_UNKNOWN, span, format!("`{text}` is no release of CUDA"))
            .why("toolkits are installed by release line, such as 12.8, and get its newest update")
            .fix(format!("write {near}"))
    }
}

/// The releases next to what was written, as they are written.
fn nearest_releases(text: &str) -> String {
    let lines: Vec<(u64, u64)> = lines();
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<u64>().ok());
    let Some(major) = numbers.next() else { return newest(&lines) };
    let minor = numbers.next();
    let of_major: Vec<_> = lines.iter().filter(|line| line.0 == major).collect();
    let written = |line: &(u64, u64)| format!("`\"{}.{}\"`", line.0, line.1);
    match (minor, &of_major[..]) {
        (_, []) => newest(&lines),
        (None, [.., last]) => written(last),
        (Some(minor), all) => {
            let below = all.iter().rev().find(|line| line.1 <= minor);
            let above = all.iter().find(|line| line.1 > minor).filter(|_| below.is_none_or(|line| line.1 != minor));
            below.into_iter().chain(above).map(|line| written(line)).collect::<Vec<_>>().join(" or ")
        }
    }
}

fn newest(lines: &[(u64, u64)]) -> String {
    lines.last().map(|line| format!("a release such as `\"{}.{}\"`", line.0, line.1)).unwrap_or_default()
}

/// Every release line of the tables, oldest first.
fn lines() -> Vec<(u64, u64)> {
    let mut lines: Vec<(u64, u64)> =
        tables().toolkits.iter().map(|row| (row.version.release()[0], row.version.release()[1])).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}
