//! What the tables answer: yes, not known, or no with the chain of reasons.

use crate::diagnostic::{Code, Diagnostic, Span};
use std::fmt;

/// The answer to a question about a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The tables say that it works.
    Fits,
    /// The tables are silent: no yes, but no ground to refuse either.
    Unknown(Reason),
    /// It cannot work.
    Refused(Reason),
}

/// Why, as a chain of short phrases, and the ways out, cheapest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The offence.
    pub code: &'static Code,
    /// Each phrase follows from the one before it or meets it.
    pub chain: Vec<String>,
    /// Phrases with what to write instead.
    pub ways_out: Vec<String>,
}

impl Reason {
    /// A chain without a way out yet.
    pub(super) fn new(code: &'static Code, chain: impl Into<Vec<String>>) -> Self {
        Self { code, chain: chain.into(), ways_out: Vec::new() }
    }

    /// Adds the next best way out.
    pub(super) fn or(mut self, way_out: impl Into<Option<String>>) -> Self {
        self.ways_out.extend(way_out.into());
        self
    }
}

impl fmt::Display for Reason {
    /// The chain, then the ways out, joined by arrows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.chain.join(" → "))?;
        if self.ways_out.is_empty() { Ok(()) } else { write!(f, " → {}", self.ways_out.join(" or ")) }
    }
}

impl Verdict {
    /// The answer as a message at the place of the wish; none when it fits.
    pub fn diagnostic(&self, span: &Span) -> Option<Diagnostic> {
        let (mut diagnostic, reason) = match self {
            Self::Fits => return None,
            Self::Unknown(reason) => (Diagnostic::warning(reason.code, span, reason.chain[0].clone()), reason),
            Self::Refused(reason) => (Diagnostic::error(reason.code, span, reason.chain[0].clone()), reason),
        };
        if reason.chain.len() > 1 {
            diagnostic = diagnostic.why(reason.chain[1..].join(" → "));
        }
        if !reason.ways_out.is_empty() {
            diagnostic = diagnostic.fix(reason.ways_out.join(" or "));
        }
        Some(diagnostic)
    }
}
