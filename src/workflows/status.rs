//! `status`: what is recorded. Touches no host.

use super::{Failure, state};
use crate::address::{Address, HostAddress};
use crate::playbook::Proof;
use crate::ports::World;
use crate::state::Condition;

/// The recorded world.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// Where it is recorded.
    pub location: String,
    /// How often it was written.
    pub serial: u64,
    /// Every host with something on it.
    pub hosts: Vec<StatusHost>,
}

/// One host.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusHost {
    /// Its name.
    pub address: HostAddress,
    /// `Debian 12, x86_64`, as the last run saw it; empty when none came that far.
    pub system: String,
    /// What is on it.
    pub resources: Vec<StatusResource>,
}

/// One resource.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusResource {
    /// Its name.
    pub address: Address,
    /// How the last run on it ended.
    pub condition: Condition,
    /// When.
    pub applied: jiff::Timestamp,
    /// What proving it found last.
    pub proofs: Vec<Proof>,
}

/// Reads the state.
pub fn status(world: &World) -> Result<Status, Failure> {
    let state = state::read(world)?;
    let fact = |host: &HostAddress, name: &str| {
        state.hosts[host].facts.0.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let on = |host: &HostAddress| {
        let own = state.resources.iter().filter(|(address, _)| address.host() == host);
        own.map(|(address, recorded)| StatusResource {
            address: address.clone(),
            condition: recorded.condition,
            applied: recorded.applied,
            proofs: recorded.proofs.clone(),
        })
        .collect()
    };
    let hosts = state.hosts.keys().map(|host| StatusHost {
        address: host.clone(),
        system: [fact(host, "distribution"), fact(host, "distribution_version"), fact(host, "architecture")]
            .join(" ")
            .trim()
            .to_owned(),
        resources: on(host),
    });
    Ok(Status { location: world.store.location(), serial: state.serial, hosts: hosts.collect() })
}
