//! `debug`: a message, or the value of a variable.

use super::{Effect, FreeForm, Lowering, Module};
use crate::playbook::arguments::{Arguments, Takes, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::call;
use crate::playbook::{filters, problem, template};
use serde_json::Value;

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["debug"],
    arguments: &[argument("msg", Takes::Any), argument("var", Takes::Text), argument("verbosity", Takes::Text)],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    if arguments.text("verbosity").is_some_and(|level| level != "0") {
        return Some(Effect::of(vec![call("skip", &["Verbosity threshold not met."])]));
    }
    let text = match (arguments.value("msg"), arguments.text("var")) {
        (Some(message), _) => shown(message),
        (None, Some(variable)) => match template::evaluate(variable, lowering.scope) {
            Ok(value) => format!("{variable}: {}", shown(&value)),
            Err(error) => {
                let span = arguments.span("var").unwrap_or(lowering.span);
                lowering.diagnostics.push(problem::of_template(&error, span, lowering.scope));
                return None;
            }
        },
        (None, None) => "Hello world!".to_owned(),
    };
    Some(Effect::of(vec![call("say", &[&text])]))
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => filters::json_text(other),
    }
}
