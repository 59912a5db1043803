//! `script`: runs a program that lies beside the playbook.

use super::command::{attempt, complain};
use super::copy::source_of;
use super::{Effect, FreeForm, Lowering, Module};
use crate::playbook::arguments::{Arguments, Takes, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::{quote, split_words};

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["script"],
    arguments: &[
        argument("cmd", Takes::Text),
        argument("chdir", Takes::Text),
        argument("creates", Takes::Text),
        argument("removes", Takes::Text),
        argument("executable", Takes::Text),
    ],
    answers: Answers::Command,
    free_form: FreeForm::Command,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let words = arguments.text("cmd").and_then(split_words).unwrap_or_default();
    let Some((file, rest)) = words.split_first() else {
        return complain(arguments, lowering, "`script` needs the name of a file, and quotes in it must be closed");
    };
    let bytes = source_of("files", file, arguments, lowering)?;
    let (function, _) = lowering.carry(bytes);
    let program = "\"$run/script\"".to_owned();
    let interpreter: Vec<String> =
        arguments.text("executable").and_then(split_words).unwrap_or_default().iter().map(|word| quote(word)).collect();
    let start = format!("{function} >{program} && chmod 700 {program}");
    let words: Vec<String> =
        interpreter.into_iter().chain([program]).chain(rest.iter().map(|word| quote(word))).collect();
    Some(attempt(arguments, lowering, Some(&start), &words.join(" ")))
}
