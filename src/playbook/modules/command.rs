//! `command` and `shell`: runs a program.

use super::{Effect, FreeForm, Lowering, Module};
use crate::diagnostic::{Diagnostic, code};
use crate::playbook::arguments::{Argument, Arguments, Takes, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::{call, quote, quote_pattern, split_words};

const ARGUMENTS: &[Argument] = &[
    argument("cmd", Takes::Text),
    argument("argv", Takes::List),
    argument("chdir", Takes::Text),
    argument("creates", Takes::Text),
    argument("removes", Takes::Text),
    argument("stdin", Takes::Text),
    argument("stdin_add_newline", Takes::Bool),
    argument("strip_empty_ends", Takes::Bool),
    argument("expand_argument_vars", Takes::Bool),
    argument("executable", Takes::Text),
];

/// The row of `command`.
pub(super) const MODULE: Module = Module {
    names: &["command"],
    arguments: ARGUMENTS,
    answers: Answers::Command,
    free_form: FreeForm::Command,
    lower: lower_command,
};

/// The row of `shell`.
pub(super) const SHELL: Module = Module {
    names: &["shell"],
    arguments: ARGUMENTS,
    answers: Answers::Command,
    free_form: FreeForm::Command,
    lower: lower_shell,
};

fn lower_command(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let words = match (arguments.text("cmd"), arguments.value("argv")) {
        (Some(command), None) => match split_words(command) {
            Some(words) => words,
            None => return complain(arguments, lowering, "a quote in the command is not closed"),
        },
        (None, Some(_)) => arguments.list("argv"),
        _ => return complain(arguments, lowering, "`command` needs either a command or `argv`"),
    };
    if words.is_empty() {
        return complain(arguments, lowering, "the command is empty");
    }
    let expands = arguments.is("expand_argument_vars", true);
    let words = words.iter().map(|word| if expands { expanded(word, lowering.environment) } else { quote(word) });
    Some(attempt(arguments, lowering, None, &words.collect::<Vec<_>>().join(" ")))
}

fn lower_shell(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let Some(command) = arguments.text("cmd") else {
        return complain(arguments, lowering, "`shell` needs a command");
    };
    let shell = arguments.text("executable").unwrap_or("/bin/sh");
    let words = call(&quote(shell), &["-c", command]);
    Some(attempt(arguments, lowering, None, &words))
}

/// Nothing can be run; says why.
pub(super) fn complain(arguments: &Arguments, lowering: &mut Lowering<'_>, text: &str) -> Option<Effect> {
    let span = arguments.span("cmd").unwrap_or(lowering.span);
    lowering.diagnostics.push(Diagnostic::error(&code::NO_MODULE, span, text));
    None
}

/// Runs words of shell, after a line that makes ready for them, unless `creates` or `removes` say that it is not time.
pub(super) fn attempt(arguments: &Arguments, lowering: &mut Lowering<'_>, ready: Option<&str>, words: &str) -> Effect {
    let mut lines = Vec::new();
    let folder = arguments.text_or_empty("chdir");
    let creates = looked_for(arguments, "creates", folder, &mut lines);
    let removes = looked_for(arguments, "removes", folder, &mut lines);
    let input = input(arguments, lowering);
    lines.push(format!("if may_run {creates} {removes}; then"));
    if let Some(function) = &input {
        lines.push(format!("  {function} >\"$run/in\""));
    }
    lines.extend(ready.map(|line| format!("  {line}")));
    let input = if input.is_some() { "\"$run/in\"" } else { "/dev/null" };
    lines.push(format!("  attempt {} {input} {words}", quote(folder)));
    lines.push("fi".to_owned());
    Effect::of(lines)
}

/// Looks whether a path is there, into a variable; returns the word for it.
fn looked_for(arguments: &Arguments, name: &str, folder: &str, lines: &mut Vec<String>) -> String {
    let Some(path) = arguments.text(name) else { return "''".to_owned() };
    let path = if path.starts_with('/') || folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
    lines.push(format!("if there {}; then {name}=yes; else {name}=no; fi", quote_pattern(&path)));
    format!("\"${name}\"")
}

fn input(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<String> {
    let text = arguments.text("stdin")?;
    let end = if arguments.is("stdin_add_newline", true) { "\n" } else { "" };
    Some(lowering.carry(format!("{text}{end}").into_bytes()).0)
}

/// A word of `command`, in which Ansible puts the values of environment variables.
fn expanded(word: &str, environment: &[(String, String)]) -> String {
    if !word.contains('$') && !word.starts_with('~') {
        return quote(word);
    }
    let (home, mut rest) = match word.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => ("\"$HOME\"", rest),
        _ => ("", word),
    };
    let mut line = home.to_owned();
    while let Some(at) = rest.find('$') {
        let (name, after) = variable(&rest[at + 1..]);
        line.push_str(&if at > 0 { quote(&rest[..at]) } else { String::new() });
        let known = environment.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        line.push_str(&match known {
            Some(value) => quote(value),
            None if name.is_empty() => quote("$"),
            None => format!("\"${{{name}-\\${name}}}\""),
        });
        rest = after;
    }
    if !rest.is_empty() || line.is_empty() {
        line.push_str(&quote(rest));
    }
    line
}

/// The name after a `$`, and what follows.
fn variable(rest: &str) -> (&str, &str) {
    if let Some((name, after)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        return (name, after);
    }
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
    if rest.starts_with(|c: char| c.is_ascii_digit()) { ("", rest) } else { rest.split_at(end) }
}
