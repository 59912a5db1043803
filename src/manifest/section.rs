//! The keys that a provider adds to a host group or cluster, passed in as a value: this room knows no provider.

use crate::yaml::Field;

/// One provider's part of a host group or cluster.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// The word in `provider:`.
    pub provider: &'static str,
    /// One line for people.
    pub about: &'static str,
    /// Its own keys.
    pub fields: &'static [Field],
}
