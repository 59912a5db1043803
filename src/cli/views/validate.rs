//! A valid project in one line, and what is worth mending.

use super::{Paint, View, count, unconfirmed_lines};
use crate::diagnostic::{Style, to_json, to_text};
use crate::workflows::{Unconfirmed, Validated};
use schemars::JsonSchema;
use serde::Serialize;

/// What `validate` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ValidateView {
    /// The project's name.
    pub name: String,
    /// How many hosts.
    pub hosts: usize,
    /// How many environments.
    pub environments: usize,
    /// How many clusters.
    pub clusters: usize,
    /// Environments whose lock entry is missing or stale.
    pub stale: Vec<String>,
    /// Warnings, in the shape of diagnostics.
    pub warnings: Vec<serde_json::Value>,
    /// What the answers about GPUs rest on and nobody confirmed.
    pub not_confirmed: Vec<Unconfirmed>,
    #[serde(skip)]
    texts: Vec<String>,
}

impl ValidateView {
    /// The view of a valid project.
    pub fn new(valid: Validated, style: Style) -> Self {
        Self {
            name: valid.name,
            hosts: valid.hosts,
            environments: valid.environments,
            clusters: valid.clusters,
            stale: valid.stale,
            warnings: valid.warnings.iter().map(to_json).collect(),
            not_confirmed: valid.not_confirmed,
            texts: valid.warnings.iter().map(|warning| to_text(warning, style) + "\n").collect(),
        }
    }
}

impl View for ValidateView {
    fn text(&self, paint: Paint) -> String {
        let mut lines = self.texts.clone();
        lines.push(format!(
            "{} `{}`: {}, {}, {}",
            paint.good("valid:"),
            self.name,
            count(self.environments, "environment"),
            count(self.hosts, "host"),
            count(self.clusters, "cluster"),
        ));
        lines.extend(unconfirmed_lines(&self.not_confirmed));
        if !self.stale.is_empty() {
            lines.push(format!("not locked yet: {}; resolve with `aether lock`", self.stale.join(", ")));
        }
        lines.join("\n")
    }
}
