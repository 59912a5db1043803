//! `assert`: conditions that must hold. What is known is decided while compiling; the rest is asked on the host.

use super::{Effect, FreeForm, Lowering, Module};
use crate::diagnostic::{Diagnostic, code};
use crate::playbook::arguments::{Arguments, Takes, aliased, argument};
use crate::playbook::scope::Answers;
use crate::playbook::{condition, problem, template};
use serde_json::Value;

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["assert"],
    arguments: &[
        argument("that", Takes::Condition),
        aliased("fail_msg", &["msg"], Takes::Text),
        argument("success_msg", Takes::Text),
        argument("quiet", Takes::Bool),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let span = arguments.span("that").unwrap_or(lowering.span);
    let conditions = match arguments.value("that") {
        Some(Value::Array(items)) => items.clone(),
        Some(single) => vec![single.clone()],
        None => {
            lowering.diagnostics.push(Diagnostic::error(&code::MISSING_KEY, span, "`assert` needs `that`"));
            return None;
        }
    };
    let mut wants = Vec::new();
    for raw in &conditions {
        match condition::read(raw, lowering.scope) {
            Ok(test) => wants.push((template::text_of(raw), test)),
            Err(error) => {
                lowering.diagnostics.push(problem::of_condition(&error, span, lowering.scope));
                return None;
            }
        }
    }
    let message = arguments.text("fail_msg").map(str::to_owned);
    Some(Effect { wants, message, ..Effect::default() })
}
