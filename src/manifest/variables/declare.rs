//! Reads the declarations below `variables:`.

use super::{Type, Variable, Variables};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::manifest::fields;
use crate::yaml::{Kind, Map, Node, Spanned};

/// Every variable that is declared well enough to be used.
pub(super) fn read(section: &Node, diagnostics: &mut Diagnostics) -> Variables {
    let entries = section.as_map().unwrap_or_default();
    entries.iter().map(|(key, node)| (key.value.clone(), variable(key, node, diagnostics))).collect()
}

fn variable(key: &Spanned<String>, node: &Node, diagnostics: &mut Diagnostics) -> Variable {
    let mut found = Diagnostics::new();
    let (takes, default) = declaration(key, node, &mut found);
    let is_broken = found.has_errors();
    diagnostics.extend(found);
    check_name(key, diagnostics);
    Variable { span: key.span.clone(), takes, default, is_broken }
}

fn declaration(key: &Spanned<String>, node: &Node, diagnostics: &mut Diagnostics) -> (Type, Option<Node>) {
    let map = Map::read(node, &format!("variable `{}`", key.value), fields::VARIABLE, diagnostics);
    let default = map.as_ref().and_then(|map| map.node("default")).filter(|node| node.kind != Kind::Null).cloned();
    let word = map.as_ref().and_then(|map| map.text("type"));
    let takes = match (word.as_ref().map(|word| word.value.as_str()), default.as_ref().map(|node| &node.kind)) {
        (Some("number"), _) | (None, Some(Kind::Integer(_) | Kind::Float(..))) => Type::Number,
        (Some("boolean"), _) | (None, Some(Kind::Bool(_))) => Type::Boolean,
        _ => Type::Text,
    };
    (takes, default.map(|node| fitting(node, takes, &key.value, diagnostics)))
}

/// A default that does not fit is reported once and then taken as it is.
fn fitting(node: Node, takes: Type, name: &str, diagnostics: &mut Diagnostics) -> Node {
    let is_reference = node.as_text().is_some_and(|text| text.contains("${"));
    if !takes.takes(&node.kind) && !is_reference {
        let summary = format!("the default of `{name}` must be {}, this is {}", takes.noun(), node.kind.noun());
        let problem = Diagnostic::error(&code::WRONG_TYPE, &node.span, summary);
        diagnostics.push(match (takes, &node.kind) {
            (Type::Text, Kind::Integer(_) | Kind::Float(..) | Kind::Bool(_)) => {
                problem.fix(format!("write `\"{}\"`", node.span.text()))
            }
            _ => problem,
        });
    }
    node
}

fn check_name(key: &Spanned<String>, diagnostics: &mut Diagnostics) {
    let name = &key.value;
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !is_name {
        let summary = format!("`{name}` is no name for a variable");
        diagnostics.push(
            Diagnostic::error(&code::INVALID_NAME, &key.span, summary)
                .why("it also has to be readable as `AETHER_VAR_<NAME>`")
                .fix("begin with a lower-case letter and use lower-case letters, digits and `_`"),
        );
    }
}
