//! A mirror's URL carries a password or a token.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::yaml::Spanned;

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    for url in world.manifest.mirrors.urls() {
        if let Some(what) = secret(url) {
            diagnostics.push(
                Diagnostic::error(&code::MIRROR_SECRET, &url.span, format!("the URL of this mirror carries {what}"))
                    .why("it would be written into generated files, logs and the history of this one")
                    .fix("take it out, and put `machine HOST login NAME password …` into `~/.netrc` here and on the hosts"),
            );
        }
    }
}

fn secret(url: &Spanned<String>) -> Option<&'static str> {
    let (_, rest) = url.value.split_once("://")?;
    let (authority, _) = rest.split_once(['/', '?', '#']).unwrap_or((rest, ""));
    let user = authority.rsplit_once('@').map(|(user, _)| user);
    match user {
        Some(user) if user.contains(':') => Some("a password"),
        _ if rest.contains('?') => Some("a query, where tokens are put"),
        _ => None,
    }
}
