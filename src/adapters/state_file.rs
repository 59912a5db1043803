//! State in a folder of the project (`.aether/state/`). Bytes and lines only: their meaning belongs to `state/`.
//!
//! ```text
//! state.json    the snapshot                        journal.jsonl   one line per intent or result
//! history/      it once more, and the ones before   lock, gate      who may write (lease.rs)
//! ```

use super::lease::Lease;
use super::own_folder;
use super::replace::{TEMPORARY, replace, sync_folder};
use crate::ports::{Held, StateStore, StoreError};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

const PRIVATE_FILE: u32 = 0o600;
const PRIVATE_FOLDER: u32 = 0o700;
/// How many snapshots are kept.
const GENERATIONS: usize = 10;

/// One folder of state.
#[derive(Debug, Clone)]
pub struct StateFile {
    folder: PathBuf,
    lease: Lease,
}

impl StateFile {
    /// State in `folder`, which is made on the first write.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        Self { lease: Lease::new(folder.clone()), folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StoreError::Read { path, source }),
        }
    }

    /// Does `step` to the file `name` in a folder that is there.
    fn change<T>(&self, name: &str, step: impl FnOnce(&Path) -> io::Result<T>) -> Result<T, StoreError> {
        let path = self.path(name);
        let folder = path.parent().unwrap_or(&self.folder);
        let refused = |source| StoreError::Write { path: path.clone(), source };
        make_private(&self.folder).and_then(|()| make_one(folder)).map_err(refused)?;
        self.lease.guard(|| step(&path).map_err(refused))
    }

    /// What writers that were killed left beside the files they meant to replace. Only the lock's holder may know.
    fn sweep(&self) {
        for folder in [&self.folder, &self.path("history")] {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
                    // What stays is swept the next time.
                    let _ = fs::remove_file(entry.path());
                }
            }
        }
    }

    /// Forgets the oldest generations.
    fn prune(&self) -> Result<(), StoreError> {
        for serial in self.generations()?.into_iter().skip(GENERATIONS) {
            self.change(&generation(serial), |path| fs::remove_file(path))?;
        }
        Ok(())
    }
}

impl StateStore for StateFile {
    fn location(&self) -> String {
        self.folder.display().to_string()
    }

    fn load(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.read("state.json")
    }

    fn save(&self, serial: u64, bytes: &[u8]) -> Result<(), StoreError> {
        // The copy first: a state that is in force is always kept as well.
        self.change(&generation(serial), |path| replace(path, bytes, PRIVATE_FILE))?;
        self.change("state.json", |path| replace(path, bytes, PRIVATE_FILE))?;
        self.prune()
    }

    fn generations(&self) -> Result<Vec<u64>, StoreError> {
        let path = self.path("history");
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(StoreError::Read { path, source }),
        };
        let serial = |entry: io::Result<fs::DirEntry>| -> Option<u64> {
            entry.ok()?.file_name().to_str()?.strip_suffix(".json")?.parse().ok()
        };
        let mut serials: Vec<u64> = entries.filter_map(serial).collect();
        serials.sort_unstable_by(|one, other| other.cmp(one));
        Ok(serials)
    }

    fn generation(&self, serial: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(&generation(serial))
    }

    fn journal(&self) -> Result<Vec<u8>, StoreError> {
        Ok(self.read("journal.jsonl")?.unwrap_or_default())
    }

    fn append(&self, lines: &[String]) -> Result<(), StoreError> {
        assert!(lines.iter().all(|line| !line.contains('\n')), "a journal line is one line");
        let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        self.change("journal.jsonl", |path| append(path, &text))
    }

    fn clear_journal(&self) -> Result<(), StoreError> {
        self.change("journal.jsonl", |path| match OpenOptions::new().write(true).open(path) {
            Ok(file) => file.set_len(0).and_then(|()| file.sync_all()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        })
    }

    fn set_aside(&self) -> Result<(), StoreError> {
        for (name, aside) in [("journal.jsonl", "journal.damaged.jsonl"), ("state.json", "state.damaged.json")] {
            self.change(name, |path| match fs::rename(path, self.path(aside)) {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
                _ => sync_folder(&self.folder),
            })?;
        }
        Ok(())
    }

    fn lock(&self, owner: &str) -> Result<Box<dyn Held>, StoreError> {
        let path = self.path("lock");
        make_private(&self.folder).map_err(|source| StoreError::Write { path, source })?;
        let held = self.lease.take(owner)?;
        self.sweep();
        Ok(held)
    }

    fn holder(&self) -> Result<Option<String>, StoreError> {
        self.lease.holder()
    }
}

/// The file of a generation.
fn generation(serial: u64) -> String {
    format!("history/{serial}.json")
}

/// Makes the folder of the state, and above it what keeps it out of git.
fn make_private(folder: &Path) -> io::Result<()> {
    if let Some(parent) = folder.parent().filter(|_| !folder.is_dir()) {
        own_folder::make(parent)?;
    }
    make_one(folder)
}

fn make_one(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    match DirBuilder::new().mode(PRIVATE_FOLDER).create(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn open_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(PRIVATE_FILE).open(path)
}

/// Adds text after the last whole line: what a crash tore off is overwritten, never continued.
fn append(path: &Path, text: &str) -> io::Result<()> {
    let is_new = !path.exists();
    let mut file = open_private(path)?;
    let end = end_of_lines(&mut file)?;
    file.set_len(end)?;
    file.seek(SeekFrom::Start(end))?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        // A full disk leaves half a line; the next reader would drop it anyway.
        let _ = file.set_len(end);
    }
    written?;
    if is_new { path.parent().map_or(Ok(()), sync_folder) } else { Ok(()) }
}

/// Where the last whole line ends. Reads the file only when its last byte says that something was torn off.
fn end_of_lines(file: &mut File) -> io::Result<u64> {
    let length = file.metadata()?.len();
    let mut last = [b'\n'];
    if length > 0 {
        file.seek(SeekFrom::Start(length - 1))?;
        file.read_exact(&mut last)?;
    }
    if last == *b"\n" {
        return Ok(length);
    }
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(whole_lines(&bytes) as u64)
}

/// How many bytes belong to lines that were written to their end.
fn whole_lines(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1)
}
