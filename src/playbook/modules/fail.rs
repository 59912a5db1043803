//! `fail`: the run stops here, with a message.

use super::{Effect, FreeForm, Lowering, Module};
use crate::playbook::arguments::{Arguments, Takes, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::call;

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["fail"],
    arguments: &[argument("msg", Takes::Text)],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

#[expect(clippy::unnecessary_wraps, reason = "every module has this shape")]
fn lower(arguments: &Arguments, _: &mut Lowering<'_>) -> Option<Effect> {
    let message = arguments.text("msg").unwrap_or("Failed as requested from task");
    Some(Effect::of(vec![call("fail", &[message])]))
}
