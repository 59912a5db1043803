//! `dnf` and `yum`: packages of Red Hat's family.

use super::apt::whole_number;
use super::file::flag;
use super::{Effect, FreeForm, Lowering, Module};
use crate::playbook::arguments::{Arguments, Takes, aliased, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::call;

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["dnf", "yum", "dnf5"],
    arguments: &[
        aliased("name", &["pkg"], Takes::List),
        argument("state", Takes::Word(&["absent", "installed", "latest", "present", "removed"])),
        aliased("update_cache", &["expire-cache"], Takes::Bool),
        argument("enablerepo", Takes::List),
        argument("disablerepo", Takes::List),
        argument("exclude", Takes::List),
        argument("disable_gpg_check", Takes::Bool),
        argument("install_weak_deps", Takes::Bool),
        argument("allow_downgrade", Takes::Bool),
        argument("allowerasing", Takes::Bool),
        argument("nobest", Takes::Bool),
        argument("autoremove", Takes::Bool),
        argument("lock_timeout", Takes::Text),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

pub(super) fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let names = arguments.list("name");
    let names: Vec<&str> = names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    let state = match arguments.text("state") {
        Some("absent" | "removed") => "absent",
        Some("latest") => "latest",
        _ => "present",
    };
    let span = arguments.span("name").unwrap_or(lowering.span).clone();
    for name in &names {
        if let Some(module) = name.strip_prefix('@') {
            let fix = format!("ask for it with `command: dnf module install {module}`");
            return lowering.refuse(&span, format!("the group or module `{name}` is not supported"), Some(&fix));
        }
        if name.starts_with('-') || name.contains(char::is_whitespace) || *name == "*" {
            let fix = "name a package, or a package with its version: `name-1.2.3`";
            return lowering.refuse(&span, format!("`{name}` is no package that can be asked for here"), Some(fix));
        }
        if name.contains(['<', '>', '=']) {
            let fix = "write the version after a dash: `name-1.2.3`";
            return lowering.refuse(&span, format!("the version in `{name}` is not supported"), Some(fix));
        }
    }
    whole_number("lock_timeout", "30", arguments, lowering)?;
    let mut lines = vec![format!("options={}", lowering.adding(&options(arguments)))];
    if arguments.is("update_cache", false) {
        lines.push(call("dnf_lists", &[flag(names.is_empty())]));
    }
    if !names.is_empty() {
        let (function, words) = match state {
            "absent" => ("dnf_absent", vec![flag(arguments.is("autoremove", false))]),
            state => ("dnf_present", vec![state, flag(arguments.is("allow_downgrade", false))]),
        };
        lines.push("if [ \"$state\" != failed ]; then".to_owned());
        lines.push(format!("  {}", call(function, &[words, names].concat())));
        lines.push("fi".to_owned());
    }
    Some(Effect::of(lines))
}

/// Words for dnf, the same for looking and acting.
fn options(arguments: &Arguments) -> Vec<String> {
    let mut options = Vec::new();
    for (name, word) in [("enablerepo", "--enablerepo"), ("disablerepo", "--disablerepo"), ("exclude", "--exclude")] {
        options.extend(arguments.list(name).iter().map(|value| format!("{word}={value}")));
    }
    for (name, word) in
        [("disable_gpg_check", "--nogpgcheck"), ("allowerasing", "--allowerasing"), ("nobest", "--nobest")]
    {
        options.extend(arguments.is(name, false).then(|| word.to_owned()));
    }
    options.extend((!arguments.is("install_weak_deps", true)).then(|| "--setopt=install_weak_deps=False".to_owned()));
    options
}
