//! `stat`: what is at a path. Nothing changes; conditions ask for single values.

use super::{Effect, FreeForm, Lowering, Module};
use crate::playbook::arguments::{Arguments, Takes, aliased, argument};
use crate::playbook::scope::Answers;

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["stat"],
    arguments: &[
        aliased("path", &["dest", "name"], Takes::Text),
        argument("get_checksum", Takes::Bool),
        argument("get_mime", Takes::Bool),
        argument("get_attributes", Takes::Bool),
    ],
    answers: Answers::Stat,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let path = arguments.required("path", lowering.module, lowering.diagnostics)?;
    Some(Effect { looks_at: Some(path.to_owned()), ..Effect::default() })
}
