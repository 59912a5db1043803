//! YAML text → a tree in which every key and value keeps its place, and a reader that collects all mistakes.
//!
//! Both languages a user writes (the manifest and playbooks) stand on this room. It does not know either of them,
//! and nobody above it sees which YAML crate does the work.

mod parse;
mod reader;

pub use parse::parse;
pub use reader::{Field, Map, Wanted};

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

/// One YAML value. Aliases and merge keys are resolved; the span is the place of use.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it is.
    pub span: Span,
    /// Where the anchor stands that this value came through.
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
    Map(Vec<(Spanned<String>, Node)>),
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
