//! Puts values where `${name}` stands. `$${` is a plain `${`.

use super::{Type, Values, Variables, missing, text, unknown};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use crate::yaml::{Kind, Node};
use text::Part;

/// Bytes that variables may add to a manifest in all: `${a}${a}` behind `${b}${b}` doubles with every line.
const GROWTH_MAX: usize = 16 << 20;
/// Variables that may refer to each other in one row.
const CHAIN_MAX: usize = 64;

/// Fills in variables and says what cannot be filled in.
pub(super) struct Filler<'a> {
    declared: &'a Variables,
    values: Values,
    diagnostics: &'a mut Diagnostics,
    grown: usize,
    /// Every `${name}` got its value.
    pub(super) is_complete: bool,
}

impl<'a> Filler<'a> {
    /// Starts with the values given from outside and settles the defaults, which may refer to other variables.
    /// `misfits` are the names whose given value was refused.
    pub(super) fn new(
        declared: &'a Variables,
        given: Values,
        misfits: Vec<String>,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        let broken = declared.iter().filter(|(_, variable)| variable.is_broken).map(|(name, _)| name.clone());
        let unknowable: Vec<String> = misfits.into_iter().chain(broken).collect();
        let mut filler = Self { declared, values: given, diagnostics, grown: 0, is_complete: unknowable.is_empty() };
        for name in unknowable {
            if let Some(variable) = declared.get(&name) {
                filler.values.insert(name, stand_in(&variable.span));
            }
        }
        for name in declared.keys() {
            filler.settle(name, &mut Vec::new());
        }
        filler
    }

    /// Settles one variable, after those it refers to; `path` holds the variables on the way to it.
    fn settle(&mut self, name: &str, path: &mut Vec<String>) {
        let Some(variable) = self.declared.get(name).filter(|_| !self.values.contains_key(name)) else { return };
        let problem = match &variable.default {
            _ if path.iter().any(|earlier| earlier == name) => Some(cycle(name, path, &variable.span)),
            _ if path.len() > CHAIN_MAX => Some(too_long_a_chain(&variable.span)),
            None => Some(missing(name, &variable.span)),
            Some(_) => None,
        };
        if let Some(problem) = problem {
            self.refuse(problem);
            self.values.insert(name.to_owned(), stand_in(&variable.span));
            return;
        }
        let Some(mut node) = variable.default.clone() else { return };
        path.push(name.to_owned());
        for other in node.as_text().map(text::references).unwrap_or_default() {
            self.settle(&other, path);
        }
        path.pop();
        if !self.values.contains_key(name) {
            self.fill(&mut node);
            if variable.takes == Type::Text {
                node.kind = Kind::Text(bare(&node.kind));
            }
            self.values.insert(name.to_owned(), node);
        }
    }

    /// Substitutes in every text of a tree.
    pub(super) fn fill(&mut self, node: &mut Node) {
        match &mut node.kind {
            Kind::List(items) => items.iter_mut().for_each(|item| self.fill(item)),
            Kind::Map(entries) => entries.iter_mut().for_each(|(_, node)| self.fill(node)),
            Kind::Text(text) if text.contains("${") => match text::split(text) {
                Some(parts) => self.fill_text(&parts, node),
                None => self.refuse(
                    Diagnostic::error(&code::INVALID_VARIABLE, &node.span, "`${` is not closed")
                        .fix("write `${name}`, or `$${` for the two characters themselves"),
                ),
            },
            _ => {}
        }
    }

    /// A text that is one reference takes the value with its type; any other takes the values' texts.
    fn fill_text(&mut self, parts: &[Part], node: &mut Node) {
        let mut filled = String::new();
        for part in parts {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Reference(name) => match self.values.get(name) {
                    Some(value) => {
                        node.defined = Some(value.span.clone());
                        filled.push_str(&bare(&value.kind));
                    }
                    None => self.refuse(unknown(name, &node.span, self.declared)),
                },
            }
        }
        self.grown += filled.len();
        if self.grown > GROWTH_MAX {
            if self.grown - filled.len() <= GROWTH_MAX {
                self.refuse(too_much(&node.span));
            }
            return;
        }
        let whole = match parts {
            [Part::Reference(name)] => self.values.get(name).map(|value| value.kind.clone()),
            _ => None,
        };
        node.kind = whole.unwrap_or(Kind::Text(filled));
    }

    fn refuse(&mut self, problem: Diagnostic) {
        self.is_complete = false;
        self.diagnostics.push(problem);
    }
}

/// A value as it stands inside a longer text.
fn bare(kind: &Kind) -> String {
    match kind {
        Kind::Text(text) | Kind::Float(_, text) => text.clone(),
        Kind::Integer(value) => value.to_string(),
        Kind::Bool(value) => value.to_string(),
        Kind::Null | Kind::List(_) | Kind::Map(_) => String::new(),
    }
}

/// For a value that was reported missing, so that nothing further is said about it.
fn stand_in(span: &Span) -> Node {
    Node::new(Kind::Text(String::new()), span.clone())
}

fn cycle(name: &str, path: &[String], span: &Span) -> Diagnostic {
    let start = path.iter().position(|earlier| earlier == name).unwrap_or_default();
    let names = path[start..].iter().map(String::as_str).chain([name]);
    let chain = names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" needs ");
    Diagnostic::error(&code::VARIABLE_CYCLE, span, format!("variable `{name}` is made from itself"))
        .why(chain)
        .fix("give one of them a value that refers to no other")
}

fn too_long_a_chain(span: &Span) -> Diagnostic {
    Diagnostic::error(&code::TOO_DEEP, span, format!("more than {CHAIN_MAX} variables refer to each other in one row"))
        .fix("shorten the chain")
}

fn too_much(span: &Span) -> Diagnostic {
    Diagnostic::error(&code::TOO_MANY_VALUES, span, "variables make the manifest too large here")
        .why("variables may add 16 MiB in all")
}
