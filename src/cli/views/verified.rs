//! Which environments work.

use super::{Paint, View};
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
    /// What the proof printed.
    pub output: String,
}

impl From<&[Verified]> for VerifiedView {
    fn from(verified: &[Verified]) -> Self {
        let environment =
            |v: &Verified| Environment { address: v.address.to_string(), works: v.works, output: v.output.clone() };
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
            lines.extend(environment.output.lines().map(|line| format!("  {line}")));
        }
        lines.join("\n")
    }
}
