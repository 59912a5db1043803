//! What is wrong with a user's text, where, why, and how to mend it.
//!
//! A [`Diagnostic`] cannot be built without a [`Span`]: a problem without a place does not exist here.
//! Problems are collected, never thrown: a reader returns its best value and adds to [`Diagnostics`]. What logs in to a
//! URL is covered in all that they say.
//! This room knows nothing of manifests, playbooks or terminals.

mod codes;
mod mask;
mod offence;
mod render;
mod source;
mod suggest;

use mask::masked;

pub use codes::{ALL as CODES, codes as code};
pub use offence::Code;
pub use render::{Style, to_json, to_text};
pub use source::{Source, Span};
pub use suggest::nearest;

/// How much a problem weighs: an error stops the command, a warning does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is rendered or applied.
    Error,
    /// Shown, and the command goes on.
    Warning,
}

/// A second place that helps to understand the first, such as `declared here`.
#[derive(Debug, Clone)]
pub struct Note {
    /// The other place.
    pub span: Span,
    /// A lower-case phrase.
    pub text: String,
}

/// One problem in a user's text.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// The offence; `aether explain` prints its page.
    pub code: &'static Code,
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong: a lower-case phrase without a final stop, user's words in backticks.
    pub summary: String,
    /// Where.
    pub span: Span,
    /// Why it is wrong, if the summary does not say.
    pub why: Option<String>,
    /// How to mend it, with a line to copy where there is one.
    pub fix: Option<String>,
    /// Other places involved.
    pub notes: Vec<Note>,
}

impl Diagnostic {
    /// An error of this kind at this place.
    pub fn error(code: &'static Code, span: &Span, summary: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            summary: masked(&summary.into()),
            span: span.clone(),
            why: None,
            fix: None,
            notes: Vec::new(),
        }
    }

    /// A warning of this kind at this place.
    pub fn warning(code: &'static Code, span: &Span, summary: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, summary) }
    }

    /// Adds the reason.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(masked(&why.into()));
        self
    }

    /// Adds the way out.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(masked(&fix.into()));
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn note(mut self, span: &Span, text: impl Into<String>) -> Self {
        self.notes.push(Note { span: span.clone(), text: masked(&text.into()) });
        self
    }
}

/// All problems found on one way through the compiler, in the order of their places.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Nothing wrong so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds a problem if there is one.
    pub fn extend_with(&mut self, diagnostic: Option<Diagnostic>) {
        self.list.extend(diagnostic);
    }

    /// Adds all of another collection.
    pub fn extend(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    /// True when something must be mended before going on.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// True when there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Sorted by source name, place and code, so that output is the same every time.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by(|a, b| {
            let place = |d: &Diagnostic| (d.span.source().name().to_owned(), d.span.start(), d.code.id);
            place(a).cmp(&place(b))
        });
        self.list
    }
}
