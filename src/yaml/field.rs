//! The keys of a mapping as data: the reader, the JSON Schema and the reference page are made from one table.

/// What a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Text; numbers are refused with the advice to quote them.
    Text,
    /// A version or specifier: text or nothing, and a number is refused with the reason why `3.10` must be quoted.
    Version,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A whole number in this range.
    Integer(i64, i64),
    /// A number above zero, whole or not.
    Amount,
    /// `true` or `false`.
    Bool,
    /// A list of texts.
    TextList,
    /// A list of mappings.
    MappingList,
    /// A mapping whose keys the user chooses.
    Mapping,
    /// Anything.
    Any,
}

impl Wanted {
    /// The words for it in messages: `a list of texts`.
    pub fn noun(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Version => "a quoted version".to_owned(),
            Self::Word(words) => format!("one of {}", quoted(words)),
            Self::Integer(min, i64::MAX) => format!("a whole number from {min}"),
            Self::Integer(min, max) => format!("a whole number from {min} to {max}"),
            Self::Amount => "a number above 0".to_owned(),
            Self::Bool => "`true` or `false`".to_owned(),
            Self::TextList => "a list of texts".to_owned(),
            Self::MappingList => "a list of mappings".to_owned(),
            Self::Mapping => "a mapping".to_owned(),
            Self::Any => "a value".to_owned(),
        }
    }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
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
