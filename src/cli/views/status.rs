//! What is recorded, host by host.

use super::{Paint, View, count};
use crate::playbook::Proof;
use crate::state::Condition;
use crate::workflows::Status;
use schemars::JsonSchema;
use serde::Serialize;

/// What `status` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusView {
    /// Where it is recorded.
    pub location: String,
    /// How often it was written.
    pub serial: u64,
    /// Hosts with something on them.
    pub hosts: Vec<Host>,
}

/// One host.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Host {
    /// `group/name`.
    pub address: String,
    /// Distribution, version and architecture.
    pub system: String,
    /// What is on it.
    pub resources: Vec<Resource>,
}

/// One resource.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Resource {
    /// Its address.
    pub address: String,
    /// How the last run on it ended.
    pub condition: Condition,
    /// When, RFC 3339, UTC.
    pub applied: String,
    /// What proving it found last, module by module.
    pub proofs: Vec<Proof>,
}

impl From<Status> for StatusView {
    fn from(status: Status) -> Self {
        let resource = |r: &crate::workflows::StatusResource| Resource {
            address: r.address.to_string(),
            condition: r.condition,
            applied: r.applied.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            proofs: r.proofs.clone(),
        };
        let hosts = status.hosts.iter().map(|host| Host {
            address: host.address.to_string(),
            system: host.system.clone(),
            resources: host.resources.iter().map(resource).collect(),
        });
        Self { location: status.location, serial: status.serial, hosts: hosts.collect() }
    }
}

impl View for StatusView {
    fn text(&self, paint: Paint) -> String {
        if self.hosts.is_empty() {
            return "nothing is recorded yet: see what would be done with `aether plan`".to_owned();
        }
        let mut lines = Vec::new();
        for host in &self.hosts {
            let system =
                if host.system.is_empty() { String::new() } else { format!("  {}", paint.faint(&host.system)) };
            lines.push(format!("{}{system}", paint.strong(&host.address)));
            for resource in &host.resources {
                let below = resource.address.strip_prefix(&host.address).unwrap_or_default().trim_start_matches('/');
                let name = if below.is_empty() { "host" } else { below };
                let condition = match resource.condition {
                    Condition::Complete => paint.good("complete"),
                    Condition::Failed => paint.bad("failed; go on with `aether resume`"),
                    Condition::Interrupted => paint.bad("interrupted; go on with `aether resume`"),
                };
                lines.push(format!("  {name}  {condition}  {}", paint.faint(&resource.applied)));
                lines.extend(resource.proofs.iter().map(|proof| format!("      {}", paint.faint(&proof.line()))));
            }
        }
        lines.push(format!("{}, serial {} in {}", count(self.hosts.len(), "host"), self.serial, self.location));
        lines.join("\n")
    }
}
