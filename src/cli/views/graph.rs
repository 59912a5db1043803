//! Resources as a list of needs or in Graphviz's language.

use super::{Paint, View};
use crate::graph::Resource;
use schemars::JsonSchema;
use serde::Serialize;

/// What `graph` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GraphView {
    /// Every resource in the order of set-up.
    pub resources: Vec<Node>,
    /// Whether the text is Graphviz's.
    #[serde(skip)]
    pub dot: bool,
}

/// One resource.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Node {
    /// Its address.
    pub address: String,
    /// What must stand before it.
    pub needs: Vec<String>,
}

impl GraphView {
    /// The view of a graph.
    pub fn new(resources: &[Resource], dot: bool) -> Self {
        let node = |resource: &Resource| Node {
            address: resource.address.to_string(),
            needs: resource.needs.iter().map(ToString::to_string).collect(),
        };
        Self { resources: resources.iter().map(node).collect(), dot }
    }
}

impl View for GraphView {
    fn text(&self, paint: Paint) -> String {
        if self.dot {
            return dot(&self.resources);
        }
        if self.resources.is_empty() {
            return "nothing to set up: the manifest has no host whose address is known".to_owned();
        }
        let line = |node: &Node| match node.needs.as_slice() {
            [] => node.address.clone(),
            needs => format!("{}  {}", node.address, paint.faint(&format!("needs {}", needs.join(", ")))),
        };
        self.resources.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

fn dot(resources: &[Node]) -> String {
    let mut lines = vec!["digraph aether {".to_owned(), "  rankdir = LR;".to_owned()];
    for node in resources {
        lines.push(format!("  {:?};", node.address));
        lines.extend(node.needs.iter().map(|need| format!("  {:?} -> {need:?};", node.address)));
    }
    lines.push("}".to_owned());
    lines.join("\n")
}
