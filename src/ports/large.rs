//! Files too large for memory: archives and what goes into them.

use super::FilesError;
use std::io;
use std::path::Path;

/// Files that are written and read piece by piece; paths are relative to the project's folder.
pub trait LargeFiles: Send + Sync {
    /// Begins a file. It is written aside and in place only once it is finished; until then what was there stands.
    fn create(&self, path: &Path) -> Result<Box<dyn Draft>, FilesError>;
    /// Opens a file, or `None` when there is none.
    fn open(&self, path: &Path) -> Result<Option<Box<dyn Contents>>, FilesError>;
    /// Opens the program that is running now.
    fn own_program(&self) -> Result<Box<dyn Contents>, FilesError>;
}

/// A file in the making; dropped unfinished, it never was.
pub trait Draft: io::Write + Send {
    /// Forces it to the disk and puts it in place.
    fn finish(self: Box<Self>) -> Result<(), FilesError>;
}

/// A file that can be read from any place.
pub trait Contents: io::Read + io::Seek + Send {}

impl<T: io::Read + io::Seek + Send> Contents for T {}
