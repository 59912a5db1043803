//! The state of every host, and the way out of it.

use super::{Paint, View, count};
use crate::playbook::Proof;
use crate::state::{Condition, HostState, TaskFailure};
use crate::workflows::{Status, StatusObject};
use schemars::JsonSchema;
use serde::Serialize;

/// What `status` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusView {
    /// Where it is recorded.
    pub location: String,
    /// How often it was written.
    pub serial: u64,
    /// Who is at work on it now: user, machine, process, and since when.
    pub running: Option<String>,
    /// Every host of the manifest, and every other one with something on it.
    pub hosts: Vec<Host>,
    /// Every object of a cloud that was made or begun.
    pub objects: Vec<Object>,
}

/// One object of a cloud.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Object {
    /// Its address.
    pub address: String,
    /// Its id; null while the cloud has not named it.
    pub id: Option<String>,
    /// How the last run on it ended.
    pub condition: Condition,
    /// When, RFC 3339, UTC.
    pub applied: String,
}

/// One host.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Host {
    /// `group/name`.
    pub address: String,
    /// Distribution, version and architecture.
    pub system: String,
    /// The state it is in.
    pub state: HostState,
    /// Why, or by whom; empty where the name says it all.
    pub why: String,
    /// The command that leads out of it; null where there is nothing to do.
    pub way_out: Option<String>,
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
    /// The task that failed, when one did.
    pub failure: Option<TaskFailure>,
}

impl From<StatusObject> for Object {
    fn from(object: StatusObject) -> Self {
        Self {
            address: object.address.to_string(),
            id: object.id,
            condition: object.condition,
            applied: written(object.at),
        }
    }
}

impl From<Status> for StatusView {
    fn from(status: Status) -> Self {
        let resource = |r: crate::workflows::StatusResource| Resource {
            address: r.address.to_string(),
            condition: r.condition,
            applied: written(r.applied),
            proofs: r.proofs,
            failure: r.failure,
        };
        let hosts = status.hosts.into_iter().map(|host| Host {
            address: host.address.to_string(),
            system: host.system,
            way_out: host.standing.state.way_out(&host.address),
            state: host.standing.state,
            why: host.standing.why,
            resources: host.resources.into_iter().map(resource).collect(),
        });
        Self {
            hosts: hosts.collect(),
            objects: status.objects.into_iter().map(Object::from).collect(),
            location: status.location,
            serial: status.serial,
            running: status.holder,
        }
    }
}

impl View for StatusView {
    fn text(&self, paint: Paint) -> String {
        if self.hosts.is_empty() && self.objects.is_empty() {
            return "nothing is recorded yet: see what would be done with `aether plan`".to_owned();
        }
        let mut lines: Vec<String> = self.hosts.iter().flat_map(|host| self.host(host, paint)).collect();
        lines.extend(self.objects.iter().map(|object| self.object(object, paint)));
        let objects = match self.objects.len() {
            0 => String::new(),
            all => format!(", {} of clouds", count(all, "object")),
        };
        lines.push(format!(
            "{}{objects}, serial {} in {}",
            count(self.hosts.len(), "host"),
            self.serial,
            self.location
        ));
        lines.join("\n")
    }
}

impl Object {
    /// Address, id, how it ended and when.
    pub(super) fn line(&self, condition: &str, paint: Paint) -> String {
        let id = self.id.as_deref().unwrap_or("not named yet");
        format!("{}  {id}  {condition}  {}", paint.strong(&self.address), paint.faint(&self.applied))
    }
}

impl StatusView {
    fn host(&self, host: &Host, paint: Paint) -> Vec<String> {
        let system = if host.system.is_empty() { String::new() } else { format!("  {}", paint.faint(&host.system)) };
        let mut lines = vec![format!("{}  {}{system}", paint.strong(&host.address), word(host.state, paint))];
        if !host.why.is_empty() {
            lines.push(format!("  {}", host.why));
        }
        lines.extend(host.way_out.iter().map(|command| match host.state {
            HostState::Running => format!("  wait for its end: {command}"),
            HostState::Unreachable => format!("  see why: {command}"),
            _ => format!("  go on with: {command}"),
        }));
        for resource in &host.resources {
            let below = resource.address.strip_prefix(&host.address).unwrap_or_default().trim_start_matches('/');
            let name = if below.is_empty() { "host" } else { below };
            let condition = self.condition(resource.condition, paint);
            lines.push(format!("  {name}  {condition}  {}", paint.faint(&resource.applied)));
            lines.extend(resource.proofs.iter().map(|proof| format!("      {}", paint.faint(&proof.line()))));
        }
        lines
    }

    fn object(&self, object: &Object, paint: Paint) -> String {
        object.line(&self.condition(object.condition, paint), paint)
    }

    fn condition(&self, condition: Condition, paint: Paint) -> String {
        match condition {
            Condition::Complete => paint.good("complete"),
            Condition::Failed => paint.bad("failed"),
            Condition::Interrupted if self.running.is_some() => paint.attention("running"),
            Condition::Interrupted => paint.bad("interrupted"),
        }
    }
}

fn written(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn word(state: HostState, paint: Paint) -> String {
    match state {
        HostState::InOrder => paint.good(state.word()),
        HostState::Failed | HostState::Unreachable | HostState::HalfDone => paint.bad(state.word()),
        HostState::NeverSeen | HostState::Running | HostState::WaitingForReboot | HostState::ChangedByHand => {
            paint.attention(state.word())
        }
    }
}
