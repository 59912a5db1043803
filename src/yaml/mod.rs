//! YAML text → a tree in which every key and value keeps its place, and a reader that collects all mistakes.
//!
//! Both languages a user writes (the manifest and playbooks) stand on this room. It does not know either of them,
//! and nobody above it sees which YAML crate does the work.

mod fault;
mod field;
mod merge;
mod parse;
mod reader;
mod scalar;

pub use field::{Field, Wanted};
pub use parse::parse;
pub use reader::Map;
pub use scalar::resolve as scalar;

use crate::diagnostic::Span;

/// A value together with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value at a place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// A key and its value in a mapping.
pub type Entry = (Spanned<String>, Node);

/// One YAML value. Aliases and merge keys are resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it is: a scalar's own text, a flow collection's first line, and for a block collection the key (or the
    /// first line) it begins with, so that an excerpt stays one line. After an alias or merge: the place of use.
    pub span: Span,
    /// Where the value itself stands when it came through an alias or a merge key.
    pub defined: Option<Span>,
}

/// The kinds of YAML values (core schema).
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number, with its text: `3.10` is not `3.1` to a reader of versions.
    Float(f64, String),
    /// Text.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping in the order of the text; keys are unique.
    Map(Vec<Entry>),
}

impl Kind {
    /// The word for it in messages: `a list`, `text`.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "true or false",
            Self::Integer(_) => "a whole number",
            Self::Float(..) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

impl Node {
    /// A value at a place, written there.
    pub fn new(kind: Kind, span: Span) -> Self {
        Self { kind, span, defined: None }
    }

    /// Its text, when it is text.
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Its items, when it is a list.
    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    /// Its entries, when it is a mapping.
    pub fn as_map(&self) -> Option<&[Entry]> {
        match &self.kind {
            Kind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of a key, when it is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.iter().find(|(name, _)| name.value == key).map(|(_, node)| node)
    }

    /// How many values it holds, itself included.
    fn size(&self) -> usize {
        match &self.kind {
            Kind::List(items) => 1 + items.iter().map(Self::size).sum::<usize>(),
            Kind::Map(entries) => 1 + entries.iter().map(|(_, node)| node.size()).sum::<usize>(),
            _ => 1,
        }
    }
}
