//! `lineinfile`: a file has a line, or has none like it.

use super::file::flag;
use super::{Effect, FreeForm, Lowering, Module};
use crate::diagnostic::{Diagnostic, code};
use crate::playbook::arguments::{Arguments, Takes, aliased, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::call;

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["lineinfile"],
    arguments: &[
        aliased("path", &["dest", "destfile", "name"], Takes::Text),
        aliased("line", &["value"], Takes::Text),
        aliased("regexp", &["regex"], Takes::Text),
        argument("state", Takes::Word(&["absent", "present"])),
        argument("create", Takes::Bool),
        argument("mode", Takes::Mode),
        argument("owner", Takes::Text),
        argument("group", Takes::Text),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let path = arguments.required("path", lowering.module, lowering.diagnostics)?;
    let pattern = match arguments.text("regexp") {
        Some(pattern) => extended(pattern).or_else(|| complain(arguments, lowering))?,
        None => String::new(),
    };
    let is_absent = arguments.text("state") == Some("absent");
    if !is_absent {
        arguments.required("line", lowering.module, lowering.diagnostics)?;
    }
    let (mode, create) = (arguments.mode(), flag(arguments.is("create", false)));
    let (owner, group) = (arguments.text_or_empty("owner"), arguments.text_or_empty("group"));
    let (line, wants) = (arguments.text_or_empty("line"), if is_absent { "absent" } else { "present" });
    Some(Effect::of(vec![call("line_in_file", &[path, wants, line, &pattern, create, &mode, owner, group])]))
}

fn complain(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<String> {
    let span = arguments.span("regexp").unwrap_or(lowering.span);
    let summary = "this regular expression is not supported";
    let problem = Diagnostic::error(&code::UNSUPPORTED_ARGUMENT, span, summary);
    let why = "it is matched by awk on the host, which has no look-around, lazy repeats, groups with `(?` or counts";
    lowering.diagnostics.push(problem.why(why));
    None
}

/// Python's expression as awk's, where both mean the same.
fn extended(pattern: &str) -> Option<String> {
    let mut text = String::new();
    let mut characters = pattern.chars().peekable();
    let mut is_in_class = false;
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        match character {
            '\\' => {
                characters.next();
                text.push_str(&escape(next?, is_in_class)?);
            }
            '[' if !is_in_class => {
                is_in_class = true;
                text.push('[');
            }
            ']' => {
                is_in_class = false;
                text.push(']');
            }
            '{' | '}' if !is_in_class => return None,
            '(' if next == Some('?') && !is_in_class => return None,
            '*' | '+' | '?' if matches!(next, Some('?' | '+')) && !is_in_class => return None,
            other => text.push(other),
        }
    }
    (!is_in_class).then_some(text)
}

fn escape(character: char, is_in_class: bool) -> Option<String> {
    let class = match character {
        's' => "[:space:]",
        'd' => "[:digit:]",
        'w' => "[:alnum:]_",
        't' => return Some("\t".to_owned()),
        other if other.is_alphanumeric() => return None,
        other => return Some(format!("\\{other}")),
    };
    Some(if is_in_class { class.to_owned() } else { format!("[{class}]") })
}

#[cfg(test)]
mod tests {
    use super::extended;

    #[test]
    fn classes_are_written_as_awk_knows_them() {
        assert_eq!(extended(r"^#?\s*Port\b").as_deref(), None);
        assert_eq!(
            extended(r"^#?\s*Port\s+[\d.]+$").as_deref(),
            Some(r"^#?[[:space:]]*Port[[:space:]]+[[:digit:].]+$")
        );
    }

    #[test]
    fn what_awk_has_not_is_refused() {
        for pattern in ["(?i)x", "a.*?b", "a{2}", "[a", r"\1"] {
            assert_eq!(extended(pattern), None, "{pattern}");
        }
    }
}
