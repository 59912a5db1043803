//! `modprobe` (`community.general.modprobe`): a kernel module is loaded, now and after the next start.

use super::{Effect, FreeForm, Lowering, Module};
use crate::playbook::arguments::{Arguments, Takes, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::call;

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["modprobe", "community.general.modprobe"],
    arguments: &[
        argument("name", Takes::Text),
        argument("state", Takes::Word(&["absent", "present"])),
        argument("params", Takes::Text),
        argument("persistent", Takes::Word(&["absent", "disabled", "present"])),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let name = arguments.required("name", lowering.module, lowering.diagnostics)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.starts_with('-') || !name.chars().all(is_name) {
        let span = arguments.span("name").unwrap_or(lowering.span).clone();
        return lowering.refuse(&span, format!("`{name}` is no name of a kernel module"), None);
    }
    let (state, params) = (arguments.text("state").unwrap_or("present"), arguments.text_or_empty("params"));
    let mut lines = vec![call("kernel_module", &[vec![name, state], params.split_whitespace().collect()].concat())];
    match arguments.text("persistent") {
        Some("present") => lines.push(call("kernel_module_stays", &[name, params])),
        Some("absent") => lines.push(call("kernel_module_goes", &[name])),
        _ => {}
    }
    Some(Effect::of(lines))
}
