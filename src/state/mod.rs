//! What Aether recorded of the world: resources, hosts, facts. Values, their text form, and the journal.
//!
//! Knows nothing of who stores the bytes. An empty or damaged text is an error here, never "no state".

mod cloud;
mod edit;
mod format;
mod journal;
mod standing;

pub use cloud::{OpenIntent, RecordedObject, Verb};
pub use edit::{EditError, forget, rename, unknown};
pub use format::{FormatError, parse, to_text};
pub use journal::{Entry, JournalError, enter, entries, line, replay};
pub use standing::{HostState, Standing, standing};

use crate::address::{Address, CloudAddress, HostAddress};
use crate::graph::Host;
use crate::playbook::{Facts, Proof};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One project's recorded world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// A random name given by the first run, empty before; plans and journals of another lineage are refused.
    pub lineage: String,
    /// Grows with every snapshot.
    pub serial: u64,
    /// Hosts that carry something, with the way to them: needed to clean up what the manifest no longer names.
    pub hosts: BTreeMap<HostAddress, RecordedHost>,
    /// Everything that was made or adopted.
    pub resources: BTreeMap<Address, Recorded>,
    /// Objects of clouds that were made.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub objects: BTreeMap<CloudAddress, RecordedObject>,
    /// What was begun in a cloud and whose end nobody has heard.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub open: BTreeMap<CloudAddress, OpenIntent>,
    /// How often the making of an object came to a known end: with it, each attempt has a token of its own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attempts: BTreeMap<CloudAddress, u64>,
}

/// One host as last seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedHost {
    /// Its way and its kind.
    pub host: Host,
    /// What the probe found when something was last applied there.
    pub facts: Facts,
    /// The run that was begun there and whose end nobody has heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
}

/// One resource as last applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// Digest of what was wanted; another digest now means that the wish has changed.
    pub digest: String,
    /// When, UTC.
    pub applied: jiff::Timestamp,
    /// Whether the last run on it came to its end.
    pub condition: Condition,
    /// What proving it found last; empty where nothing was proved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
    /// The task that failed, when one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<TaskFailure>,
}

/// The task at which a run stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskFailure {
    /// Its place in the host program, from 1.
    pub number: usize,
    /// Its name.
    pub task: String,
    /// The last words of what it printed, or why it failed.
    pub words: String,
}

/// How the last run on a resource ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Came to its end.
    Complete,
    /// A task failed.
    Failed,
    /// Began, and nobody saw the end.
    Interrupted,
}

impl State {
    /// The state of a project that has never been applied.
    pub fn new(lineage: impl Into<String>) -> Self {
        let (hosts, resources) = (BTreeMap::new(), BTreeMap::new());
        let (objects, open, attempts) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { lineage: lineage.into(), serial: 0, hosts, resources, objects, open, attempts }
    }

    /// Drops hosts that carry nothing any more.
    pub fn forget_empty_hosts(&mut self) {
        let Self { hosts, resources, .. } = self;
        hosts.retain(|host, _| resources.keys().any(|address| address.host() == host));
    }
}
