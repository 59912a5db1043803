//! `dpkg_selections`: a package is held, or free to change.

use super::{Effect, FreeForm, Lowering, Module};
use crate::playbook::arguments::{Arguments, Takes, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::call;

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["dpkg_selections"],
    arguments: &[
        argument("name", Takes::Text),
        argument("selection", Takes::Word(&["deinstall", "hold", "install", "purge"])),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let name = arguments.required("name", lowering.module, lowering.diagnostics)?;
    let selection = arguments.required("selection", lowering.module, lowering.diagnostics)?;
    Some(Effect::of(vec![call("dpkg_selection", &[name, selection])]))
}
