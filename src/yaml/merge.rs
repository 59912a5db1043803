//! Closes a mapping: refuses repeated keys and carries out `<<`. Does not know where mappings come from.

use super::{Entry, Kind, Node};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
use std::collections::{HashMap, HashSet};

/// The entries of one mapping, each key once, merged keys after its own. `None` when a merge has nothing to merge.
pub(super) fn close(entries: Vec<Entry>, diagnostics: &mut Diagnostics) -> Option<Vec<Entry>> {
    let entries = unique(entries, diagnostics);
    let Some(position) = entries.iter().position(|(key, _)| key.value == "<<") else {
        return Some(entries);
    };
    let mut own = entries;
    let (_, sources) = own.remove(position);
    let sources_span = sources.span.clone();
    let mut seen: HashSet<String> = own.iter().map(|(key, _)| key.value.clone()).collect();
    for (key, node) in flatten(sources, diagnostics)? {
        if seen.insert(key.value.clone()) {
            let defined = Some(node.defined.unwrap_or(node.span));
            own.push((key, Node { kind: node.kind, span: sources_span.clone(), defined }));
        }
    }
    Some(own)
}

fn unique(entries: Vec<Entry>, diagnostics: &mut Diagnostics) -> Vec<Entry> {
    let mut first: HashMap<String, Span> = HashMap::with_capacity(entries.len());
    let mut kept = Vec::with_capacity(entries.len());
    for (key, node) in entries {
        if let Some(earlier) = first.get(&key.value) {
            diagnostics.push(
                Diagnostic::error(&code::DUPLICATE_KEY, &key.span, format!("key `{}` is given twice", key.value))
                    .note(earlier, "first given here")
                    .fix("keep one of the two"),
            );
        } else {
            first.insert(key.value.clone(), key.span.clone());
            kept.push((key, node));
        }
    }
    kept
}

/// The entries of the mapping, or of the list of mappings, that stands behind `<<`.
fn flatten(node: Node, diagnostics: &mut Diagnostics) -> Option<Vec<Entry>> {
    match node.kind {
        Kind::Map(entries) => Some(entries),
        Kind::List(items) if items.iter().all(|item| matches!(item.kind, Kind::Map(_))) => {
            Some(items.into_iter().filter_map(|item| flatten(item, diagnostics)).flatten().collect())
        }
        kind => {
            let summary = format!("`<<` merges mappings, this is {}", kind.noun());
            diagnostics.push(
                Diagnostic::error(&code::INVALID_MERGE, &node.span, summary)
                    .fix("write `<<: *name`, where `&name` stands before a mapping"),
            );
            None
        }
    }
}
