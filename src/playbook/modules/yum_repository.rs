//! `yum_repository`: dnf knows a repository, or does not.

use super::{Effect, FreeForm, Lowering, Module};
use crate::diagnostic::{Diagnostic, code};
use crate::playbook::arguments::{Argument, Arguments, Takes, aliased, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::call;
use crate::playbook::template;
use serde_json::Value;

/// Arguments that are keys of the file, under the same name.
const KEYS: &[Argument] = &[
    argument("baseurl", Takes::List),
    argument("cost", Takes::Text),
    argument("enabled", Takes::Bool),
    aliased("exclude", &["excludepkgs"], Takes::List),
    argument("gpgcheck", Takes::Bool),
    argument("gpgkey", Takes::List),
    argument("includepkgs", Takes::List),
    argument("metadata_expire", Takes::Text),
    argument("metalink", Takes::Text),
    argument("mirrorlist", Takes::Text),
    argument("module_hotfixes", Takes::Bool),
    argument("priority", Takes::Text),
    argument("proxy", Takes::Text),
    argument("repo_gpgcheck", Takes::Bool),
    argument("retries", Takes::Text),
    argument("skip_if_unavailable", Takes::Bool),
    aliased("sslcacert", &["ca_cert"], Takes::Text),
    aliased("sslverify", &["validate_certs"], Takes::Bool),
    argument("timeout", Takes::Text),
];

/// All arguments: the keys and what is about the file.
const ARGUMENTS: &[Argument] = &{
    let mut all = [argument("name", Takes::Text); KEYS.len() + 8];
    all[1] = argument("description", Takes::Text);
    all[2] = argument("state", Takes::Word(&["absent", "present"]));
    all[3] = argument("file", Takes::Text);
    all[4] = argument("reposdir", Takes::Text);
    all[5] = argument("mode", Takes::Mode);
    all[6] = argument("owner", Takes::Text);
    all[7] = argument("group", Takes::Text);
    let mut next = 0;
    while next < KEYS.len() {
        all[8 + next] = KEYS[next];
        next += 1;
    }
    all
};

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["yum_repository"],
    arguments: ARGUMENTS,
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let name = arguments.required("name", lowering.module, lowering.diagnostics)?;
    let is_absent = arguments.text("state") == Some("absent");
    if !is_absent {
        arguments.required("description", lowering.module, lowering.diagnostics)?;
        if !["baseurl", "mirrorlist", "metalink"].iter().any(|key| arguments.value(key).is_some()) {
            let summary = "`yum_repository` needs one of `baseurl`, `mirrorlist` and `metalink`";
            lowering.diagnostics.push(Diagnostic::error(&code::MISSING_KEY, lowering.span, summary));
            return None;
        }
    }
    let folder = arguments.text("reposdir").unwrap_or("/etc/yum.repos.d");
    let path = format!("{folder}/{}.repo", arguments.text("file").unwrap_or(name));
    let (mode, owner) = (arguments.mode(), arguments.text_or_empty("owner"));
    let group = arguments.text_or_empty("group");
    let wanted = if is_absent { String::new() } else { entries(arguments).join("\n") };
    Some(Effect::of(vec![call("ini_section", &[&path, name, &wanted, &mode, owner, group])]))
}

/// The lines of the section, sorted as Ansible sorts them.
fn entries(arguments: &Arguments) -> Vec<String> {
    let mut entries: Vec<(&str, String)> = KEYS
        .iter()
        .filter_map(|key| Some((key.name, arguments.value(key.name)?)))
        .map(|(key, value)| (key, written(key, value)))
        .collect();
    entries.push(("name", arguments.text_or_empty("description").to_owned()));
    entries.sort();
    entries.into_iter().map(|(key, value)| format!("{key} = {value}")).collect()
}

fn written(key: &str, value: &Value) -> String {
    match value {
        Value::Bool(is_on) => u8::from(*is_on).to_string(),
        Value::Array(items) => {
            let between = if matches!(key, "baseurl" | "gpgkey") { "\n\t" } else { " " };
            items.iter().map(template::text_of).collect::<Vec<_>>().join(between)
        }
        other => template::text_of(other),
    }
}
