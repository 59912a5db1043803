//! Where state and journal are kept. Bytes only: their meaning belongs to `state/`.

use std::path::PathBuf;

/// Keeps one snapshot, one journal and one lock.
pub trait StateStore: Send + Sync {
    /// Where it is, for messages.
    fn location(&self) -> String;
    /// The snapshot, or `None` when there has never been one.
    fn load(&self) -> Result<Option<Vec<u8>>, StoreError>;
    /// Replaces the snapshot: temp file, fsync, rename, directory fsync, mode 0600; keeps the previous generation.
    fn save(&self, bytes: &[u8]) -> Result<(), StoreError>;
    /// The journal's lines, a torn last line left out.
    fn journal(&self) -> Result<Vec<String>, StoreError>;
    /// Adds lines, all of them or none, and returns only when they are on the disk.
    fn append(&self, lines: &[String]) -> Result<(), StoreError>;
    /// Empties the journal: the snapshot holds it all.
    fn clear_journal(&self) -> Result<(), StoreError>;
    /// Takes the lock for `owner` (a JSON line that others will be shown). Dropping the value gives it back.
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
