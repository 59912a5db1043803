//! `set_fact`: variables for the tasks after it. They are decided while compiling.

use super::{Effect, FreeForm, Lowering, Module};
use crate::playbook::arguments::Arguments;
use crate::playbook::scope::Answers;

/// The row of the table.
pub(super) const MODULE: Module =
    Module { names: &["set_fact"], arguments: &[], answers: Answers::State, free_form: FreeForm::Names, lower };

#[expect(clippy::unnecessary_wraps, reason = "every module has this shape")]
fn lower(_: &Arguments, _: &mut Lowering<'_>) -> Option<Effect> {
    Some(Effect::default())
}
