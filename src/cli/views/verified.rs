//! Which environments work.

use super::{Explained, Paint, View};
use crate::playbook::Proof;
use crate::workflows::Verified;
use schemars::JsonSchema;
use serde::Serialize;

/// What `verify` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VerifiedView {
    /// True when everything works.
    pub works: bool,
    /// One per environment and host.
    pub environments: Vec<Environment>,
}

/// One environment on one host.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Environment {
    /// Its address.
    pub address: String,
    /// True when every import and computation went well.
    pub works: bool,
    /// What was proved, module by module.
    pub proofs: Vec<Proof>,
    /// What else was said, or why there is no proof.
    pub output: String,
    /// What a failure stands for, where that is known.
    pub explained: Option<Explained>,
}

impl From<&[Verified]> for VerifiedView {
    fn from(verified: &[Verified]) -> Self {
        let environment = |v: &Verified| Environment {
            address: v.address.to_string(),
            works: v.works,
            proofs: v.proofs.clone(),
            output: v.output.clone(),
            explained: v.symptom.as_ref().map(Explained::from),
        };
        Self { works: verified.iter().all(|v| v.works), environments: verified.iter().map(environment).collect() }
    }
}

impl View for VerifiedView {
    fn text(&self, paint: Paint) -> String {
        if self.environments.is_empty() {
            return "there is no environment to verify".to_owned();
        }
        let mut lines = Vec::new();
        for environment in &self.environments {
            let word = if environment.works { paint.good("works") } else { paint.bad("does not work") };
            lines.push(format!("{}  {word}", paint.strong(&environment.address)));
            lines.extend(environment.proofs.iter().flat_map(proof_lines).map(|line| format!("  {line}")));
            lines.extend(environment.output.lines().map(|line| format!("  {line}")));
            lines.extend(environment.explained.iter().flat_map(Explained::lines).map(|line| format!("  {line}")));
        }
        lines.join("\n")
    }
}

fn proof_lines(proof: &Proof) -> Vec<String> {
    let trouble = proof.trouble();
    let said = trouble.lines().filter(|_| !proof.works).map(|line| format!("  {line}"));
    std::iter::once(proof.line()).chain(said).collect()
}
