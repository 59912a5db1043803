//! One comparison that asks for the result of an earlier task.

use super::tokens::Token;
use super::{Comparison, Field, Question, Test, any, not, read_expression};
use crate::playbook::scope::{Answers, Raw, Registered, Scope};
use crate::playbook::template::{self, CHECK_MODE, TemplateError};
use serde_json::Value;

/// One of the two sides of a comparison.
#[derive(Debug)]
enum Side {
    /// Known before the program runs.
    Known(Value),
    /// A result, or a value of it, or the value's length.
    Result(Registered, Vec<String>, Shape),
}

/// What filters made of a value.
#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Plain,
    Length,
    Default(Value),
}

/// Reads a comparison without `and`, `or` and `not`; `name` is what it depends on.
pub(super) fn read(
    text: &str,
    tokens: &[Token<'_>],
    scope: &Scope,
    depth: usize,
    name: &str,
) -> Result<Test, TemplateError> {
    let later = || TemplateError::Later(name.to_owned());
    if let [only] = strip_bool(tokens) {
        if only.text == CHECK_MODE {
            return Ok(Test::Ask(Question::CheckMode));
        }
        if let Some(Raw::Template(Value::String(raw))) = scope.get(only.text)
            && let Some(expression) = template::sole_expression(raw)
        {
            return read_expression(expression, scope, depth + 1);
        }
    }
    let Some(position) = tokens.iter().position(|token| token.depth == 0 && is_operator(token.text)) else {
        let side = side(text, tokens, scope).ok_or_else(later)?;
        return truth(side).ok_or_else(later);
    };
    let (left, right) = (&tokens[..position], &tokens[position + 1..]);
    let (word, right, is_negated) = match (tokens[position].text, right.first().map(|token| token.text)) {
        ("not", Some("in")) => ("in", &right[1..], true),
        ("is", Some("not")) => ("is", &right[1..], true),
        (word, _) => (word, right, false),
    };
    let left = side(text, left, scope).ok_or_else(later)?;
    let answer = match word {
        "is" => state_test(left, right),
        "in" => membership(left, side(text, right, scope).ok_or_else(later)?),
        operator => comparison(left, operator, side(text, right, scope).ok_or_else(later)?),
    };
    answer.map(|answer| if is_negated { not(answer) } else { answer }).ok_or_else(later)
}

fn is_operator(word: &str) -> bool {
    matches!(word, "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not" | "is")
}

fn strip_bool<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    match tokens {
        [rest @ .., pipe, filter] if pipe.text == "|" && filter.text == "bool" => rest,
        _ => tokens,
    }
}

fn side(text: &str, tokens: &[Token<'_>], scope: &Scope) -> Option<Side> {
    let expression = super::slice(text, tokens);
    if template::later_name(expression, scope).is_none() {
        return template::evaluate(expression, scope).ok().map(Side::Known);
    }
    let tokens = match super::tokens::inside_brackets(tokens) {
        Some(inner) => inner,
        None => tokens,
    };
    let base = tokens.first()?.depth;
    let mut parts = tokens.split(|token| token.depth == base && token.text == "|");
    let (first, path) = path(parts.next()?)?;
    let mut side = match scope.result(first) {
        Some(result) => Side::Result(result, path, Shape::Plain),
        None => alias(first, &path, scope)?,
    };
    for filter in parts {
        side = filtered(side, text, filter, scope)?;
    }
    Some(side)
}

/// A variable that stands for the value of a result.
fn alias(name: &str, path: &[String], scope: &Scope) -> Option<Side> {
    let Some(Raw::Template(Value::String(raw))) = scope.get(name) else { return None };
    let expression = template::sole_expression(raw)?;
    let inner = super::tokens::tokens(expression)?;
    // A variable that leads back to itself leads nowhere.
    if inner.iter().any(|token| token.text == name) {
        return None;
    }
    match side(expression, &inner, scope)? {
        Side::Result(result, mut steps, Shape::Plain) => {
            steps.extend(path.iter().cloned());
            Some(Side::Result(result, steps, Shape::Plain))
        }
        other => path.is_empty().then_some(other),
    }
}

/// `name.a['b']` as the name and its steps.
fn path<'a>(tokens: &[Token<'a>]) -> Option<(&'a str, Vec<String>)> {
    let (first, mut rest) = tokens.split_first()?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        rest = match rest {
            [dot, name, rest @ ..] if dot.text == "." => {
                steps.push(name.text.to_owned());
                rest
            }
            [open, key, close, rest @ ..] if open.text == "[" && close.text == "]" && key.is_quoted() => {
                steps.push(key.text[1..key.text.len() - 1].to_owned());
                rest
            }
            _ => return None,
        };
    }
    Some((first.text, steps))
}

fn filtered(side: Side, text: &str, filter: &[Token<'_>], scope: &Scope) -> Option<Side> {
    let Side::Result(result, path, shape) = side else { return None };
    let shape = match (filter.first()?.text, &shape) {
        ("trim" | "int" | "bool" | "string", _) if filter.len() == 1 => shape,
        ("length" | "count", Shape::Plain) if filter.len() == 1 => Shape::Length,
        ("default" | "d", Shape::Plain) => {
            let expression = super::slice(text, filter.get(2..filter.len() - 1)?);
            Shape::Default(template::evaluate(expression, scope).ok()?)
        }
        _ => return None,
    };
    Some(Side::Result(result, path, shape))
}

/// The value of a result that a path leads to.
fn field(result: Registered, path: &[String], shape: &Shape) -> Option<Field> {
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    match (result.answers, steps.as_slice(), shape) {
        (Answers::Command, ["rc"], Shape::Plain | Shape::Default(_)) => Some(Field::Rc),
        (Answers::Command, ["stdout"], _) => Some(Field::Stdout),
        (Answers::Command, ["stderr"], _) => Some(Field::Stderr),
        (Answers::Command, ["stdout_lines"], Shape::Length | Shape::Plain) => Some(Field::StdoutLines),
        (Answers::Command, ["stderr_lines"], Shape::Length | Shape::Plain) => Some(Field::StderrLines),
        (Answers::Stat, ["stat", name], Shape::Plain | Shape::Default(_)) => {
            STAT_FIELDS.contains(name).then(|| Field::Stat((*name).to_owned()))
        }
        _ => None,
    }
}

/// What `stat` answers here.
const STAT_FIELDS: &[&str] = &[
    "exists",
    "isdir",
    "isreg",
    "islnk",
    "executable",
    "readable",
    "writeable",
    "mode",
    "size",
    "uid",
    "gid",
    "pw_name",
    "gr_name",
    "lnk_target",
];

const STATES: [(&[&str], &[&str]); 4] = [
    (&["changed", "change"], &["changed"]),
    (&["failed", "failure"], &["failed"]),
    (&["succeeded", "success", "successful"], &["ok", "changed", "skipped"]),
    (&["skipped", "skip"], &["skipped"]),
];

fn ended(result: Registered, word: &str) -> Option<Test> {
    let (_, states) = STATES.iter().find(|(words, _)| words.contains(&word))?;
    Some(Test::Ask(Question::Ended(result.task, states)))
}

fn state_test(left: Side, right: &[Token<'_>]) -> Option<Test> {
    let Side::Result(result, path, Shape::Plain) = left else { return None };
    let [word] = right else { return None };
    match (path.as_slice(), word.text) {
        ([], "defined") => Some(Test::Known(true)),
        ([], "undefined") => Some(Test::Known(false)),
        ([], word) => ended(result, word),
        ([name], "defined") if name == "skipped" => ended(result, "skipped"),
        (_, "defined") => field(result, &path, &Shape::Plain).and_then(|_| ended(result, "skipped")).map(not),
        _ => None,
    }
}

fn truth(side: Side) -> Option<Test> {
    let Side::Result(result, path, shape) = side else { return None };
    if let ([word], Shape::Plain | Shape::Default(_)) = (path.as_slice(), &shape)
        && let Some(test) = ended(result, word)
    {
        return Some(test);
    }
    match field(result, &path, &shape)? {
        Field::Stat(name) => with_default(result, &Field::Stat(name), &shape, |value| same(value, &Value::Bool(true))),
        _ => None,
    }
}

fn membership(left: Side, right: Side) -> Option<Test> {
    match (left, right) {
        (Side::Known(Value::String(part)), Side::Result(result, path, shape)) => match field(result, &path, &shape)? {
            Field::StdoutLines => Some(ask(result, Field::Stdout, Comparison::HasLine(part))),
            Field::StderrLines => Some(ask(result, Field::Stderr, Comparison::HasLine(part))),
            field @ (Field::Stdout | Field::Stderr) if shape != Shape::Length => {
                with_default(result, &field, &shape, |value| {
                    Some(match value {
                        Some(text) => Decision::Known(template::text_of(text).contains(&part)),
                        None => Decision::Ask(Comparison::Contains(part.clone())),
                    })
                })
            }
            _ => None,
        },
        (Side::Result(result, path, shape), Side::Known(Value::Array(items))) => {
            let field = field(result, &path, &shape)?;
            let tests = items.iter().map(|item| with_default(result, &field, &shape, |value| same(value, item)));
            tests.collect::<Option<Vec<_>>>().map(any)
        }
        _ => None,
    }
}

fn comparison(left: Side, operator: &str, right: Side) -> Option<Test> {
    let (result, path, shape, operator, value) = match (left, right) {
        (Side::Result(result, path, shape), Side::Known(value)) => (result, path, shape, operator, value),
        (Side::Known(value), Side::Result(result, path, shape)) => (result, path, shape, mirrored(operator), value),
        _ => return None,
    };
    if let (Value::Bool(wanted), "==" | "!=", [word]) = (&value, operator, path.as_slice())
        && let Some(test) = ended(result, word)
    {
        return Some(if *wanted == (operator == "==") { test } else { not(test) });
    }
    let field = field(result, &path, &shape)?;
    if shape == Shape::Length {
        return length_test(result, field, operator, value.as_i64()?);
    }
    with_default(result, &field, &shape, |default| match operator {
        "==" => same(default, &value),
        "!=" => Some(match same(default, &value)? {
            Decision::Known(answer) => Decision::Known(!answer),
            Decision::Ask(Comparison::Same(text)) => Decision::Ask(Comparison::Differs(text)),
            Decision::Ask(Comparison::Number(_, number)) => Decision::Ask(Comparison::Number("-ne", number)),
            Decision::Ask(_) => return None,
        }),
        _ => number(default, operator, value.as_i64()?),
    })
}

fn mirrored(operator: &str) -> &str {
    match operator {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        other => other,
    }
}

/// Lines are counted; of a text only whether it is empty can be asked.
fn length_test(result: Registered, field: Field, operator: &str, wanted: i64) -> Option<Test> {
    if matches!(field, Field::StdoutLines | Field::StderrLines) {
        return Some(ask(result, field, Comparison::Number(test_operator(operator)?, wanted)));
    }
    let is_empty = match (operator, wanted) {
        ("==" | "<=", 0) | ("<", 1) => true,
        ("!=" | ">", 0) | (">=", 1) => false,
        _ => return None,
    };
    let nothing = String::new();
    Some(ask(result, field, if is_empty { Comparison::Same(nothing) } else { Comparison::Differs(nothing) }))
}

fn test_operator(operator: &str) -> Option<&'static str> {
    let known = [("==", "-eq"), ("!=", "-ne"), ("<", "-lt"), ("<=", "-le"), (">", "-gt"), (">=", "-ge")];
    known.iter().find(|(word, _)| *word == operator).map(|(_, test)| *test)
}

/// A comparison with a value that may be known.
enum Decision {
    Known(bool),
    Ask(Comparison),
}

fn same(known: Option<&Value>, wanted: &Value) -> Option<Decision> {
    Some(match (known, wanted) {
        (Some(value), wanted) => Decision::Known(value == wanted),
        (None, Value::Number(number)) => Decision::Ask(Comparison::Number("-eq", number.as_i64()?)),
        (None, Value::String(_) | Value::Bool(_)) => Decision::Ask(Comparison::Same(template::text_of(wanted))),
        _ => return None,
    })
}

fn number(known: Option<&Value>, operator: &str, wanted: i64) -> Option<Decision> {
    let test = test_operator(operator)?;
    Some(match known.map(Value::as_i64) {
        None => Decision::Ask(Comparison::Number(test, wanted)),
        Some(value) => Decision::Known(match test {
            "-lt" => value? < wanted,
            "-le" => value? <= wanted,
            "-gt" => value? > wanted,
            _ => value? >= wanted,
        }),
    })
}

fn ask(result: Registered, field: Field, comparison: Comparison) -> Test {
    Test::Ask(Question::Compare(result.task, field, comparison))
}

/// Asks for the value; where the task was skipped, its default answers.
fn with_default(
    result: Registered,
    field: &Field,
    shape: &Shape,
    compare: impl Fn(Option<&Value>) -> Option<Decision>,
) -> Option<Test> {
    let decide = |decision| match decision {
        Decision::Known(answer) => Test::Known(answer),
        Decision::Ask(comparison) => ask(result, field.clone(), comparison),
    };
    let asked = decide(compare(None)?);
    let Shape::Default(value) = shape else { return Some(asked) };
    let default = decide(compare(Some(value))?);
    let skipped = ended(result, "skipped")?;
    let ran = super::all(vec![not(skipped.clone()), asked]);
    Some(any(vec![super::all(vec![skipped, default]), ran]))
}
