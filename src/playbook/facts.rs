//! What one probe learns of a host, under Ansible's names (`ansible_facts` without the prefix).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A POSIX `sh` program that prints the facts as one JSON object. It changes nothing and needs no privilege.
pub const PROBE: &str = concat!(include_str!("probe/nvidia.sh"), include_str!("probe/host.sh"));

/// Facts of one host: `architecture`, `distribution`, `distribution_major_version`, `python_version`, …
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Facts(pub Map<String, Value>);
