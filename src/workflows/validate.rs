//! `validate`: everything that can be known without touching a host.

use super::{Failure, Input, Unconfirmed, gpus, load};
use crate::diagnostic::Diagnostic;
use crate::ports::World;

/// What a valid project consists of.
#[derive(Debug, Clone)]
pub struct Validated {
    /// The project's name.
    pub name: String,
    /// How many hosts, machines to be made included.
    pub hosts: usize,
    /// How many environments.
    pub environments: usize,
    /// How many clusters.
    pub clusters: usize,
    /// Environments whose lock entry is missing or stale.
    pub stale: Vec<String>,
    /// What is worth mending.
    pub warnings: Vec<Diagnostic>,
    /// What the answers about GPUs rest on and nobody confirmed.
    pub not_confirmed: Vec<Unconfirmed>,
}

/// Checks manifest, lock and playbooks.
pub fn validate(world: &World, input: &Input) -> Result<Validated, Failure> {
    let loaded = load(world, input)?;
    loaded.must_have_sound_playbooks()?;
    let machines: u32 = loaded.graph.machines.iter().map(|machines| machines.count).sum();
    Ok(Validated {
        name: loaded.graph.project.name.clone(),
        hosts: loaded.graph.hosts.len() + usize::try_from(machines).unwrap_or(usize::MAX),
        environments: loaded.graph.project.environments.len(),
        clusters: loaded.graph.project.clusters.len(),
        stale: loaded.stale(),
        not_confirmed: gpus::unconfirmed(loaded.graph.project.stacks()),
        warnings: loaded.warnings,
    })
}
