//! Resources, what they need of each other, and the order that follows. Knows no provider.

mod cloud;
mod link;
mod mirrored;
mod sections;

pub use cloud::{AttributeValue, AttributeWish, Attributes, Change, CloudObject, CloudPlace, Found};
pub use link::link;
pub use sections::{HostSection, removal};

use crate::address::{Address, HostAddress};
use crate::project::{Platform, Project};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// Everything a project wants to exist.
#[derive(Debug, Clone)]
pub struct Graph {
    /// What it was made from.
    pub project: Project,
    /// Every host, in the order of the manifest.
    pub hosts: Vec<Host>,
    /// Machines that a cloud has yet to make, in the order of the manifest.
    pub machines: Vec<Machines>,
    /// What clouds are to keep, each object once, after everything that it needs.
    pub objects: Vec<CloudObject>,
    /// Clusters with their workloads, in the order of the manifest.
    pub clusters: Vec<Cluster>,
    /// Every resource: host after host, on each in the order of set-up.
    pub resources: Vec<Resource>,
    /// Per host its number in `hosts` and its part of `resources`.
    places: BTreeMap<HostAddress, (usize, Range<usize>)>,
    /// Per host group its number in `project.groups`: with as many groups as hosts, a search would be felt.
    groups: BTreeMap<String, usize>,
    /// Per host group its number in `machines`, where it has any.
    made: BTreeMap<String, usize>,
}

/// A host that exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Its name.
    pub address: HostAddress,
    /// How to get there.
    pub target: Target,
    /// Its kind.
    pub platform: Platform,
    /// The folder everything of Aether's lives in on it; absolute.
    pub prefix: String,
    /// Whether system packages may be installed, which takes root.
    pub is_system_managed: bool,
}

/// Machines of a cloud, as wished.
#[derive(Debug, Clone, PartialEq)]
pub struct Machines {
    /// The host group.
    pub group: String,
    /// `aws`.
    pub provider: String,
    /// How many.
    pub count: u32,
    /// The provider's own settings, ready for its Terraform module: names and plain values, sorted.
    pub settings: Vec<(String, serde_json::Value)>,
    /// What one of them costs, where known.
    pub price: Option<Price>,
}

impl Machines {
    /// USD per hour for all of them, where known.
    pub fn hourly_cost(&self) -> Option<f64> {
        self.price.as_ref().map(|price| price.hourly * f64::from(self.count))
    }
}

/// What a machine costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// USD per hour.
    pub hourly: f64,
    /// When it was read, and where it holds: `2026-07-20, us-east-1`.
    pub read: String,
    /// True when it may cost less: spare capacity never costs more than a machine on demand.
    pub is_most: bool,
}

/// How to reach one machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The name to show in messages.
    pub name: String,
    /// The way there.
    pub way: Way,
}

/// The way to a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// This machine, as the user who runs Aether.
    Local,
    /// Over SSH. What is `None` comes from the user's SSH configuration.
    Ssh {
        /// Address or alias, as in `ssh ALIAS`.
        host: String,
        /// Login name.
        user: Option<String>,
        /// TCP port.
        port: Option<u16>,
        /// Path of a private key.
        identity_file: Option<String>,
        /// `[user@]host[:port]` of a jump host.
        jump: Option<String>,
    },
}

impl Way {
    /// Address or alias over the network; nothing for this machine.
    pub(crate) fn address(&self) -> Option<&str> {
        match self {
            Self::Local => None,
            Self::Ssh { host, .. } => Some(host),
        }
    }
}

/// A cluster that exists, and what is to run there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// Its name in the manifest.
    pub name: String,
    /// `kubernetes`.
    pub provider: String,
    /// The kind of its nodes.
    pub platform: Platform,
    /// The context of the user's kubeconfig that leads there.
    pub context: String,
    /// The namespace everything of the project lives in; `None` means the project's name.
    pub namespace: Option<String>,
    /// Where images are pulled from, without a final slash: `registry.example.com/team`; `None` means that the nodes
    /// have them already.
    pub registry: Option<String>,
    /// One per environment, in the order of the manifest.
    pub workloads: Vec<Workload>,
}

/// One environment at work on a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// The environment it runs in.
    pub environment: String,
    /// Digest of its image (`sha256:…`), where the user pinned one.
    pub digest: Option<String>,
    /// Whether it ends or stays.
    pub kind: WorkloadKind,
    /// How many copies of it stay up; 1 for a job.
    pub replicas: u32,
    /// Program and arguments; empty means to prove the environment.
    pub command: Vec<String>,
    /// The TCP port it serves, if any.
    pub port: Option<u16>,
    /// Processor time as a Kubernetes quantity: `4`, `500m`.
    pub cpu: String,
    /// Memory as a Kubernetes quantity: `16Gi`.
    pub memory: String,
    /// NVIDIA GPUs per copy.
    pub gpus: u32,
}

/// The life of a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkloadKind {
    /// Runs once, to its end.
    Job,
    /// Is kept running.
    Deployment,
}

/// One thing Aether keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its name.
    pub address: Address,
    /// What must stand before it.
    pub needs: Vec<Address>,
}
