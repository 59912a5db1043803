//! What is wrong with a template or condition, as a diagnostic.

use super::scope::Scope;
use super::template::TemplateError;
use crate::diagnostic::{Diagnostic, Span, code, nearest};

/// The diagnostic for a template that has no value.
pub(super) fn of_template(error: &TemplateError, span: &Span, scope: &Scope) -> Diagnostic {
    match error {
        TemplateError::Later(name) => {
            let summary = format!("`{name}` is not known before the program runs");
            Diagnostic::error(&code::NEEDS_SEGMENT, span, summary)
                .why("a result of a task can decide a `when`; it cannot yet become part of another task's text")
                .fix(format!("move the decision into `when: {name} …`, or do both steps in one `shell` task"))
        }
        TemplateError::Undefined(Some(name)) => {
            let problem = Diagnostic::error(&code::UNDEFINED_VARIABLE, span, format!("`{name}` has no value here"));
            let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
            match nearest(name, scope.names()).filter(|meant| is_name && *meant != name.as_str()) {
                Some(meant) => problem.fix(format!("did you mean `{meant}`?")),
                None => problem.fix("give it one in `vars` or the role's defaults, or write `| default(…)`"),
            }
        }
        TemplateError::Undefined(None) => {
            Diagnostic::error(&code::UNDEFINED_VARIABLE, span, "a variable in this template has no value here")
        }
        TemplateError::Wrong(text) => {
            Diagnostic::error(&code::BAD_TEMPLATE, span, "this template cannot be filled in").why(text.clone())
        }
    }
}

/// The diagnostic for a condition.
pub(super) fn of_condition(error: &TemplateError, span: &Span, scope: &Scope) -> Diagnostic {
    match error {
        TemplateError::Later(name) => {
            let summary = format!("the condition asks more of `{name}` than a host program can answer");
            Diagnostic::error(&code::NEEDS_SEGMENT, span, summary)
                .why(
                    "a condition on a result becomes shell; this one needs the controller between two parts of the run",
                )
                .fix("ask with `is changed`, `.rc == 0`, `'text' in x.stdout`, `x.stdout == 'text'` or `x.stat.exists`")
        }
        TemplateError::Wrong(text) => {
            Diagnostic::error(&code::NO_CONDITION, span, "this condition cannot be decided").why(text.clone())
        }
        TemplateError::Undefined(_) => of_template(error, span, scope),
    }
}
