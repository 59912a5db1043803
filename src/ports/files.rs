//! The project's folder: reading what the user wrote, writing what is rendered.

use std::path::{Path, PathBuf};

/// Files below the project's folder; paths are relative to it.
pub trait Files: Send + Sync {
    /// Where the project lies, for messages.
    fn root(&self) -> &Path;
    /// The bytes, or `None` when there is no such file.
    fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, FilesError>;
    /// Every file below a folder, sorted; empty when there is none.
    fn list(&self, folder: &Path) -> Result<Vec<PathBuf>, FilesError>;
    /// Replaces a file as a whole (temp file, fsync, rename), making folders as needed.
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), FilesError>;
    /// Removes a file and the folders that became empty.
    fn remove(&self, path: &Path) -> Result<(), FilesError>;
}

/// The disk refused.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// Could not read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A folder stands where a file is wanted.
    #[error("`{}` is a directory, not a file", path.display())]
    IsDirectory {
        /// Which one.
        path: PathBuf,
    },
    /// More bytes than this kind of file may have.
    #[error("`{}` has {bytes} bytes; the limit is {limit}", path.display())]
    TooLarge {
        /// Which file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// The limit, in bytes.
        limit: u64,
    },
    /// Could not write; the old content stands.
    #[error("cannot write `{}`; nothing was changed", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
