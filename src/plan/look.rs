//! What a look at a host found, as plain values.

use crate::address::Address;
use crate::digest::named_sha256;
use crate::playbook::{Facts, Status};
use serde::Serialize;
use std::collections::BTreeMap;

/// The outcome of looking at one host.
#[derive(Debug, Clone, PartialEq)]
pub enum Look {
    /// It answered.
    Seen(Box<Seen>),
    /// It did not.
    Unseen(Unseen),
}

/// What a host that answered looks like.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// What the probe found.
    pub facts: Facts,
    /// What each task of the host program found, in order.
    pub tasks: Vec<TaskLook>,
    /// Digest of what is wanted there, per resource.
    pub digests: BTreeMap<Address, String>,
}

/// What one task found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskLook {
    /// The resource it belongs to.
    pub address: Address,
    /// `environment : install packages`.
    pub name: String,
    /// The module.
    pub module: String,
    /// What it would do.
    pub status: Status,
    /// Why.
    pub reason: Option<String>,
}

/// Why a host could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    /// What went wrong, with its causes.
    pub why: String,
    /// What to do about it.
    pub fix: Option<String>,
    /// True when the reason is another run at work there.
    pub is_busy: bool,
}

impl Look {
    /// A fingerprint of what was found; facts are left out, for uptime and free memory always move.
    pub fn digest(&self) -> String {
        match self {
            Self::Unseen(_) => "unseen".to_owned(),
            Self::Seen(seen) => {
                let text = serde_json::to_vec(&(&seen.tasks, &seen.digests)).expect("tasks and digests are texts");
                named_sha256(text)
            }
        }
    }
}
