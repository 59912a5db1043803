//! `user`: an account is there with these properties, or is not.

use super::file::flag;
use super::group::sound_name;
use super::{Effect, FreeForm, Lowering, Module};
use crate::playbook::arguments::{Arguments, Takes, aliased, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::{call, quote};

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["user"],
    arguments: &[
        aliased("name", &["user"], Takes::Text),
        argument("state", Takes::Word(&["absent", "present"])),
        argument("uid", Takes::Text),
        argument("group", Takes::Text),
        argument("groups", Takes::List),
        argument("append", Takes::Bool),
        argument("comment", Takes::Text),
        argument("home", Takes::Text),
        argument("shell", Takes::Text),
        aliased("create_home", &["createhome"], Takes::Bool),
        argument("system", Takes::Bool),
        argument("remove", Takes::Bool),
        argument("force", Takes::Bool),
        argument("password", Takes::Text),
        argument("update_password", Takes::Word(&["always", "on_create"])),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let name = arguments.required("name", lowering.module, lowering.diagnostics)?;
    sound_name(name, arguments, lowering)?;
    if arguments.text("state") == Some("absent") {
        let (remove, force) = (flag(arguments.is("remove", false)), flag(arguments.is("force", false)));
        return Some(Effect::of(vec![call("user_absent", &[name, remove, force])]));
    }
    let groups = arguments.value("groups").map(|_| {
        let names = arguments.list("groups");
        names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(",")
    });
    let text = |name| quote(arguments.text_or_empty(name));
    let mut lines = vec![
        format!("want_uid={} want_group={} want_comment={}", text("uid"), text("group"), text("comment")),
        format!("want_home={} want_shell={}", text("home"), text("shell")),
        format!("sets_groups={} want_groups={}", flag(groups.is_some()), quote(&groups.unwrap_or_default())),
        format!("sets_comment={}", flag(arguments.value("comment").is_some())),
    ];
    let append = flag(arguments.is("append", false));
    let (create_home, system) = (flag(arguments.is("create_home", true)), flag(arguments.is("system", false)));
    lines.push(call("user_present", &[name, append, create_home, system]));
    if let Some(hash) = arguments.text("password") {
        // A program is read by nobody but its user; a command line by everybody.
        let function = lowering.define("hash", &format!("  printf '%s' {}\n", quote(hash)));
        let always = flag(arguments.text("update_password") != Some("on_create"));
        lines.extend(["if [ \"$state\" != failed ]; then".to_owned()]);
        lines.extend([format!("  {}", call("user_password", &[name, &function, always])), "fi".to_owned()]);
    }
    Some(Effect::of(lines))
}
