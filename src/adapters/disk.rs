//! The project's folder on this disk. Knows file names and bytes, not what they mean.

use super::replace::replace;
use crate::ports::{Files, FilesError};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// The most bytes a text that a user writes may have: a manifest or playbook of this size is a mistake.
const TEXT_LIMIT: u64 = 4 << 20;
/// The most bytes any other file of the project may have (locks, files of roles); it is held in memory as a whole.
const FILE_LIMIT: u64 = 64 << 20;

/// A folder and everything below it.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The project at `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn read_file(&self, path: &Path) -> Result<Vec<u8>, FilesError> {
        let refused = |source| FilesError::Read { path: path.to_owned(), source };
        let full = self.root.join(path);
        let metadata = fs::metadata(&full).map_err(refused)?;
        if metadata.is_dir() {
            return Err(FilesError::IsDirectory { path: path.to_owned() });
        }
        // A pipe or device would be waited for, perhaps for ever.
        if !metadata.is_file() {
            return Err(refused(io::Error::other("not a regular file")));
        }
        let limit = limit_of(path);
        let mut bytes = Vec::new();
        File::open(&full).map_err(refused)?.take(limit + 1).read_to_end(&mut bytes).map_err(refused)?;
        if bytes.len() as u64 > limit {
            return Err(FilesError::TooLarge { path: path.to_owned(), bytes: metadata.len(), limit });
        }
        Ok(bytes)
    }
}

impl Files for Disk {
    fn root(&self) -> &Path {
        &self.root
    }

    fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, FilesError> {
        match self.read_file(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(FilesError::Read { source, .. }) if is_absent(&source) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn list(&self, folder: &Path) -> Result<Vec<PathBuf>, FilesError> {
        let mut found = Vec::new();
        let mut open = vec![folder.to_owned()];
        while let Some(folder) = open.pop() {
            let refused = |source| FilesError::Read { path: folder.clone(), source };
            let entries = match fs::read_dir(self.root.join(&folder)) {
                Err(error) if is_absent(&error) => continue,
                entries => entries.map_err(refused)?,
            };
            for entry in entries {
                let entry = entry.map_err(refused)?;
                let path = folder.join(entry.file_name());
                // Not followed into folders: a link upward would never end.
                let kind = entry.file_type().map_err(refused)?;
                if kind.is_dir() {
                    open.push(path);
                } else if kind.is_file() || (kind.is_symlink() && self.root.join(&path).is_file()) {
                    found.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), FilesError> {
        let refused = |source| FilesError::Write { path: path.to_owned(), source };
        let full = self.root.join(path);
        if full.is_dir() {
            return Err(FilesError::IsDirectory { path: path.to_owned() });
        }
        if let Some(folder) = full.parent() {
            fs::create_dir_all(folder).map_err(refused)?;
        }
        replace(&full, bytes, 0o644).map_err(refused)
    }

    fn remove(&self, path: &Path) -> Result<(), FilesError> {
        let refused = |source| FilesError::Write { path: path.to_owned(), source };
        match fs::remove_file(self.root.join(path)) {
            Err(error) if !is_absent(&error) => return Err(refused(error)),
            _ => {}
        }
        for folder in path.ancestors().skip(1).take_while(|folder| !folder.as_os_str().is_empty()) {
            // Refused as soon as one is not empty, which is where to stop.
            if fs::remove_dir(self.root.join(folder)).is_err() {
                break;
            }
        }
        Ok(())
    }
}

fn limit_of(path: &Path) -> u64 {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("yaml" | "yml") => TEXT_LIMIT,
        _ => FILE_LIMIT,
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
