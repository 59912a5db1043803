//! `when`, `changed_when`, `failed_when` and `that`: what is known is decided here, the rest becomes shell.
//!
//! A condition on the result of an earlier task is evaluated on the host, so it costs no round trip. What cannot be
//! put into shell ends a segment of the program; until segments are sent one by one that is a diagnostic.

mod atom;
mod shell;
mod tokens;

pub(super) use shell::{Asked, to_shell};

use super::scope::Scope;
use super::template::{self, TemplateError};
use serde_json::Value;
use tokens::{Token, split_at, tokens};

/// Conditions inside variables inside conditions.
const DEPTH_MAX: usize = 16;

/// A condition, as far as it can be decided before the program runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    /// Decided.
    Known(bool),
    /// Asked on the host.
    Ask(Question),
    /// Not this one.
    Not(Box<Test>),
    /// All of them.
    All(Vec<Test>),
    /// One of them.
    Any(Vec<Test>),
}

/// What is asked of a running program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Question {
    /// Whether it only looks.
    CheckMode,
    /// Whether the task ended in one of these states.
    Ended(usize, &'static [&'static str]),
    /// Whether a value of a result compares like this.
    Compare(usize, Field, Comparison),
}

/// A value of a result.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    /// Exit status.
    Rc,
    /// What it printed.
    Stdout,
    /// What it printed to standard error.
    Stderr,
    /// How many lines it printed.
    StdoutLines,
    /// How many lines it printed to standard error.
    StderrLines,
    /// A value of `stat`.
    Stat(String),
}

/// How a value is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Comparison {
    /// As text.
    Same(String),
    /// As text.
    Differs(String),
    /// As whole numbers, with an operator of `test`.
    Number(&'static str, i64),
    /// Has this part.
    Contains(String),
    /// Has this line.
    HasLine(String),
}

/// Reads a condition: text of an expression, or a plain `true` or `false`.
pub(super) fn read(raw: &Value, scope: &Scope) -> Result<Test, TemplateError> {
    match raw {
        Value::Bool(is_true) => Ok(Test::Known(*is_true)),
        Value::String(text) => {
            let text = template::sole_expression(text).unwrap_or(text);
            read_expression(text, scope, 0)
        }
        Value::Array(items) => items.iter().map(|item| read(item, scope)).collect::<Result<_, _>>().map(all),
        other => Err(TemplateError::Wrong(format!("`{other}` is no condition; write an expression, true or false"))),
    }
}

/// Every one of the tests, decided as far as possible.
pub(super) fn all(tests: Vec<Test>) -> Test {
    join(tests, false, Test::All)
}

fn any(tests: Vec<Test>) -> Test {
    join(tests, true, Test::Any)
}

/// `decisive` is the answer of one test that decides the whole; tests after it are not even asked.
fn join(tests: Vec<Test>, decisive: bool, wrap: fn(Vec<Test>) -> Test) -> Test {
    let mut open = Vec::new();
    for test in tests {
        match test {
            Test::Known(answer) if answer == decisive => {
                if open.is_empty() {
                    return Test::Known(decisive);
                }
                open.push(test);
                break;
            }
            Test::Known(_) => {}
            test => open.push(test),
        }
    }
    match open.len() {
        0 => Test::Known(!decisive),
        1 => open.swap_remove(0),
        _ => wrap(open),
    }
}

fn not(test: Test) -> Test {
    match test {
        Test::Known(answer) => Test::Known(!answer),
        Test::Not(inner) => *inner,
        test => Test::Not(Box::new(test)),
    }
}

fn read_expression(text: &str, scope: &Scope, depth: usize) -> Result<Test, TemplateError> {
    if depth > DEPTH_MAX {
        return Err(TemplateError::Wrong("the condition uses itself".to_owned()));
    }
    let Some(tokens) = tokens(text) else {
        return decided(text, scope);
    };
    read_tokens(text, &tokens, scope, depth)
}

fn read_tokens(text: &str, tokens: &[Token<'_>], scope: &Scope, depth: usize) -> Result<Test, TemplateError> {
    let is_choice = tokens.iter().any(|token| token.depth == 0 && token.text == "if");
    if is_choice || tokens.is_empty() {
        return decided(slice(text, tokens), scope);
    }
    let read_each = |parts: Vec<&[Token<'_>]>, decisive: bool| {
        let mut tests = Vec::new();
        for part in parts {
            let read = read_tokens(text, part, scope, depth)?;
            let is_last = read == Test::Known(decisive);
            tests.push(read);
            // Like Jinja, ask no further: what comes after may be undefined.
            if is_last {
                break;
            }
        }
        Ok(tests)
    };
    if let Some(parts) = split_at(tokens, "or") {
        return read_each(parts, true).map(any);
    }
    if let Some(parts) = split_at(tokens, "and") {
        return read_each(parts, false).map(all);
    }
    if tokens[0].text == "not" {
        return read_tokens(text, &tokens[1..], scope, depth).map(not);
    }
    if let Some(inner) = tokens::inside_brackets(tokens) {
        let inner: Vec<Token<'_>> = inner.iter().map(|token| Token { depth: token.depth - 1, ..*token }).collect();
        return read_tokens(text, &inner, scope, depth);
    }
    let expression = slice(text, tokens);
    match template::later_name(expression, scope) {
        Some(name) => atom::read(text, tokens, scope, depth, &name),
        None => decided(expression, scope),
    }
}

/// The part of the text that the tokens cover.
fn slice<'a>(text: &'a str, tokens: &[Token<'_>]) -> &'a str {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => &text[first.start..last.end],
        _ => text,
    }
}

fn decided(expression: &str, scope: &Scope) -> Result<Test, TemplateError> {
    match template::evaluate(expression, scope)? {
        Value::Bool(answer) => Ok(Test::Known(answer)),
        other => Err(TemplateError::Wrong(format!(
            "`{}` is {}, and a condition must be true or false",
            expression.trim(),
            noun(&other)
        ))),
    }
}

fn noun(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}
