//! Rules on a host group with `provider: ssh`.

use super::endpoint::{Endpoint, is_user};
use super::spec::Spec;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span, code};
use crate::project::HostGroup;
use crate::yaml::Spanned;
use std::collections::BTreeMap;

/// Everything wrong with the section goes to `diagnostics`; the addresses that are right come back.
pub(super) fn check(group: &HostGroup, spec: &Spec, diagnostics: &mut Diagnostics) -> Vec<Endpoint> {
    check_user(spec, diagnostics);
    check_identity_file(spec, diagnostics);
    check_jump(spec, diagnostics);
    check_prefix(spec, diagnostics);
    check_addresses(group, spec, diagnostics)
}

fn check_addresses(group: &HostGroup, spec: &Spec, diagnostics: &mut Diagnostics) -> Vec<Endpoint> {
    if spec.addresses.is_empty() && !diagnostics.has_errors() {
        let summary = format!("host group `{}` has no host", group.name);
        let problem = Diagnostic::error(&code::BAD_ADDRESS, &group.span, summary);
        diagnostics.push(problem.fix("list one in `addresses`, or remove the group"));
    }
    let mut endpoints = Vec::new();
    let mut seen: BTreeMap<String, &Span> = BTreeMap::new();
    for address in &spec.addresses {
        let Some(endpoint) = read(address, "addresses", diagnostics) else { continue };
        if let Some(first) = seen.get(&endpoint.name()) {
            let summary = format!("`{}` is listed twice in host group `{}`", address.value, group.name);
            let problem = Diagnostic::error(&code::DUPLICATE_ADDRESS, &address.span, summary);
            diagnostics.push(problem.note(first, "first listed here").fix("remove one of them"));
            continue;
        }
        seen.insert(endpoint.name(), &address.span);
        endpoints.push(endpoint);
    }
    endpoints
}

fn read(text: &Spanned<String>, key: &str, diagnostics: &mut Diagnostics) -> Option<Endpoint> {
    match Endpoint::parse(&text.value) {
        Ok(endpoint) => Some(endpoint),
        Err(why) => {
            let shown = if text.value.is_empty() { "an empty text".to_owned() } else { format!("`{}`", text.value) };
            let summary = format!("{shown} in `{key}` is no address");
            let problem = Diagnostic::error(&code::BAD_ADDRESS, &text.span, summary).why(why);
            diagnostics.push(problem.fix("write `host`, `host:port`, `user@host` or `[::1]:22`"));
            None
        }
    }
}

fn check_jump(spec: &Spec, diagnostics: &mut Diagnostics) {
    let Some(jump) = &spec.jump else { return };
    for hop in jump.value.split(',') {
        read(&Spanned::new(hop.trim().to_owned(), jump.span.clone()), "jump", diagnostics);
    }
}

fn check_user(spec: &Spec, diagnostics: &mut Diagnostics) {
    if let Some(user) = spec.user.as_ref().filter(|user| !is_user(&user.value)) {
        refuse(&code::BAD_USER, user, "is no login name", "write the name alone, such as `ubuntu`", diagnostics);
    }
}

fn check_identity_file(spec: &Spec, diagnostics: &mut Diagnostics) {
    let is_bad = |path: &str| path.trim().is_empty() || path.starts_with('-') || path.contains(['\n', '"']);
    if let Some(path) = spec.identity_file.as_ref().filter(|path| is_bad(&path.value)) {
        refuse(&code::BAD_PATH, path, "is no path of a key", "write a path such as `~/.ssh/id_ed25519`", diagnostics);
    }
}

fn check_prefix(spec: &Spec, diagnostics: &mut Diagnostics) {
    if let Some(prefix) = spec.prefix.as_ref().filter(|prefix| !is_prefix(&prefix.value)) {
        let what = "is no folder everything can live in";
        let fix = "write an absolute path of letters, digits and `/._-` below `/`, such as `/opt/aether`";
        refuse(&code::BAD_PATH, prefix, what, fix, diagnostics);
    }
}

/// Paths with other characters break the first line of Python's scripts.
fn is_prefix(path: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    let names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
    path.starts_with('/') && !names.is_empty() && !names.contains(&"..") && path.chars().all(is_allowed)
}

fn refuse(code: &'static Code, value: &Spanned<String>, what: &str, fix: &str, diagnostics: &mut Diagnostics) {
    diagnostics.push(Diagnostic::error(code, &value.span, format!("`{}` {what}", value.value)).fix(fix));
}
