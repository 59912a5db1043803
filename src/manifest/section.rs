//! What a provider adds to a host group or cluster, passed in as a value: this room knows no provider.

use crate::yaml::{Field, Node};

/// One provider's part of a host group or cluster.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// The word in `provider:`.
    pub provider: &'static str,
    /// One line for people.
    pub about: &'static str,
    /// Its own keys.
    pub fields: &'static [Field],
    /// What its keys say about the hosts beside what they are for.
    pub implied: fn(&Node) -> Implied,
}

/// What a provider's keys say about its hosts: a machine type has its GPUs, its processor and its system.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Implied {
    /// Model and count per host, such as `T4` and 1.
    pub accelerators: Option<(&'static str, u32)>,
    /// `x86_64` or `aarch64`.
    pub architecture: Option<&'static str>,
    /// A name as `system:` takes it.
    pub system: Option<&'static str>,
    /// Whether system packages may be installed, which takes root.
    pub is_system_managed: bool,
}
