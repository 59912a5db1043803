//! The arguments of a module, filled in and checked against its table.

use super::scope::Scope;
use super::template::{self, OMITTED, TemplateError};
use super::{problem, text};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code, nearest};
use crate::yaml::{Kind, Node};
use serde_json::Value;
use std::collections::BTreeMap;

/// One argument a module takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Argument {
    /// Its name.
    pub(super) name: &'static str,
    /// Other names for it.
    pub(super) aliases: &'static [&'static str],
    /// What it takes.
    pub(super) takes: Takes,
}

/// What an argument takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// Text; numbers are turned into text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Bool,
    /// A list of texts, or texts with commas between them.
    List,
    /// Permissions: text, for a bare `0644` means different things to different readers of YAML.
    Mode,
    /// Anything.
    Any,
    /// A condition or a list of them, not filled in here.
    Condition,
}

/// An argument under its name.
pub(super) const fn argument(name: &'static str, takes: Takes) -> Argument {
    Argument { name, aliases: &[], takes }
}

/// An argument that has other names.
pub(super) const fn aliased(name: &'static str, aliases: &'static [&'static str], takes: Takes) -> Argument {
    Argument { name, aliases, takes }
}

/// What a task gave its module.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    values: BTreeMap<&'static str, (Value, Span)>,
    span: Option<Span>,
}

impl Arguments {
    /// Reads `nodes` (the module's value and `args`), and a free-form text where the module takes one.
    pub(super) fn read(
        nodes: &[&Node],
        table: &[Argument],
        module: &str,
        scope: &Scope,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let mut arguments = Self { values: BTreeMap::new(), span: nodes.first().map(|node| node.span.clone()) };
        let mut is_sound = true;
        for (key, node) in nodes.iter().filter_map(|node| node.as_map()).flatten() {
            let is_meant = |a: &&Argument| a.name == key.value || a.aliases.contains(&key.value.as_str());
            let Some(argument) = table.iter().find(is_meant) else {
                diagnostics.push(unknown(&key.value, &key.span, table, module));
                is_sound = false;
                continue;
            };
            is_sound &= arguments.take(argument, node, scope, diagnostics).is_some();
        }
        is_sound.then_some(arguments)
    }

    fn take(&mut self, argument: &Argument, node: &Node, scope: &Scope, diagnostics: &mut Diagnostics) -> Option<()> {
        let filled = if argument.takes == Takes::Condition { Ok(text::value(node)) } else { fill_in(node, scope) };
        let value = match filled {
            Ok(value) => value,
            Err((error, span)) => {
                diagnostics.push(problem::of_template(&error, &span, scope));
                return None;
            }
        };
        if value == Value::String(OMITTED.to_owned()) || value.is_null() {
            return Some(());
        }
        match checked(argument, value) {
            Ok(value) => {
                self.values.insert(argument.name, (value, node.span.clone()));
                Some(())
            }
            Err(wanted) => {
                diagnostics.push(wrong(argument, node, &wanted));
                None
            }
        }
    }

    /// Adds an argument that the task did not write as a key.
    pub(super) fn insert(&mut self, name: &'static str, value: Value, span: &Span) {
        self.values.insert(name, (value, span.clone()));
    }

    /// Where the arguments stand.
    pub(super) fn span(&self, name: &str) -> Option<&Span> {
        self.values.get(name).map(|(_, span)| span).or(self.span.as_ref())
    }

    /// The value itself.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(name).map(|(value, _)| value)
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.value(name).and_then(Value::as_str)
    }

    /// A text, or nothing.
    pub(super) fn text_or_empty(&self, name: &str) -> &str {
        self.text(name).unwrap_or_default()
    }

    /// `true` or `false`.
    pub(super) fn is(&self, name: &str, default: bool) -> bool {
        self.value(name).and_then(Value::as_bool).unwrap_or(default)
    }

    /// A list of texts; empty when it is not there.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let items = self.value(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        items.iter().map(template::text_of).collect()
    }

    /// Permissions without leading zeros, or symbolic; empty when they are left alone.
    pub(super) fn mode(&self) -> String {
        let mode = self.text_or_empty("mode");
        let digits = mode.strip_prefix("0o").unwrap_or(mode).trim_start_matches('0');
        if digits.is_empty() && !mode.is_empty() { "0".to_owned() } else { digits.to_owned() }
    }

    /// Says that a required argument is missing.
    pub(super) fn required(&self, name: &str, module: &str, diagnostics: &mut Diagnostics) -> Option<&str> {
        let text = self.text(name);
        if text.is_none()
            && let Some(span) = &self.span
        {
            let summary = format!("`{module}` needs `{name}`");
            diagnostics.push(Diagnostic::error(&code::MISSING_KEY, span, summary));
        }
        text
    }
}

/// Fills in a tree; an error has the place of the value in it.
pub(super) fn fill_in(node: &Node, scope: &Scope) -> Result<Value, (TemplateError, Span)> {
    match &node.kind {
        Kind::List(items) => items.iter().map(|item| fill_in(item, scope)).collect::<Result<_, _>>().map(Value::Array),
        Kind::Map(entries) => entries
            .iter()
            .map(|(key, value)| Ok((key.value.clone(), fill_in(value, scope)?)))
            .collect::<Result<_, _>>()
            .map(Value::Object),
        _ => template::render(&text::value(node), scope).map_err(|error| (error, node.span.clone())),
    }
}

fn checked(argument: &Argument, value: Value) -> Result<Value, String> {
    match (argument.takes, value) {
        (Takes::Any | Takes::Condition, value) => Ok(value),
        (Takes::Mode, Value::String(mode)) if is_mode(&mode) => Ok(Value::String(mode)),
        (Takes::Mode, Value::String(mode)) => {
            Err(format!("permissions such as \"0644\" or \"u=rwX,go=rX\", not `{mode}`"))
        }
        (Takes::Mode, _) => Err("permissions in quotes, such as \"0644\"".to_owned()),
        (_, Value::Object(_)) => Err("text, not a mapping".to_owned()),
        (Takes::List, Value::Array(items)) => Ok(Value::Array(items)),
        (Takes::List, value) => {
            let text = template::text_of(&value);
            Ok(text.split(',').map(|item| Value::String(item.trim().to_owned())).collect())
        }
        (_, Value::Array(_)) => Err("one value, not a list".to_owned()),
        (Takes::Text, value) => Ok(Value::String(template::text_of(&value))),
        (Takes::Word(words), value) => {
            let text = template::text_of(&value);
            if words.contains(&text.as_str()) {
                return Ok(Value::String(text));
            }
            Err(format!("{}, not `{text}`", words.join(" or ")))
        }
        (Takes::Bool, value) => match template::text_of(&value).to_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Ok(Value::Bool(true)),
            "false" | "no" | "off" | "0" => Ok(Value::Bool(false)),
            other => Err(format!("true or false, not `{other}`")),
        },
    }
}

fn is_mode(mode: &str) -> bool {
    let digits = mode.strip_prefix("0o").unwrap_or(mode);
    if !digits.is_empty() && digits.len() <= 5 && digits.chars().all(|c| ('0'..='7').contains(&c)) {
        return true;
    }
    !mode.is_empty()
        && mode.split(',').all(|clause| {
            let operators = clause.find(['=', '+', '-']);
            operators.is_some_and(|at| {
                clause[..at].chars().all(|c| "ugoa".contains(c))
                    && clause[at..].chars().all(|c| "=+-rwxXstugo".contains(c))
            })
        })
}

fn wrong(argument: &Argument, node: &Node, wanted: &str) -> Diagnostic {
    let summary = format!("`{}` takes {wanted}", argument.name);
    if argument.takes == Takes::Mode {
        return Diagnostic::error(&code::BARE_MODE, &node.span, summary)
            .why("YAML 1.1 reads a bare 0644 as an octal number, YAML 1.2 as 644")
            .fix(format!("write {}: \"{}\"", argument.name, node.span.text().trim_matches('"')));
    }
    Diagnostic::error(&code::WRONG_TYPE, &node.span, summary)
}

fn unknown(name: &str, span: &Span, table: &[Argument], module: &str) -> Diagnostic {
    let summary = format!("`{module}` with `{name}` is not supported");
    let problem = Diagnostic::error(&code::UNSUPPORTED_ARGUMENT, span, summary);
    let names =
        || table.iter().flat_map(|argument| std::iter::once(argument.name).chain(argument.aliases.iter().copied()));
    match nearest(name, names()) {
        Some(meant) => problem.fix(format!("did you mean `{meant}`?")),
        None => problem.fix(format!("it takes {}", table.iter().map(|a| a.name).collect::<Vec<_>>().join(", "))),
    }
}
