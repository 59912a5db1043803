//! `variables:` and `${name}`. Knows where values may come from, but not how they were fetched.
//!
//! A flag wins over a file, a file over the environment, the environment over the default.

mod declare;
mod given;
mod substitute;
mod text;

pub use given::VariableSource;

use crate::diagnostic::{Diagnostic, Diagnostics, Span, code, nearest};
use crate::yaml::{Kind, Node};
use std::collections::BTreeMap;
use substitute::Filler;

/// The key of the declarations.
const SECTION: &str = "variables";

/// A variable as declared.
#[derive(Debug)]
struct Variable {
    /// The declaration's key.
    span: Span,
    /// What values it takes.
    takes: Type,
    /// Its default, not yet substituted.
    default: Option<Node>,
    /// Something is wrong with the declaration; what it would have said is not known.
    is_broken: bool,
}

/// What values a variable takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Text,
    Number,
    Boolean,
}

impl Type {
    fn noun(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::Boolean => "`true` or `false`",
        }
    }

    fn takes(self, kind: &Kind) -> bool {
        match self {
            Self::Text => matches!(kind, Kind::Text(_)),
            Self::Number => matches!(kind, Kind::Integer(_) | Kind::Float(..)),
            Self::Boolean => matches!(kind, Kind::Bool(_)),
        }
    }
}

type Variables = BTreeMap<String, Variable>;
type Values = BTreeMap<String, Node>;

/// Puts values where `${name}` stands, and says whether all of them could be.
pub(super) fn resolve(tree: Node, sources: &[VariableSource], diagnostics: &mut Diagnostics) -> (Node, bool) {
    let Kind::Map(mut entries) = tree.kind else { return (tree, true) };
    let section = entries.iter().find(|(key, _)| key.value == SECTION);
    let declared = section.map(|(_, node)| declare::read(node, diagnostics)).unwrap_or_default();
    let mut given = Values::new();
    let misfits = given::read(&declared, sources, &mut given, diagnostics);
    let mut filler = Filler::new(&declared, given, misfits, diagnostics);
    for (_, node) in entries.iter_mut().filter(|(key, _)| key.value != SECTION) {
        filler.fill(node);
    }
    let is_complete = filler.is_complete;
    (Node { kind: Kind::Map(entries), ..tree }, is_complete)
}

fn missing(name: &str, span: &Span) -> Diagnostic {
    Diagnostic::error(&code::MISSING_VARIABLE, span, format!("variable `{name}` has no value"))
        .why("it has no default, and none was given")
        .fix(format!("pass `--var {name}=…`, set `AETHER_VAR_{}`, or add a `default`", name.to_uppercase()))
}

fn unknown(name: &str, span: &Span, declared: &Variables) -> Diagnostic {
    let problem = Diagnostic::error(&code::UNKNOWN_VARIABLE, span, format!("there is no variable `{name}`"));
    match nearest(name, declared.keys().map(String::as_str)) {
        Some(near) => problem.fix(format!("did you mean `{near}`?")),
        None => problem.fix(format!("declare it below `variables:`, as `{name}: {{default: …}}`")),
    }
}
