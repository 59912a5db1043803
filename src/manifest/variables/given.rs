//! Values from outside: flags, files and the environment.

use super::{Type, Values, Variable, Variables, unknown};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span, code};
use crate::yaml::{self, Kind, Node, Wanted};
use std::sync::Arc;

/// One place values come from. The order among places is fixed; among files and among flags the last wins.
#[derive(Debug, Clone)]
pub enum VariableSource {
    /// The text after `--var`, `name=value`.
    Flag(Arc<Source>),
    /// A YAML mapping of names to values.
    File(Arc<Source>),
    /// The value of `AETHER_VAR_<NAME>`; the source's name is the variable's full name. Names that are not declared are
    /// passed over: one environment serves many projects.
    Environment(Arc<Source>),
}

/// What every environment variable of ours begins with.
const PREFIX: &str = "AETHER_VAR_";

/// The winning value of each variable that got one.
pub(super) fn read(declared: &Variables, sources: &[VariableSource], diagnostics: &mut Diagnostics) -> Values {
    let mut values = Values::new();
    for source in ordered(sources) {
        match source {
            VariableSource::Environment(source) => from_environment(source, declared, &mut values, diagnostics),
            VariableSource::File(source) => from_file(source, declared, &mut values, diagnostics),
            VariableSource::Flag(source) => from_flag(source, declared, &mut values, diagnostics),
        }
    }
    values
}

/// Weakest first.
fn ordered(sources: &[VariableSource]) -> Vec<&VariableSource> {
    let mut sources: Vec<_> = sources.iter().collect();
    sources.sort_by_key(|source| match source {
        VariableSource::Environment(_) => 0,
        VariableSource::File(_) => 1,
        VariableSource::Flag(_) => 2,
    });
    sources
}

fn from_environment(source: &Arc<Source>, declared: &Variables, values: &mut Values, diagnostics: &mut Diagnostics) {
    let name = source.name().strip_prefix(PREFIX).unwrap_or(source.name()).to_lowercase();
    let Some(variable) = declared.get(&name) else { return };
    let span = Span::new(source, 0..source.text().len());
    let value = typed(source.text(), span, &name, variable, diagnostics);
    values.extend(value.map(|value| (name, value)));
}

fn from_flag(source: &Arc<Source>, declared: &Variables, values: &mut Values, diagnostics: &mut Diagnostics) {
    let text = source.text();
    let Some((name, value)) = text.split_once('=') else {
        let span = Span::new(source, 0..text.len());
        diagnostics.push(
            Diagnostic::error(&code::INVALID_VARIABLE, &span, format!("`{text}` gives no variable a value"))
                .fix("write `--var name=value`"),
        );
        return;
    };
    let Some(variable) = declared.get(name) else {
        diagnostics.push(unknown(name, &Span::new(source, 0..name.len()), declared));
        return;
    };
    let span = Span::new(source, name.len() + 1..text.len());
    values.extend(typed(value, span, name, variable, diagnostics).map(|value| (name.to_owned(), value)));
}

fn from_file(source: &Arc<Source>, declared: &Variables, values: &mut Values, diagnostics: &mut Diagnostics) {
    let Some(tree) = yaml::parse(source, diagnostics) else { return };
    if !matches!(tree.kind, Kind::Map(_) | Kind::Null) {
        let summary = format!("a file of variables must be {}, this is {}", Wanted::Mapping.noun(), tree.kind.noun());
        diagnostics
            .push(Diagnostic::error(&code::WRONG_TYPE, &tree.span, summary).fix("write `name: value`, one per line"));
        return;
    }
    for (key, node) in tree.as_map().unwrap_or_default() {
        match declared.get(&key.value) {
            None => diagnostics.push(unknown(&key.value, &key.span, declared)),
            Some(variable) if variable.takes.takes(&node.kind) => {
                values.insert(key.value.clone(), node.clone());
            }
            Some(variable) => diagnostics.push(misfit(&key.value, variable, node.kind.noun(), &node.span)),
        }
    }
}

/// A bare text, read as the variable's type.
fn typed(text: &str, span: Span, name: &str, variable: &Variable, diagnostics: &mut Diagnostics) -> Option<Node> {
    let kind = match variable.takes {
        Type::Text => Kind::Text(text.to_owned()),
        Type::Number | Type::Boolean => yaml::scalar(text),
    };
    if variable.takes.takes(&kind) {
        Some(Node::new(kind, span))
    } else {
        diagnostics.push(misfit(name, variable, &format!("`{text}`"), &span));
        None
    }
}

fn misfit(name: &str, variable: &Variable, found: &str, span: &Span) -> Diagnostic {
    let summary = format!("variable `{name}` takes {}, this is {found}", variable.takes.noun());
    Diagnostic::error(&code::WRONG_TYPE, span, summary).note(&variable.span, "declared here")
}
