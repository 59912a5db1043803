//! What one host gets, as roles and playbooks with their variables.
//!
//! The rendered Ansible project and Aether's own host programs are both made from these sections: that is why the two
//! do the same.

use crate::address::Address;
use crate::playbook::Entry;
use serde_json::{Map, Value};

/// A role or playbook on one host, on behalf of one resource.
#[derive(Debug, Clone, PartialEq)]
pub struct HostSection {
    /// The resource it sets up or removes.
    pub address: Address,
    /// What to run.
    pub entry: Entry,
    /// Its variables.
    pub variables: Map<String, Value>,
    /// Whether it runs as root.
    pub r#become: bool,
}
