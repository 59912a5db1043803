//! State in a folder of the project (`.aether/state/`). Bytes and lines only: their meaning belongs to `state/`.
//!
//! ```text
//! state.json            the snapshot           journal.jsonl   one line per intent or result
//! state.previous.json   the one before it      lock            held by flock; holds the owner's line
//! ```

use super::own_folder;
use super::replace::{replace, sync_folder};
use crate::ports::{Held, StateStore, StoreError};
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

const PRIVATE_FILE: u32 = 0o600;
const PRIVATE_FOLDER: u32 = 0o700;

/// One folder of state.
#[derive(Debug, Clone)]
pub struct StateFile {
    folder: PathBuf,
}

impl StateFile {
    /// State in `folder`, which is made on the first write.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
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
        make_private(&self.folder).and_then(|()| step(&path)).map_err(|source| StoreError::Write { path, source })
    }
}

impl StateStore for StateFile {
    fn location(&self) -> String {
        self.folder.display().to_string()
    }

    fn load(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.read("state.json")
    }

    fn save(&self, bytes: &[u8]) -> Result<(), StoreError> {
        if let Some(previous) = self.load()? {
            self.change("state.previous.json", |path| replace(path, &previous, PRIVATE_FILE))?;
        }
        self.change("state.json", |path| replace(path, bytes, PRIVATE_FILE))
    }

    fn journal(&self) -> Result<Vec<String>, StoreError> {
        let bytes = self.read("journal.jsonl")?.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes[..whole_lines(&bytes)]);
        Ok(text.lines().map(str::to_owned).collect())
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

    fn lock(&self, owner: &str) -> Result<Box<dyn Held>, StoreError> {
        let file = self.change("lock", open_private)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let location = self.location();
                return Err(StoreError::Locked { location, owner: owner_in(file) });
            }
            Err(TryLockError::Error(source)) => return Err(StoreError::Write { path: self.path("lock"), source }),
        }
        self.change("lock", |_| name_owner(&file, owner))?;
        Ok(Box::new(Flock { file }))
    }

    fn holder(&self) -> Result<Option<String>, StoreError> {
        let path = self.path("lock");
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(StoreError::Read { path, source }),
        };
        // Shared, so that two who ask do not take each other for the holder.
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => Ok(Some(owner_in(file))),
            Err(TryLockError::Error(source)) => Err(StoreError::Read { path, source }),
        }
    }
}

/// The file is never removed: a lock on a removed file would keep nobody out.
struct Flock {
    file: File,
}

impl Held for Flock {}

impl Drop for Flock {
    fn drop(&mut self) {
        // Nobody reads the name of a lock that is free, so a failure here harms nothing.
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

fn name_owner(mut file: &File, owner: &str) -> io::Result<()> {
    file.set_len(0)?;
    file.write_all(format!("{owner}\n").as_bytes())?;
    file.sync_all()
}

/// Who wrote their name into the lock file; empty for the moment between taking it and writing.
fn owner_in(mut file: File) -> String {
    let mut text = String::new();
    let named = file.read_to_string(&mut text).is_ok() && !text.trim().is_empty();
    if named { text.trim().to_owned() } else { "another process".to_owned() }
}

fn make_private(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        own_folder::make(parent)?;
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
