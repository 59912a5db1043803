//! `group`: a group of users is there, or is not.

use super::file::flag;
use super::{Effect, FreeForm, Lowering, Module};
use crate::playbook::arguments::{Arguments, Takes, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::call;

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["group"],
    arguments: &[
        argument("name", Takes::Text),
        argument("state", Takes::Word(&["absent", "present"])),
        argument("gid", Takes::Text),
        argument("system", Takes::Bool),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let name = arguments.required("name", lowering.module, lowering.diagnostics)?;
    sound_name(name, arguments, lowering)?;
    if arguments.text("state") == Some("absent") {
        return Some(Effect::of(vec![call("group_absent", &[name])]));
    }
    let system = flag(arguments.is("system", false));
    Some(Effect::of(vec![call("group_present", &[name, arguments.text_or_empty("gid"), system])]))
}

/// Refuses what a tool would read as something else than a name.
pub(super) fn sound_name(name: &str, arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<()> {
    if !name.is_empty()
        && !name.starts_with('-')
        && !name.contains(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | '/'))
    {
        return Some(());
    }
    let span = arguments.span("name").unwrap_or(lowering.span).clone();
    lowering.refuse(&span, format!("`{name}` is no name of a user or group"), None)
}
