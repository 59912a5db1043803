//! Large files of the project on this disk, piece by piece. Knows no archive.

use super::Disk;
use super::replace::sync_folder;
use crate::ports::{Contents, Draft, Files, FilesError, LargeFiles};
use std::fs::{self, File, Permissions};
use std::io::{self, BufReader, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

impl LargeFiles for Disk {
    fn create(&self, path: &Path) -> Result<Box<dyn Draft>, FilesError> {
        let refused = |source| FilesError::Write { path: path.to_owned(), source };
        let full = self.root().join(path);
        if full.is_dir() {
            return Err(FilesError::IsDirectory { path: path.to_owned() });
        }
        let folder = full.parent().unwrap_or(Path::new("/")).to_owned();
        fs::create_dir_all(&folder).map_err(refused)?;
        let readable = Permissions::from_mode(0o644);
        let file =
            tempfile::Builder::new().prefix(".aether-").permissions(readable).tempfile_in(&folder).map_err(refused)?;
        Ok(Box::new(Aside { file, path: path.to_owned(), full, folder }))
    }

    fn open(&self, path: &Path) -> Result<Option<Box<dyn Contents>>, FilesError> {
        let full = self.root().join(path);
        match File::open(&full) {
            _ if full.is_dir() => Err(FilesError::IsDirectory { path: path.to_owned() }),
            Ok(file) => Ok(Some(Box::new(BufReader::new(file)))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(FilesError::Read { path: path.to_owned(), source }),
        }
    }

    fn own_program(&self) -> Result<Box<dyn Contents>, FilesError> {
        // The link of the kernel leads to the program even when its file was replaced since.
        let path = PathBuf::from("/proc/self/exe");
        let file = File::open(&path).map_err(|source| FilesError::Read { path, source })?;
        Ok(Box::new(BufReader::new(file)))
    }
}

/// A file that lies beside its place.
struct Aside {
    file: NamedTempFile,
    path: PathBuf,
    full: PathBuf,
    folder: PathBuf,
}

impl Write for Aside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Draft for Aside {
    fn finish(self: Box<Self>) -> Result<(), FilesError> {
        let Self { file, path, full, folder } = *self;
        let refused = |source| FilesError::Write { path: path.clone(), source };
        file.as_file().sync_all().map_err(refused)?;
        file.persist(&full).map_err(|error| refused(error.error))?;
        sync_folder(&folder).map_err(refused)
    }
}
