//! What would change, why, and in which order. A [`Plan`] is complete: apply decides nothing.
//!
//! Made from values only (the graph, the state, a look at each host); knows nothing of how a step is carried out.

mod cloud;
mod diff;
mod findings;
mod look;
mod saved;
mod schedule;
mod verify;

pub use cloud::{AttributeChange, CloudLooks, CloudStep};
pub use diff::diff;
pub use findings::{FindingWeight, HostFinding};
pub use look::{Look, Seen, TaskLook, Unseen};
pub use saved::{SavedPlanError, Stale, parse, stale, stale_clouds, to_text};
pub use schedule::{HostSteps, schedule};
pub use verify::verify;

use crate::address::{Address, HostAddress};
use crate::playbook::Status;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One reviewable decision about everything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// What was wanted.
    pub wish: Wish,
    /// What it was made from; apply refuses it when any of that has moved.
    pub parent: Parent,
    /// One per resource, in the order of the hosts and of their set-up; resources that need nothing included.
    pub steps: Vec<Step>,
    /// One per object of a cloud: what goes away, then what is wanted, each after everything that it needs.
    #[serde(default)]
    pub objects: Vec<CloudStep>,
    /// What the looks tell about GPU stacks, host after host, refusals first.
    #[serde(default)]
    pub findings: Vec<HostFinding>,
    /// Machines of clouds with their price; this plan makes them, and sets none of them up as a host.
    pub machines: Vec<MachinesToMake>,
    /// Clusters with workloads, which this plan does not touch.
    pub clusters: Vec<ClusterToFill>,
}

/// What is wanted of the recorded world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// Everything in the graph, and nothing that is not.
    Present,
    /// Nothing.
    Absent,
}

/// The fingerprints of a plan's parents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parent {
    /// Digest of manifest, profile, variables, lock and playbooks.
    pub inputs: String,
    /// The state's lineage.
    pub lineage: String,
    /// The state's serial.
    pub serial: u64,
    /// Digest of what was seen on each host.
    pub looks: BTreeMap<HostAddress, String>,
    /// Digest of what was seen in clouds; empty where nothing was looked for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub clouds: String,
}

/// What happens to one resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Which one.
    #[schemars(with = "String")]
    pub address: Address,
    /// What.
    pub action: Action,
    /// Why, or why nothing: a lower-case phrase.
    pub reason: String,
    /// Digest of what is wanted; empty for what goes away.
    pub digest: String,
    /// The tasks that would change something there, in order.
    pub tasks: Vec<TaskChange>,
}

/// What happens to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Set up for the first time.
    Create,
    /// Brought back to, or on to, what is wanted.
    Update,
    /// An object of a cloud goes, and another takes its place.
    Replace,
    /// Removed from the host, or from the cloud.
    Delete,
    /// Stands as wanted already and is only recorded.
    Adopt,
    /// Dropped from the state; its effects stay.
    Forget,
    /// Nothing to do.
    Keep,
    /// Cannot be planned, because its host could not be looked at.
    Blocked,
}

impl Action {
    /// The sign in front of a line of the plan.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Create => "+",
            Self::Update => "~",
            Self::Replace => "-/+",
            Self::Delete => "-",
            Self::Adopt => ">",
            Self::Forget => ".",
            Self::Keep => " ",
            Self::Blocked => "!",
        }
    }

    /// True when apply has something to do or to record.
    pub fn is_change(self) -> bool {
        !matches!(self, Self::Keep | Self::Blocked)
    }

    /// True when apply runs a host program for it.
    pub fn runs_on_host(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Delete)
    }
}

/// One task that would change something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskChange {
    /// `environment : install packages`.
    pub name: String,
    /// The module.
    pub module: String,
    /// `changed`, `unknown` (not known before an earlier task has run) or `failed`.
    pub status: Status,
    /// Why: `mode is 0644, wanted 0755`.
    pub reason: Option<String>,
}

/// Machines of a cloud, for their price and for what this plan leaves undone with them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MachinesToMake {
    /// The host group.
    pub group: String,
    /// Its provider.
    pub provider: String,
    /// How many.
    pub count: u32,
    /// USD per hour for all of them, where known.
    pub hourly_cost: Option<f64>,
    /// True when they may cost less: spare capacity never costs more than machines on demand.
    #[serde(default)]
    pub is_most: bool,
    /// When that price was read, and where it holds.
    pub priced: Option<String>,
}

/// A cluster whose workloads are rendered and that no part of this plan touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClusterToFill {
    /// The cluster.
    pub cluster: String,
    /// The context of the user's kubeconfig that leads there.
    pub context: String,
    /// How many workloads it gets.
    pub workloads: usize,
}

impl Plan {
    /// True when apply has something to do or to record.
    pub fn has_changes(&self) -> bool {
        self.actions().any(Action::is_change)
    }

    /// True when there is nothing to show: all is as wanted, and nothing waits elsewhere.
    pub fn is_empty(&self) -> bool {
        !self.has_changes()
            && !self.is_blocked()
            && self.findings.is_empty()
            && self.machines.is_empty()
            && self.clusters.is_empty()
    }

    /// True when a host or a cloud could not be looked at.
    pub fn is_blocked(&self) -> bool {
        self.actions().any(|action| action == Action::Blocked)
    }

    fn actions(&self) -> impl Iterator<Item = Action> {
        self.steps.iter().map(|step| step.action).chain(self.objects.iter().map(|step| step.action))
    }

    /// The hosts that could not be looked at, once for each of their resources.
    pub fn blocked_hosts(&self) -> impl Iterator<Item = &HostAddress> {
        self.steps.iter().filter(|step| step.action == Action::Blocked).map(|step| step.address.host())
    }

    /// How many steps have this action.
    pub fn count(&self, action: Action) -> usize {
        self.actions().filter(|own| *own == action).count()
    }
}
