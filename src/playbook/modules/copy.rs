//! `copy`: a file, or a text, is on the host.

use super::file::flag;
use super::{Effect, FreeForm, Lowering, Module};
use crate::diagnostic::{Diagnostic, code};
use crate::playbook::arguments::{Arguments, Takes, aliased, argument};
use crate::playbook::filters;
use crate::playbook::scope::Answers;
use crate::playbook::shell::{call, quote, split_words};
use serde_json::Value;

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["copy"],
    arguments: &[
        argument("src", Takes::Text),
        argument("content", Takes::Any),
        argument("dest", Takes::Text),
        argument("mode", Takes::Mode),
        argument("owner", Takes::Text),
        argument("group", Takes::Text),
        aliased("force", &["thirsty"], Takes::Bool),
        argument("follow", Takes::Bool),
        argument("validate", Takes::Text),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let (name, bytes) = match (arguments.value("content"), arguments.text("src")) {
        (Some(content), None) => (None, content_of(content)),
        (None, Some(source)) => {
            let name = source.rsplit('/').next().unwrap_or(source).to_owned();
            (Some(name), source_of("files", source, arguments, lowering)?)
        }
        _ => {
            let problem =
                Diagnostic::error(&code::MISSING_KEY, lowering.span, "`copy` needs either `src` or `content`");
            lowering.diagnostics.push(problem);
            return None;
        }
    };
    place(arguments, name.as_deref(), bytes, lowering)
}

/// What `content` comes to: text as it is, anything else as JSON.
fn content_of(content: &Value) -> Vec<u8> {
    match content {
        Value::Object(_) | Value::Array(_) => filters::json_text(content).into_bytes(),
        other => crate::playbook::template::text_of(other).into_bytes(),
    }
}

/// The bytes of a file of the library.
pub(super) fn source_of(
    kind: &str,
    source: &str,
    arguments: &Arguments,
    lowering: &mut Lowering<'_>,
) -> Option<Vec<u8>> {
    if let Some((_, bytes)) = lowering.find(kind, source) {
        return Some(bytes);
    }
    let span = arguments.span("src").unwrap_or(lowering.span);
    let places: Vec<String> = lowering.folders.iter().map(|folder| format!("`{folder}/{kind}/`")).collect();
    let problem = Diagnostic::error(&code::MISSING_FILE, span, format!("there is no file `{source}`"));
    lowering.diagnostics.push(problem.why(format!("looked in {}", places.join(" and "))));
    None
}

/// The call that puts bytes where they belong.
pub(super) fn place(
    arguments: &Arguments,
    name: Option<&str>,
    bytes: Vec<u8>,
    lowering: &mut Lowering<'_>,
) -> Option<Effect> {
    let dest = arguments.required("dest", lowering.module, lowering.diagnostics)?;
    let (function, sum) = lowering.carry(bytes);
    let mut lines = Vec::new();
    let validate = validator(arguments, lowering);
    let (force, follow) = (flag(arguments.is("force", true)), flag(arguments.is("follow", false)));
    let (mode, owner, group) = (arguments.mode(), arguments.text_or_empty("owner"), arguments.text_or_empty("group"));
    let parents = flag(dest.ends_with('/'));
    let rest = call("", &[&sum, &function, &mode, owner, group, force, follow, &validate, parents]);
    match name {
        Some(name) => {
            lines.push(call("into", &[dest, name]));
            lines.push(format!("place \"$dest\"{rest}"));
        }
        None => lines.push(format!("place {}{rest}", quote(dest))),
    }
    Some(Effect::of(lines))
}

/// Writes the function that checks a finished file, and returns its name.
fn validator(arguments: &Arguments, lowering: &mut Lowering<'_>) -> String {
    let Some(command) = arguments.text("validate") else { return String::new() };
    let words = split_words(command).unwrap_or_default();
    let words: Vec<String> = words
        .iter()
        .map(|word| match word.split_once("%s") {
            Some((before, after)) => format!("{}\"$1\"{}", piece(before), piece(after)),
            None => quote(word),
        })
        .collect();
    lowering.define("valid", &format!("  {}\n", words.join(" ")))
}

/// Part of a word: nothing when it is empty.
fn piece(text: &str) -> String {
    if text.is_empty() { String::new() } else { quote(text) }
}
