//! Resources, what they need of each other, and the order that follows. Knows no provider.

mod link;
mod sections;

pub use link::link;
pub use sections::HostSection;

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
    /// Every resource: host after host, on each in the order of set-up.
    pub resources: Vec<Resource>,
    /// Per host its number in `hosts` and its part of `resources`.
    places: BTreeMap<HostAddress, (usize, Range<usize>)>,
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
    /// Price of one machine in USD per hour with the date of the price, where known.
    pub hourly_cost: Option<(f64, String)>,
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

/// One thing Aether keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its name.
    pub address: Address,
    /// What must stand before it.
    pub needs: Vec<Address>,
}
