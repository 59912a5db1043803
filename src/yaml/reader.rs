//! Takes a mapping apart key by key and collects every mistake on the way. Does not know what the keys mean.

use super::{Entry, Field, Kind, Node, Spanned, Wanted};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code, nearest};

/// A mapping being read against its fields.
#[derive(Debug)]
pub struct Map<'a> {
    entries: Vec<&'a Entry>,
    span: &'a Span,
}

impl<'a> Map<'a> {
    /// Starts reading `node`; unknown keys, missing keys and wrong types become diagnostics at once.
    /// `what` names the mapping in messages: "host group `lab`". Nothing at all reads as an empty mapping.
    pub fn read(node: &'a Node, what: &str, fields: &[Field], diagnostics: &mut Diagnostics) -> Option<Self> {
        Self::read_section(node, what, fields, &[], diagnostics)
    }

    /// As [`Map::read`], for a mapping whose other keys were taken out by [`Map::split`]: `beside` are those keys, so
    /// that a mistyped one is still recognized.
    pub fn read_section(
        node: &'a Node,
        what: &str,
        fields: &[Field],
        beside: &[Field],
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let map = Self::open(node, what, diagnostics)?;
        for (key, _) in map.entries.iter().filter(|(key, _)| !is_known(fields, &key.value)) {
            diagnostics.push(unknown_key(key, what, fields, beside));
        }
        map.check(what, fields, diagnostics);
        Some(map)
    }

    /// Reads the keys in `fields` and hands back the others as a mapping that somebody else reads.
    pub fn split(node: &'a Node, what: &str, fields: &[Field], diagnostics: &mut Diagnostics) -> Option<(Self, Node)> {
        let map = Self::open(node, what, diagnostics)?;
        let (entries, mut rest): (Vec<_>, Vec<_>) =
            map.entries.into_iter().partition(|(key, _)| is_known(fields, &key.value));
        let map = Self { entries, span: map.span };
        for field in fields.iter().filter(|field| field.is_required && map.node(field.name).is_none()) {
            let near = rest.iter().position(|(key, _)| nearest(&key.value, [field.name]).is_some());
            diagnostics.push(match near {
                Some(position) => unknown_key(&rest.remove(position).0, what, &[*field], &[]),
                None => missing_key(map.span, what, field),
            });
        }
        map.check_types(fields, diagnostics);
        let rest = Kind::Map(rest.into_iter().cloned().collect());
        Some((map, Node { kind: rest, span: node.span.clone(), defined: node.defined.clone() }))
    }

    fn open(node: &'a Node, what: &str, diagnostics: &mut Diagnostics) -> Option<Self> {
        let entries = match &node.kind {
            Kind::Map(entries) => entries.iter().collect(),
            Kind::Null => Vec::new(),
            kind => {
                let summary = format!("{what} must be a mapping, this is {}", kind.noun());
                diagnostics.push(with_definition(Diagnostic::error(&code::WRONG_TYPE, &node.span, summary), node));
                return None;
            }
        };
        Some(Self { entries, span: &node.span })
    }

    fn check(&self, what: &str, fields: &[Field], diagnostics: &mut Diagnostics) {
        for field in fields.iter().filter(|field| field.is_required && self.node(field.name).is_none()) {
            let is_mistyped = self
                .entries
                .iter()
                .any(|(key, _)| !is_known(fields, &key.value) && nearest(&key.value, [field.name]).is_some());
            if !is_mistyped {
                diagnostics.push(missing_key(self.span, what, field));
            }
        }
        self.check_types(fields, diagnostics);
    }

    fn check_types(&self, fields: &[Field], diagnostics: &mut Diagnostics) {
        for (key, node) in &self.entries {
            if let Some(field) = fields.iter().find(|field| field.name == key.value) {
                check_value(field, node, diagnostics);
            }
        }
    }

    /// A text value of the right type.
    pub fn text(&self, name: &str) -> Option<Spanned<String>> {
        self.node(name).and_then(text_of)
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> Option<Spanned<i64>> {
        let node = self.node(name)?;
        match node.kind {
            Kind::Integer(value) => Some(Spanned::new(value, node.span.clone())),
            _ => None,
        }
    }

    /// A number above zero.
    pub fn amount(&self, name: &str) -> Option<Spanned<f64>> {
        let node = self.node(name)?;
        match node.kind {
            #[expect(clippy::cast_precision_loss, reason = "amounts of money are far below 2^52")]
            Kind::Integer(value) => Some(Spanned::new(value as f64, node.span.clone())),
            Kind::Float(value, _) => Some(Spanned::new(value, node.span.clone())),
            _ => None,
        }
    }

    /// `true` or `false`.
    pub fn bool(&self, name: &str) -> Option<Spanned<bool>> {
        let node = self.node(name)?;
        match node.kind {
            Kind::Bool(value) => Some(Spanned::new(value, node.span.clone())),
            _ => None,
        }
    }

    /// A list of texts; empty when the key is not there.
    pub fn texts(&self, name: &str) -> Vec<Spanned<String>> {
        self.list(name).iter().filter_map(text_of).collect()
    }

    /// The items of a list; empty when the key is not there.
    pub fn list(&self, name: &str) -> &'a [Node] {
        self.node(name).and_then(Node::as_list).unwrap_or_default()
    }

    /// The entries of a mapping; empty when the key is not there.
    pub fn map(&self, name: &str) -> &'a [Entry] {
        self.node(name).and_then(Node::as_map).unwrap_or_default()
    }

    /// The raw value.
    pub fn node(&self, name: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(key, _)| key.value == name).map(|(_, node)| node)
    }

    /// The key itself, for a message about it.
    pub fn key(&self, name: &str) -> Option<&'a Spanned<String>> {
        self.entries.iter().find(|(key, _)| key.value == name).map(|(key, _)| key)
    }

    /// Where the mapping stands.
    pub fn span(&self) -> &'a Span {
        self.span
    }
}

fn is_known(fields: &[Field], name: &str) -> bool {
    fields.iter().any(|field| field.name == name)
}

fn text_of(node: &Node) -> Option<Spanned<String>> {
    node.as_text().map(|text| Spanned::new(text.to_owned(), node.span.clone()))
}

fn unknown_key(key: &Spanned<String>, what: &str, fields: &[Field], beside: &[Field]) -> Diagnostic {
    let names = || fields.iter().chain(beside).map(|field| field.name);
    let problem = Diagnostic::error(&code::UNKNOWN_KEY, &key.span, format!("{what} has no key `{}`", key.value));
    match nearest(&key.value, names()) {
        Some(near) => problem.fix(format!("did you mean `{near}`?")),
        None => {
            problem.fix(format!("known keys: {}", names().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")))
        }
    }
}

fn missing_key(span: &Span, what: &str, field: &Field) -> Diagnostic {
    Diagnostic::error(&code::MISSING_KEY, span, format!("{what} has no `{}`", field.name))
        .why(format!("`{}`: {}", field.name, field.about))
        .fix(format!("add `{}:` with {}", field.name, field.wanted.noun()))
}

fn check_value(field: &Field, node: &Node, diagnostics: &mut Diagnostics) {
    if let Some(problem) = mismatch(field.name, field.wanted, node) {
        diagnostics.push(problem);
    }
    let item = match field.wanted {
        Wanted::TextList => Wanted::Text,
        Wanted::MappingList => Wanted::Mapping,
        _ => return,
    };
    let name = format!("every item of `{}`", field.name);
    for problem in node.as_list().unwrap_or_default().iter().filter_map(|node| item_mismatch(&name, item, node)) {
        diagnostics.push(problem);
    }
}

fn item_mismatch(name: &str, wanted: Wanted, node: &Node) -> Option<Diagnostic> {
    match (wanted, &node.kind) {
        (Wanted::Text, Kind::Text(_)) | (Wanted::Mapping, Kind::Map(_)) => None,
        _ => Some(with_definition(wrong_type(name, wanted, node), node)),
    }
}

/// What is wrong with a value for a key that wants something.
fn mismatch(name: &str, wanted: Wanted, node: &Node) -> Option<Diagnostic> {
    let name = format!("`{name}`");
    let problem = match (wanted, &node.kind) {
        (Wanted::Any, _)
        | (Wanted::Text | Wanted::Version, Kind::Text(_))
        | (Wanted::Version, Kind::Null)
        | (Wanted::Bool, Kind::Bool(_))
        | (Wanted::TextList | Wanted::MappingList, Kind::List(_) | Kind::Null)
        | (Wanted::Mapping, Kind::Map(_) | Kind::Null) => return None,
        (Wanted::Word(words), Kind::Text(text)) if words.contains(&text.as_str()) => return None,
        (Wanted::Word(words), Kind::Text(text)) => unknown_word(&name, text, words, node),
        (Wanted::Integer(min, max), Kind::Integer(value)) if (min..=max).contains(value) => return None,
        (Wanted::Integer(..), Kind::Float(_, text)) if text.bytes().all(|b| b.is_ascii_digit()) => {
            out_of_range(&name, wanted, node)
        }
        (Wanted::Amount, Kind::Integer(value)) if *value > 0 => return None,
        (Wanted::Amount, Kind::Float(value, _)) if *value > 0.0 && value.is_finite() => return None,
        (Wanted::Integer(..) | Wanted::Amount, Kind::Integer(_)) | (Wanted::Amount, Kind::Float(..)) => {
            out_of_range(&name, wanted, node)
        }
        _ => wrong_type(&name, wanted, node),
    };
    Some(with_definition(problem, node))
}

fn out_of_range(name: &str, wanted: Wanted, node: &Node) -> Diagnostic {
    let summary = format!("{name} wants {}", wanted.noun());
    Diagnostic::error(&code::OUT_OF_RANGE, &node.span, summary)
}

fn unknown_word(name: &str, text: &str, words: &'static [&'static str], node: &Node) -> Diagnostic {
    let summary = format!("{name} wants {}, not `{text}`", Wanted::Word(words).noun());
    let problem = Diagnostic::error(&code::UNKNOWN_WORD, &node.span, summary);
    match nearest(text, words.iter().copied()) {
        Some(near) => problem.fix(format!("did you mean `{near}`?")),
        None => problem,
    }
}

fn wrong_type(name: &str, wanted: Wanted, node: &Node) -> Diagnostic {
    let summary = match node.kind {
        Kind::Null => format!("{name} has no value; it wants {}", wanted.noun()),
        _ => format!("{name} wants {}, this is {}", wanted.noun(), node.kind.noun()),
    };
    let problem = Diagnostic::error(&code::WRONG_TYPE, &node.span, summary);
    match (wanted, &node.kind) {
        (Wanted::Version, Kind::Float(value, text)) if value.to_string() != *text => problem
            .why(format!("without quotes YAML reads `{text}` as the number {value}"))
            .fix(format!("write `\"{text}\"`")),
        (Wanted::Text | Wanted::Version, Kind::Float(_, text)) => problem.fix(format!("write `\"{text}\"`")),
        (Wanted::Text | Wanted::Version, Kind::Integer(value)) => problem.fix(format!("write `\"{value}\"`")),
        (Wanted::Text | Wanted::Version, Kind::Bool(value)) => problem.fix(format!("write `\"{value}\"`")),
        (Wanted::Integer(..), Kind::Text(text)) if text.parse::<i64>().is_ok() => {
            problem.fix(format!("write `{text}` without quotes"))
        }
        (Wanted::Amount, Kind::Text(text)) if text.parse::<f64>().is_ok_and(f64::is_finite) => {
            problem.fix(format!("write `{text}` without quotes"))
        }
        (Wanted::Bool, Kind::Text(text)) => match truth(text) {
            Some(value) => problem.fix(format!("write `{value}`")),
            None => problem,
        },
        (Wanted::TextList, Kind::Text(text)) => problem.fix(format!("write `[{text}]`")),
        _ => problem,
    }
}

/// What the words of YAML 1.1 meant.
fn truth(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" | "true" => Some(true),
        "no" | "n" | "off" | "false" => Some(false),
        _ => None,
    }
}

fn with_definition(problem: Diagnostic, node: &Node) -> Diagnostic {
    match &node.defined {
        Some(defined) => problem.note(defined, "the value itself stands here"),
        None => problem,
    }
}
