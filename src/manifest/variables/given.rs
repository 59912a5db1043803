//! Values from outside: flags, files and the environment.

use super::{Type, Values, Variable, Variables, unknown};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, Source, Span, code};
use crate::yaml::{self, Kind, Node};
use std::sync::Arc;

/// One place values come from. The order among places is fixed; among files and among flags the last wins.
#[derive(Debug, Clone)]
pub enum VariableSource {
    /// The text after `--var`, `name=value`.
    Flag(Arc<Source>),
    /// A YAML mapping of names to values.
    File(Arc<Source>),
    /// The value of `AETHER_VAR_<NAME>`; the source's name is the variable's full name. Names that are not declared are
    /// only warned of: one environment serves many projects.
    Environment(Arc<Source>),
}

/// What every environment variable of ours begins with.
const PREFIX: &str = "AETHER_VAR_";

/// Puts the winning value of each variable into `values`; hands back the names whose value was refused.
pub(super) fn read(
    declared: &Variables,
    sources: &[VariableSource],
    values: &mut Values,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    let mut given = Given { declared, values, misfits: Vec::new(), diagnostics };
    for source in ordered(sources) {
        match source {
            VariableSource::Environment(source) => given.environment(source),
            VariableSource::File(source) => given.file(source),
            VariableSource::Flag(source) => given.flag(source),
        }
    }
    given.misfits
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

struct Given<'a> {
    declared: &'a Variables,
    values: &'a mut Values,
    misfits: Vec<String>,
    diagnostics: &'a mut Diagnostics,
}

impl Given<'_> {
    fn environment(&mut self, source: &Arc<Source>) {
        let name = source.name().strip_prefix(PREFIX).unwrap_or(source.name()).to_lowercase();
        if self.declared.contains_key(&name) {
            self.text(&name, source.text(), Span::new(source, 0..source.text().len()));
            return;
        }
        // Its value may be another project's secret: only the name is shown.
        let place = Span::start_of(&Source::new(source.name(), ""));
        let problem = Diagnostic { severity: Severity::Warning, ..unknown(&name, &place, self.declared) };
        self.diagnostics.push(problem.why("it is set in the environment, and this manifest does not declare it"));
    }

    fn flag(&mut self, source: &Arc<Source>) {
        let text = source.text();
        let Some((name, value)) = text.split_once('=') else {
            let span = Span::new(source, 0..text.len());
            self.diagnostics.push(
                Diagnostic::error(&code::INVALID_VARIABLE, &span, format!("`{text}` gives no variable a value"))
                    .fix("write `--var name=value`"),
            );
            self.misfits.push(text.to_owned());
            return;
        };
        if self.declared.contains_key(name) {
            self.text(name, value, Span::new(source, name.len() + 1..text.len()));
        } else {
            self.diagnostics.push(unknown(name, &Span::new(source, 0..name.len()), self.declared));
        }
    }

    fn file(&mut self, source: &Arc<Source>) {
        let Some(tree) = yaml::parse(source, self.diagnostics) else { return };
        if !matches!(tree.kind, Kind::Map(_) | Kind::Null) {
            let summary = format!("a file of variables must be a mapping, this is {}", tree.kind.noun());
            self.diagnostics.push(
                Diagnostic::error(&code::WRONG_TYPE, &tree.span, summary).fix("write `name: value`, one per line"),
            );
        }
        for (key, node) in tree.as_map().unwrap_or_default() {
            if self.declared.contains_key(&key.value) {
                self.value(&key.value, node.clone(), node.kind.noun());
            } else {
                self.diagnostics.push(unknown(&key.value, &key.span, self.declared));
            }
        }
    }

    /// A bare text, read as the variable's type.
    fn text(&mut self, name: &str, text: &str, span: Span) {
        let is_text = self.declared.get(name).is_some_and(|variable| variable.takes == Type::Text);
        let kind = if is_text { Kind::Text(text.to_owned()) } else { yaml::scalar(text) };
        self.value(name, Node::new(kind, span), &format!("`{text}`"));
    }

    fn value(&mut self, name: &str, node: Node, found: &str) {
        let Some(variable) = self.declared.get(name) else { return };
        if variable.takes.takes(&node.kind) {
            self.values.insert(name.to_owned(), node);
        } else {
            self.diagnostics.push(misfit(name, variable, found, &node.span));
            self.misfits.push(name.to_owned());
        }
    }
}

fn misfit(name: &str, variable: &Variable, found: &str, span: &Span) -> Diagnostic {
    let summary = format!("variable `{name}` takes {}, this is {found}", variable.takes.noun());
    Diagnostic::error(&code::WRONG_TYPE, span, summary).note(&variable.span, "declared here")
}
