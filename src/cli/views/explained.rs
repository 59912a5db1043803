//! What a failure stands for: the lines below what was said.

use crate::stack::Symptom;
use schemars::JsonSchema;
use serde::Serialize;

/// A failure that is known.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Explained {
    /// `AE0340`; `aether explain` prints its page.
    pub code: &'static str,
    /// `driver-library-mismatch`.
    pub name: &'static str,
    /// Why it happened.
    pub why: String,
    /// What to do about it.
    pub fix: String,
}

impl From<&Symptom> for Explained {
    fn from(symptom: &Symptom) -> Self {
        let Symptom { code, cause, way_out } = symptom;
        Self { code: code.id, name: code.name, why: cause.clone(), fix: way_out.clone() }
    }
}

impl Explained {
    /// `why:` and `fix:`, and where to read more.
    pub fn lines(&self) -> Vec<String> {
        vec![format!("why: {}", self.why), format!("fix: {}", self.fix), format!("more: aether explain {}", self.name)]
    }
}
