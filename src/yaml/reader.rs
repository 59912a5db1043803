//! Takes a mapping apart key by key and collects every mistake on the way.

use super::{Node, Spanned};
use crate::diagnostic::{Diagnostics, Span};

/// What a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Text; numbers are refused with the advice to quote them.
    Text,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A whole number in this range.
    Integer(i64, i64),
    /// `true` or `false`.
    Bool,
    /// A list of texts.
    TextList,
    /// A mapping whose keys the user chooses.
    Mapping,
    /// Anything.
    Any,
}

/// One key: the reader, the JSON Schema and the reference page are made from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// What it takes.
    pub wanted: Wanted,
    /// Whether it must be there.
    pub is_required: bool,
    /// One line for people.
    pub about: &'static str,
}

/// A mapping being read against its fields.
#[derive(Debug)]
pub struct Map<'a> {
    entries: &'a [(Spanned<String>, Node)],
    span: &'a Span,
}

impl<'a> Map<'a> {
    /// Starts reading `node`; unknown keys, missing keys and wrong types become diagnostics at once.
    /// `what` names the mapping in messages: "host group `lab`".
    pub fn read(_node: &'a Node, _what: &str, _fields: &[Field], _diagnostics: &mut Diagnostics) -> Option<Self> {
        None
    }

    /// A text value of the right type.
    pub fn text(&self, _name: &str) -> Option<Spanned<String>> {
        None
    }

    /// A whole number.
    pub fn integer(&self, _name: &str) -> Option<Spanned<i64>> {
        None
    }

    /// `true` or `false`.
    pub fn bool(&self, _name: &str) -> Option<Spanned<bool>> {
        None
    }

    /// A list of texts; empty when the key is not there.
    pub fn texts(&self, _name: &str) -> Vec<Spanned<String>> {
        Vec::new()
    }

    /// The raw value.
    pub fn node(&self, name: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(key, _)| key.value == name).map(|(_, node)| node)
    }

    /// Where the mapping stands.
    pub fn span(&self) -> &'a Span {
        self.span
    }
}
