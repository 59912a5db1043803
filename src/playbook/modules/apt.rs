//! `apt`, and `package` where it means apt: Debian packages.

use super::file::flag;
use super::{Effect, FreeForm, Lowering, Module};
use crate::diagnostic::{Diagnostic, code};
use crate::playbook::arguments::{Arguments, Takes, aliased, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::call;

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["apt", "package"],
    arguments: &[
        aliased("name", &["pkg", "package"], Takes::List),
        argument("state", Takes::Word(&["absent", "latest", "present"])),
        aliased("update_cache", &["update-cache"], Takes::Bool),
        argument("cache_valid_time", Takes::Text),
        aliased("install_recommends", &["install-recommends"], Takes::Bool),
        argument("purge", Takes::Bool),
        argument("autoremove", Takes::Bool),
        argument("use", Takes::Word(&["apt", "auto"])),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    if !lowering.environment.is_empty() {
        let summary = format!("`{}` with `environment` is not supported", lowering.module);
        let problem = Diagnostic::error(&code::UNSUPPORTED_KEYWORD, lowering.span, summary);
        lowering
            .diagnostics
            .push(problem.why("the variables would not reach apt-get").fix("set them in apt's own configuration"));
        return None;
    }
    let names = arguments.list("name");
    let names: Vec<&str> = names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    let valid = arguments.text("cache_valid_time");
    let mut lines = Vec::new();
    if arguments.is("update_cache", valid.is_some()) {
        lines.push(call("apt_lists", &[valid.unwrap_or("0"), flag(names.is_empty())]));
    }
    if !names.is_empty() {
        let recommends = match arguments.value("install_recommends").and_then(serde_json::Value::as_bool) {
            Some(true) => "--install-recommends",
            Some(false) => "--no-install-recommends",
            None => "",
        };
        let (purge, autoremove) = (flag(arguments.is("purge", false)), flag(arguments.is("autoremove", false)));
        let state = arguments.text("state").unwrap_or("present");
        let words = match state {
            "absent" => vec![purge, autoremove],
            state => vec![state, recommends],
        };
        let function = if state == "absent" { "apt_absent" } else { "apt_present" };
        lines.push("if [ \"$state\" != failed ]; then".to_owned());
        lines.push(format!("  {}", call(function, &[words, names].concat())));
        lines.push("fi".to_owned());
    }
    Some(Effect::of(lines))
}
