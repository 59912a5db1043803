//! `apt`: Debian packages.

use super::file::flag;
use super::get_url::is_address;
use super::{Effect, FreeForm, Lowering, Module};
use crate::playbook::arguments::{Arguments, Takes, aliased, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::{call, quote, quote_pattern};

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["apt"],
    arguments: &[
        aliased("name", &["pkg", "package"], Takes::List),
        argument("state", Takes::Word(&["absent", "latest", "present"])),
        argument("deb", Takes::Text),
        aliased("update_cache", &["update-cache"], Takes::Bool),
        argument("cache_valid_time", Takes::Text),
        aliased("install_recommends", &["install-recommends"], Takes::Bool),
        aliased("default_release", &["default-release"], Takes::Text),
        argument("only_upgrade", Takes::Bool),
        aliased("allow_downgrade", &["allow-downgrade", "allow_downgrades", "allow-downgrades"], Takes::Bool),
        argument("allow_change_held_packages", Takes::Bool),
        argument("lock_timeout", Takes::Text),
        argument("purge", Takes::Bool),
        argument("autoremove", Takes::Bool),
        argument("force_apt_get", Takes::Bool),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

pub(super) fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let names = arguments.list("name");
    let names: Vec<&str> = names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    let state = arguments.text("state").unwrap_or("present");
    sound_names(&names, state, arguments, lowering)?;
    let valid = whole_number("cache_valid_time", "0", arguments, lowering)?;
    let patience = whole_number("lock_timeout", "60", arguments, lowering)?;
    let mut lines = vec![format!("patience={}", quote(patience))];
    if arguments.is("update_cache", valid != "0") {
        let is_alone = names.is_empty() && arguments.text("deb").is_none();
        lines.push(call("apt_lists", &[valid, flag(is_alone)]));
    }
    if let Some(package) = arguments.text("deb") {
        lines.push(call("apt_file", &[package, flag(is_address(package))]));
    }
    if state == "absent" {
        let (purge, autoremove) = (flag(arguments.is("purge", false)), flag(arguments.is("autoremove", false)));
        if !names.is_empty() {
            push_unless_failed(&mut lines, &call("apt_absent", &[vec![purge, autoremove], names].concat()));
        }
    } else if !names.is_empty() {
        lines.push(format!("options={} fits={}", lowering.adding(&options(arguments)), versions(&names, lowering)));
        let only_upgrade = flag(arguments.is("only_upgrade", false));
        push_unless_failed(&mut lines, &call("apt_present", &[vec![state, only_upgrade], names].concat()));
    }
    Some(Effect::of(lines))
}

/// Gives the program the function that knows the versions that are wanted, which may be patterns.
fn versions(names: &[&str], lowering: &mut Lowering<'_>) -> String {
    let pinned: Vec<String> = names.iter().filter(|name| name.contains('=')).map(|name| quote_pattern(name)).collect();
    if pinned.is_empty() {
        return "false".to_owned();
    }
    lowering.define("fits", &format!("  case $1 in\n  {}) return 0 ;;\n  esac\n  return 1\n", pinned.join(" | ")))
}

/// Words for `apt-get install`.
fn options(arguments: &Arguments) -> Vec<String> {
    let mut options: Vec<String> = Vec::new();
    match arguments.value("install_recommends").and_then(serde_json::Value::as_bool) {
        Some(true) => options.push("--install-recommends".to_owned()),
        Some(false) => options.push("--no-install-recommends".to_owned()),
        None => {}
    }
    let switches = [
        ("allow_downgrade", "--allow-downgrades"),
        ("allow_change_held_packages", "--allow-change-held-packages"),
        ("only_upgrade", "--only-upgrade"),
        ("autoremove", "--auto-remove"),
    ];
    options.extend(switches.iter().filter(|(name, _)| arguments.is(name, false)).map(|(_, word)| (*word).to_owned()));
    options.extend(arguments.text("default_release").map(|release| format!("--target-release={release}")));
    options
}

fn push_unless_failed(lines: &mut Vec<String>, line: &str) {
    lines.extend(["if [ \"$state\" != failed ]; then".to_owned(), format!("  {line}"), "fi".to_owned()]);
}

/// What apt-get would read as something else than a package.
fn sound_names(names: &[&str], state: &str, arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<()> {
    let span = arguments.span("name").unwrap_or(lowering.span).clone();
    for name in names {
        let bare = name.split(['=', '<', '>']).next().unwrap_or(name);
        let has_pattern = bare.contains(['*', '?', '[']);
        if name.contains(['<', '>']) || name.starts_with('-') || name.contains(char::is_whitespace) {
            let fix = "name a package, or a package with its version: `name=1.2.3` or `name=1.2.*`";
            return lowering.refuse(&span, format!("`{name}` is no package that can be asked for here"), Some(fix));
        }
        if has_pattern && state != "absent" {
            let fix = "name each package; a pattern can stand for packages to remove";
            return lowering.refuse(
                &span,
                format!("the pattern `{name}` with `state: {state}` is not supported"),
                Some(fix),
            );
        }
        if name.contains('=') && state != "present" {
            let summary = format!("`{name}` names a version, which `state: {state}` does not take");
            return lowering.refuse(&span, summary, None);
        }
    }
    Some(())
}

/// A number of seconds, as a word of shell.
pub(super) fn whole_number<'a>(
    name: &str,
    default: &'a str,
    arguments: &'a Arguments,
    lowering: &mut Lowering<'_>,
) -> Option<&'a str> {
    let text = arguments.text(name).unwrap_or(default);
    if !text.is_empty() && text.len() < 10 && text.chars().all(|c| c.is_ascii_digit()) {
        return Some(text);
    }
    let span = arguments.span(name).unwrap_or(lowering.span).clone();
    lowering.refuse(&span, format!("`{name}` takes a whole number, not `{text}`"), None)
}
