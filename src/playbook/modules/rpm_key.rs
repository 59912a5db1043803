//! `rpm_key`: rpm trusts a key, or does not.

use super::get_url::{is_address, sound_address};
use super::{Effect, FreeForm, Lowering, Module};
use crate::playbook::arguments::{Arguments, Takes, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::call;

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["rpm_key"],
    arguments: &[
        argument("key", Takes::Text),
        argument("state", Takes::Word(&["absent", "present"])),
        argument("fingerprint", Takes::List),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let key = arguments.required("key", lowering.module, lowering.diagnostics)?;
    if is_address(key) {
        sound_address("key", key, arguments, lowering)?;
    }
    let state = arguments.text("state").unwrap_or("present");
    let prints: Vec<String> =
        arguments.list("fingerprint").iter().map(|print| print.replace(' ', "").to_uppercase()).collect();
    let mut words = vec![key, state];
    words.extend(prints.iter().map(String::as_str));
    Some(Effect::of(vec![call("rpm_key", &words)]))
}
