//! Where state and journal are kept. Bytes only: their meaning belongs to `state/`.

use std::path::PathBuf;

/// Keeps one snapshot with those before it, one journal and one lock.
pub trait StateStore: Send + Sync {
    /// Where it is, for messages.
    fn location(&self) -> String;
    /// The snapshot, or `None` when there has never been one.
    fn load(&self) -> Result<Option<Vec<u8>>, StoreError>;
    /// Replaces the snapshot: temp file, fsync, rename, directory fsync, mode 0600. It is kept twice, the second time as
    /// the generation `serial`, beside the last few before it.
    fn save(&self, serial: u64, bytes: &[u8]) -> Result<(), StoreError>;
    /// Serials of the snapshots that are kept, newest first.
    fn generations(&self) -> Result<Vec<u64>, StoreError>;
    /// One of them, or `None` when it is not kept.
    fn generation(&self, serial: u64) -> Result<Option<Vec<u8>>, StoreError>;
    /// The journal, as far as it was written; its last line may be torn.
    fn journal(&self) -> Result<Vec<u8>, StoreError>;
    /// Adds lines, all of them or none, and returns only when they are on the disk.
    fn append(&self, lines: &[String]) -> Result<(), StoreError>;
    /// Empties the journal: the snapshot holds it all.
    fn clear_journal(&self) -> Result<(), StoreError>;
    /// Puts snapshot and journal aside, where nobody reads them and a person can: `….damaged.…`.
    fn set_aside(&self) -> Result<(), StoreError>;
    /// Takes the lock for `owner` (a line that others will be shown). Dropping the value gives it back. A holder that
    /// stands still for longer than its lease loses it, and can write no more.
    fn lock(&self, owner: &str) -> Result<Box<dyn Held>, StoreError>;
    /// Who holds the lock now, if anybody does.
    fn holder(&self) -> Result<Option<String>, StoreError>;
}

/// A lock that is held; given back when dropped, or by the system when the process dies.
pub trait Held: Send + Sync {}

/// The store refused.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else holds the lock.
    #[error("the state in {location} is locked by {owner}")]
    Locked {
        /// Where.
        location: String,
        /// Who, since when, what for.
        owner: String,
    },
    /// The lock was this process's, which let its lease run out.
    #[error("the lock on the state in {location} was taken over by {owner}; nothing more was written")]
    TakenAway {
        /// Where.
        location: String,
        /// Who has it now.
        owner: String,
    },
    /// Could not read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Could not write; what was there before stands.
    #[error("cannot write `{}`; what it held before stands", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
