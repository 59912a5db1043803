//! The journal: what is about to happen, then what happened. A line is on the disk before the effect it announces.
//!
//! Reading it back over a snapshot gives the state that a killed run left, with every open intent marked interrupted.
//! A line carries a checksum of its own: `sha256 of the entry, 16 digits` `entry as JSON`.

use super::{Condition, OpenIntent, Recorded, RecordedHost, RecordedObject, State};
use crate::address::{Address, CloudAddress, HostAddress};
use crate::digest::sha256;
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
    /// Something is about to be asked of a cloud.
    CloudIntent {
        /// Which object.
        address: CloudAddress,
        /// What, with the exact request.
        intent: Box<OpenIntent>,
    },
    /// The cloud has named what it makes.
    CloudMade {
        /// Which object.
        address: CloudAddress,
        /// Its id.
        id: String,
    },
    /// It was done, or it was refused.
    CloudOutcome {
        /// Which object.
        address: CloudAddress,
        /// How it stands now; `None`: it does not.
        recorded: Option<Box<RecordedObject>>,
    },
}

/// A journal that cannot be trusted.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A line that is not what was written; only the last may be torn, and is then left out.
    #[error("line {line} of the journal does not match its checksum")]
    Checksum {
        /// From 1.
        line: usize,
    },
    /// A line that was written so, and not by this version.
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
    /// The snapshot that it goes on from is not there any more.
    #[error("the journal goes on from serial {journal}, and the state is only at serial {state}")]
    Ahead {
        /// Where its run began.
        journal: u64,
        /// What the snapshot has.
        state: u64,
    },
}

/// How many digits of its digest stand in front of a line.
const CHECKSUM: usize = 16;

/// An entry as one line, without its line break.
pub fn line(entry: &Entry) -> Result<String, serde_json::Error> {
    let json = serde_json::to_string(entry)?;
    Ok(format!("{} {json}", checksum(json.as_bytes())))
}

/// The entries of a journal. A last line that a crash tore off is left out: nothing had relied on it.
pub fn entries(journal: &[u8]) -> Result<Vec<Entry>, JournalError> {
    let end = journal.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    let (lines, torn) = journal.split_at(end);
    let lines: Vec<&[u8]> = lines.split_inclusive(|byte| *byte == b'\n').map(|line| &line[..line.len() - 1]).collect();
    // A whole line and one byte more: not torn off, but its line break is damaged.
    if torn.len() > 1 && json_of(&torn[..torn.len() - 1]).is_some() {
        return Err(JournalError::Checksum { line: lines.len() + 1 });
    }
    let read = |(index, line): (usize, &&[u8])| {
        let json = json_of(line).ok_or(JournalError::Checksum { line: index + 1 })?;
        serde_json::from_slice(json).map_err(|source| JournalError::Damaged { line: index + 1, source })
    };
    lines.iter().enumerate().map(read).collect()
}

/// What stands behind a line's checksum, if the two fit.
fn json_of(line: &[u8]) -> Option<&[u8]> {
    let (sum, rest) = line.split_at_checked(CHECKSUM)?;
    let json = rest.strip_prefix(b" ")?;
    (checksum(json).as_bytes() == sum).then_some(json)
}

fn checksum(json: &[u8]) -> String {
    sha256(json)[..CHECKSUM].to_owned()
}

/// Brings a snapshot up to what its journal says. What an earlier snapshot took in already is passed over: a run may
/// be killed after its snapshot and before its journal is emptied.
pub fn replay(state: &mut State, entries: Vec<Entry>) -> Result<(), JournalError> {
    let mut is_taken_in = false;
    for entry in entries {
        if let Entry::Run { serial, .. } = entry {
            is_taken_in = serial < state.serial;
        }
        if !is_taken_in {
            enter(state, entry)?;
        }
    }
    state.forget_empty_hosts();
    Ok(())
}

/// Brings in one entry.
pub fn enter(state: &mut State, entry: Entry) -> Result<(), JournalError> {
    match entry {
        Entry::Run { lineage, .. } if lineage != state.lineage => {
            return Err(JournalError::Lineage { found: lineage, wanted: state.lineage.clone() });
        }
        // Snapshots are saved before a run goes on from them.
        Entry::Run { serial, .. } if serial > state.serial => {
            return Err(JournalError::Ahead { journal: serial, state: state.serial });
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
        Entry::CloudIntent { address, intent } => state.begin(address, *intent),
        Entry::CloudMade { address, id } => state.made(&address, id),
        Entry::CloudOutcome { address, recorded } => state.ended(address, recorded.map(|recorded| *recorded)),
    }
    Ok(())
}
