//! The valid world: a manifest and its lock with every default applied and every rule kept.
//!
//! Where a rule guarantees a value there is no `Option`. Knows nothing of clouds, time or disk; a provider's own keys
//! pass through as the raw subtree they were.

mod accelerators;
mod build;
mod image;
mod lock;
mod mirrors;
mod requirement;
mod rules;
mod software;
mod stacks;
mod stale;
mod world;

pub use crate::stack::{Accelerator, Architecture, Platform};
pub use image::{IMAGE_USER, short_name};
pub use lock::{Lock, LockError, LockedEnvironment, LockedPackage, LockedStack, LockedTool};
pub use mirrors::{HUB_VARIABLE, Mirrors};
pub use software::{DriverWish, Software};
pub use stacks::Build;
pub use stale::{Stale, StaleReason, StaleSubject};

use crate::stack::Wheels;
use crate::yaml::{Node, Spanned};
use std::sync::Arc;

/// A checked project.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its name: lower-case letters, digits and dashes.
    pub name: String,
    /// Software stacks in the order of the manifest, `extends` resolved.
    pub environments: Vec<Environment>,
    /// Host groups in the order of the manifest.
    pub groups: Vec<HostGroup>,
    /// Clusters in the order of the manifest.
    pub clusters: Vec<Cluster>,
    /// USD per hour that the machines of all groups together may cost.
    pub max_hourly_cost: Option<Spanned<f64>>,
    /// What `aether lock` pinned.
    pub lock: Lock,
    /// Places that stand in for those of the internet.
    pub mirrors: Mirrors,
    /// What package indexes serve, as far as Aether and the project know.
    pub wheels: Arc<Wheels>,
}

impl Project {
    /// The environment of that name; every reference was checked, so it is there.
    pub fn environment(&self, name: &str) -> Option<&Environment> {
        self.environments.iter().find(|e| e.name == name)
    }
}

/// A software stack with its wishes complete.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Where it was declared.
    pub span: crate::diagnostic::Span,
    /// `3.12`.
    pub python: String,
    /// PEP 508 requirements for CPU hosts, frameworks first, in a stable order.
    pub requirements_cpu: Vec<String>,
    /// The same for hosts with an NVIDIA GPU.
    pub requirements_cuda: Vec<String>,
    /// Modules whose import proves it works: `torch`, `tensorflow`.
    pub imports: Vec<String>,
    /// The kinds of hosts it goes to, sorted, at least one.
    pub platforms: Vec<Platform>,
    /// What is asked of the package index for each of them, in their order.
    pub builds: Vec<Build>,
}

/// A host group with its references checked.
#[derive(Debug, Clone)]
pub struct HostGroup {
    /// Its name.
    pub name: String,
    /// Where it was declared.
    pub span: crate::diagnostic::Span,
    /// Its provider's name, with its place.
    pub provider: Spanned<String>,
    /// The kind of its hosts.
    pub platform: Platform,
    /// GPU model and count per host, such as `A100` and 8.
    pub accelerators: Option<(String, u32)>,
    /// Their own software, as wished.
    pub software: Software,
    /// What is beneath the environments there, as it would be locked today; none without GPUs that the tables know.
    pub stack: Option<LockedStack>,
    /// Names of environments.
    pub environments: Vec<String>,
    /// Paths of the project's own playbooks.
    pub playbooks: Vec<Spanned<String>>,
    /// USD per hour that its machines together may cost.
    pub max_hourly_cost: Option<Spanned<f64>>,
    /// The provider's keys.
    pub section: Node,
}

/// A cluster with its references checked.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// Its name.
    pub name: String,
    /// Where it was declared.
    pub span: crate::diagnostic::Span,
    /// Its provider's name, with its place.
    pub provider: Spanned<String>,
    /// The kind of its nodes.
    pub platform: Platform,
    /// GPU model and count per workload.
    pub accelerators: Option<(String, u32)>,
    /// Their own software, as wished.
    pub software: Software,
    /// What is beneath the environments there, as it would be locked today; none without GPUs that the tables know.
    pub stack: Option<LockedStack>,
    /// Names of environments.
    pub environments: Vec<String>,
    /// The provider's keys.
    pub section: Node,
}
