//! Playbook files as trees, and trees as values. Knows YAML 1.1's extra words, for Ansible reads them.

use super::Library;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span, code};
use crate::yaml::{self, Kind, Node};
use serde_json::{Map, Value};

/// Reads one YAML file of the library; `None` when it is not there or not readable.
pub(super) fn read(library: &Library, path: &str, diagnostics: &mut Diagnostics) -> Option<Node> {
    let bytes = library.get(path)?;
    match std::str::from_utf8(bytes) {
        Ok(text) => yaml::parse(&Source::new(path, text), diagnostics),
        Err(error) => {
            let readable = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            let source = Source::new(path, readable);
            let end = Span::new(&source, source.text().len()..source.text().len());
            diagnostics.push(Diagnostic::error(&code::NOT_UTF8, &end, format!("`{path}` is not UTF-8")));
            None
        }
    }
}

/// The first of these files that is there.
pub(super) fn read_first(library: &Library, paths: &[String], diagnostics: &mut Diagnostics) -> Option<Node> {
    let path = paths.iter().find(|path| library.get(path).is_some())?;
    read(library, path, diagnostics)
}

/// A tree as a plain value.
pub(super) fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(is_true) => Value::Bool(*is_true),
        Kind::Integer(number) => Value::from(*number),
        Kind::Float(number, _) => Value::from(*number),
        Kind::Text(text) => match old_bool(node, text) {
            Some(is_true) => Value::Bool(is_true),
            None => Value::String(text.clone()),
        },
        Kind::List(items) => items.iter().map(value).collect(),
        Kind::Map(_) => Value::Object(mapping(node)),
    }
}

/// The entries of a mapping as plain values; nothing when it is none.
pub(super) fn mapping(node: &Node) -> Map<String, Value> {
    let entries = node.as_map().unwrap_or_default();
    entries.iter().map(|(key, node)| (key.value.clone(), value(node))).collect()
}

/// `true` or `false` in any of the words Ansible takes.
pub(super) fn truth(node: &Node) -> Option<bool> {
    match &node.kind {
        Kind::Bool(is_true) => Some(*is_true),
        Kind::Text(text) => word_bool(text),
        _ => None,
    }
}

/// A list of texts, or one text, as Ansible takes for `tags` and `notify`.
pub(super) fn texts(node: &Node) -> Vec<(String, Span)> {
    match &node.kind {
        Kind::List(items) => items.iter().flat_map(texts).collect(),
        Kind::Text(text) => vec![(text.clone(), node.span.clone())],
        _ => Vec::new(),
    }
}

/// YAML 1.1 reads an unquoted `yes` as true.
fn old_bool(node: &Node, text: &str) -> Option<bool> {
    let is_unquoted = node.span.text() == text;
    if is_unquoted { word_bool(text).filter(|_| text.len() > 1) } else { None }
}

fn word_bool(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "on" | "true" => Some(true),
        "no" | "off" | "false" => Some(false),
        _ => None,
    }
}
