//! A profile over the base file: mappings merge deep, everything else replaces, `null` removes.

use crate::yaml::{Entry, Kind, Node};
use std::collections::HashMap;

/// `base` as changed by `profile`. Every value keeps its place in the file it came from.
pub(super) fn overlay(base: Node, profile: Node) -> Node {
    match (base.kind, profile.kind) {
        (Kind::Map(base_entries), Kind::Map(changes)) => {
            Node { kind: Kind::Map(merge(base_entries, changes)), span: base.span, defined: base.defined }
        }
        (_, kind) => Node { kind: without_nulls(kind), span: profile.span, defined: profile.defined },
    }
}

fn merge(base: Vec<Entry>, changes: Vec<Entry>) -> Vec<Entry> {
    let positions: HashMap<String, usize> =
        base.iter().enumerate().map(|(position, (key, _))| (key.value.clone(), position)).collect();
    let mut merged: Vec<Option<Entry>> = base.into_iter().map(Some).collect();
    for (key, change) in changes {
        match positions.get(&key.value) {
            Some(&position) if change.kind == Kind::Null => merged[position] = None,
            Some(&position) => {
                let below = merged[position].take();
                merged[position] = below.map(|(key, node)| (key, overlay(node, change)));
            }
            None if change.kind == Kind::Null => {}
            None => merged.push(Some((key, Node { kind: without_nulls(change.kind), ..change }))),
        }
    }
    merged.into_iter().flatten().collect()
}

/// A removal below something the base does not have removes nothing.
fn without_nulls(kind: Kind) -> Kind {
    match kind {
        Kind::Map(entries) => Kind::Map(
            entries
                .into_iter()
                .filter(|(_, node)| node.kind != Kind::Null)
                .map(|(key, node)| (key, Node { kind: without_nulls(node.kind), ..node }))
                .collect(),
        ),
        other => other,
    }
}
