//! `template`: a filled-in template is on the host.

use super::copy::{place, source_of};
use super::{Effect, FreeForm, Lowering, Module};
use crate::diagnostic::{Diagnostic, Source, Span, code};
use crate::playbook::arguments::{Arguments, Takes, argument};
use crate::playbook::scope::Answers;
use crate::playbook::{problem, template};

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["template"],
    arguments: &[
        argument("src", Takes::Text),
        argument("dest", Takes::Text),
        argument("mode", Takes::Mode),
        argument("owner", Takes::Text),
        argument("group", Takes::Text),
        argument("force", Takes::Bool),
        argument("follow", Takes::Bool),
        argument("validate", Takes::Text),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let source = arguments.required("src", lowering.module, lowering.diagnostics)?;
    let bytes = source_of("templates", source, arguments, lowering)?;
    let span = arguments.span("src").unwrap_or(lowering.span);
    let Ok(text) = String::from_utf8(bytes) else {
        lowering.diagnostics.push(Diagnostic::error(&code::NOT_UTF8, span, format!("`{source}` is not UTF-8")));
        return None;
    };
    match template::render_file(&text, lowering.scope) {
        Ok(filled) => {
            let name = source.rsplit('/').next().unwrap_or(source).to_owned();
            place(arguments, Some(&name), filled.into_bytes(), lowering)
        }
        Err(error) => {
            let place = Span::start_of(&Source::new(source, text.as_str()));
            let wrong = problem::of_template(&error, &place, lowering.scope);
            lowering.diagnostics.push(wrong.note(span, "the template is used here"));
            None
        }
    }
}
