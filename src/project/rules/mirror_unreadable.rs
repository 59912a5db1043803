//! A mirror is no place that could be asked.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, code};

/// The rule.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    let mirrors = &world.manifest.mirrors;
    for url in mirrors.urls() {
        if let Some(why) = no_url(&url.value) {
            let summary = format!("`{}` is no URL of a mirror", url.value);
            diagnostics.push(
                Diagnostic::error(&code::MIRROR_UNREADABLE, &url.span, summary)
                    .why(why)
                    .fix("write it whole, such as `https://mirror.example.com/simple`"),
            );
        }
    }
    let registry = mirrors.registry.iter();
    for registry in registry.filter(|registry| !is_registry(&registry.value)) {
        let summary = format!("`{}` is no beginning of an image's name", registry.value);
        diagnostics.push(
            Diagnostic::error(&code::MIRROR_UNREADABLE, &registry.span, summary)
                .why("it stands before the name of an image, so it has a host and perhaps a path, in lower case")
                .fix("write it without `https://`, such as `registry.example.com/hub`"),
        );
    }
}

fn no_url(text: &str) -> Option<&'static str> {
    let Some((scheme, rest)) = text.split_once("://") else { return Some("it does not begin with `https://`") };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if !matches!(scheme, "http" | "https") {
        Some("a mirror is reached by `https` or `http`")
    } else if host.is_empty() || host.starts_with(':') {
        Some("it names no host")
    } else if text.contains(|c: char| c.is_whitespace() || c.is_control() || "\"'\\`$".contains(c)) {
        Some("it has characters that no URL has")
    } else {
        None
    }
}

fn is_registry(text: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_:/".contains(c);
    let host = text.split('/').next().unwrap_or_default();
    text.chars().all(is_allowed)
        && text.trim_end_matches('/').split('/').all(|part| !part.is_empty())
        && (host.contains(['.', ':']) || host == "localhost")
        && !text.contains("://")
}
