//! The rounds of a loop: the variables that each of them has.

use crate::diagnostic::{Diagnostic, code};
use crate::playbook::arguments::fill_in;
use crate::playbook::scope::{Rank, Scope};
use crate::playbook::task::TaskText;
use crate::playbook::walk::Walker;
use crate::playbook::{problem, template};
use crate::yaml::Node;
use serde_json::{Map, Value};

impl Walker<'_> {
    /// The variables of each round of a loop; the inner `None` when there is no loop.
    #[expect(clippy::option_option, reason = "wrong, no loop, and a loop are three answers")]
    pub(in crate::playbook) fn rounds(&mut self, task: &TaskText<'_>, scope: &Scope) -> Option<Option<Vec<Scope>>> {
        let Some(node) = task.keyword("loop").or_else(|| task.keyword("with_items")) else { return Some(None) };
        let control = task.keyword("loop_control");
        let word = |name| control.and_then(|node| node.get(name)).and_then(Node::as_text);
        for (key, _) in control.and_then(Node::as_map).unwrap_or_default() {
            if !matches!(key.value.as_str(), "loop_var" | "index_var" | "label") {
                let summary = format!("`loop_control` with `{}` is not supported", key.value);
                self.diagnostics.push(Diagnostic::error(&code::UNSUPPORTED_KEYWORD, &key.span, summary));
                return None;
            }
        }
        let items = match fill_in(node, scope) {
            Ok(Value::Array(items)) => items,
            Ok(other) => {
                let summary = format!("a loop goes over a list, and this is `{}`", template::text_of(&other));
                self.diagnostics.push(Diagnostic::error(&code::WRONG_TYPE, &node.span, summary));
                return None;
            }
            Err((error, span)) => {
                self.diagnostics.push(problem::of_template(&error, &span, scope));
                return None;
            }
        };
        let is_flat = task.keyword("with_items").is_some();
        let items = if is_flat { flattened(items) } else { items };
        let round = |(position, item): (usize, Value)| {
            let mut values = Map::new();
            values.insert("ansible_loop_var".to_owned(), Value::from(word("loop_var").unwrap_or("item")));
            values.insert(word("loop_var").unwrap_or("item").to_owned(), item);
            if let Some(name) = word("index_var") {
                values.insert(name.to_owned(), Value::from(position));
            }
            let mut scope = scope.clone();
            scope.add(Rank::Item, values);
            scope
        };
        Some(Some(items.into_iter().enumerate().map(round).collect()))
    }
}

/// `with_items` opens one level of lists.
fn flattened(items: Vec<Value>) -> Vec<Value> {
    let open = |item| match item {
        Value::Array(inner) => inner,
        other => vec![other],
    };
    items.into_iter().flat_map(open).collect()
}
