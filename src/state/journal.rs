//! The journal: what is about to happen, then what happened. A line is on the disk before the effect it announces.
//!
//! Reading it back over a snapshot gives the state that a killed run left, with every open intent marked interrupted.

use super::{Condition, Recorded, RecordedHost, State};
use crate::address::{Address, HostAddress};
use serde::{Deserialize, Serialize};

/// One line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case", deny_unknown_fields)]
pub enum Entry {
    /// A run began. Entries of another lineage are refused.
    Run {
        /// The state's lineage.
        lineage: String,
        /// The serial of the snapshot it began from.
        serial: u64,
    },
    /// A host is about to be worked on.
    Host {
        /// Which one.
        address: HostAddress,
        /// The way to it, so that a killed first run can be cleaned up.
        host: Box<RecordedHost>,
    },
    /// Something is about to be done to a resource.
    Intent {
        /// Which one.
        address: Address,
        /// Digest of what is wanted.
        digest: String,
        /// When, UTC.
        at: jiff::Timestamp,
    },
    /// It was done, or it failed.
    Outcome {
        /// Which one.
        address: Address,
        /// How it ended; `None`: the resource is gone, as wished.
        recorded: Option<Recorded>,
    },
}

/// A journal that cannot be trusted.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A line in the middle is damaged; only the last may be torn, and the store drops that one.
    #[error("line {line} of the journal is damaged")]
    Damaged {
        /// From 1.
        line: usize,
        /// Why.
        source: serde_json::Error,
    },
    /// It belongs to another state.
    #[error("the journal belongs to lineage {found}, the state to {wanted}")]
    Lineage {
        /// In the journal.
        found: String,
        /// In the state.
        wanted: String,
    },
}

/// Brings a snapshot up to what its journal says. True when there was anything to bring in.
pub fn replay(state: &mut State, lines: &[String]) -> Result<bool, JournalError> {
    for (index, line) in lines.iter().enumerate() {
        let entry = serde_json::from_str(line).map_err(|source| JournalError::Damaged { line: index + 1, source })?;
        enter(state, entry)?;
    }
    state.forget_empty_hosts();
    Ok(!lines.is_empty())
}

/// Brings in one entry.
pub fn enter(state: &mut State, entry: Entry) -> Result<(), JournalError> {
    match entry {
        // A run from a later snapshot cannot be in the journal of an earlier one: snapshots are saved first.
        Entry::Run { lineage, .. } if lineage != state.lineage => {
            return Err(JournalError::Lineage { found: lineage, wanted: state.lineage.clone() });
        }
        Entry::Run { .. } => {}
        Entry::Host { address, host } => {
            state.hosts.insert(address, *host);
        }
        Entry::Intent { address, digest, at } => {
            let condition = Condition::Interrupted;
            let begun = Recorded { digest, applied: at, condition, failure: None, proofs: Vec::new() };
            state.resources.insert(address, begun);
        }
        Entry::Outcome { address, recorded: Some(recorded) } => {
            state.resources.insert(address, recorded);
        }
        Entry::Outcome { address, recorded: None } => {
            state.resources.remove(&address);
        }
    }
    Ok(())
}
