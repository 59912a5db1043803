//! One writer at a time in a folder of state: a lock that ends with its process, and a lease for a process that stands still.
//!
//! ```text
//! lock    held by flock as long as its process lives; holds the owner's line; its time is renewed by a heartbeat
//! gate    held by flock for the moment of a write, or of taking a lock away
//! ```
//!
//! The system gives the lock of a dead process back at once. One that lives and has not renewed its lease (stopped, or its
//! machine asleep) loses the lock to the next one that asks: `lock` is replaced by another file. Every write asks under
//! the gate whether `lock` is still its own file, so that whoever wakes up late writes nothing more.

use super::replace::TEMPORARY;
use crate::ports::{Held, StoreError};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

/// How long a holder may be silent.
const LEASE: Duration = Duration::from_mins(5);
/// How often it says that it is there.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How often, and how soon after each other, a gate is tried that is shut.
const TRIES: u32 = 500;
const PAUSE: Duration = Duration::from_millis(20);

/// The lock of one folder.
#[derive(Debug, Clone)]
pub(super) struct Lease {
    folder: PathBuf,
    /// The lock file, while this process holds it.
    held: Arc<Mutex<Option<File>>>,
}

impl Lease {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, held: Arc::default() }
    }

    fn lock_path(&self) -> PathBuf {
        self.folder.join("lock")
    }

    /// Takes the lock, or says who has it. The folder is there.
    pub(super) fn take(&self, owner: &str) -> Result<Box<dyn Held>, StoreError> {
        let path = self.lock_path();
        let refused = |source| StoreError::Write { path: path.clone(), source };
        let gate = self.gate().map_err(refused)?;
        // Shut for long: the holder stands still in the middle of a write.
        let mut tries = std::iter::once(()).chain((1..TRIES).map(|_| thread::sleep(PAUSE)));
        if !tries.any(|()| gate.try_lock().is_ok()) {
            return Err(self.locked(&path));
        }
        let file = open_private(&path).map_err(refused)?;
        match file.try_lock() {
            Ok(()) => self.hold(file, owner).map_err(refused),
            Err(TryLockError::WouldBlock) if is_silent(&file) => {
                let new = self.another_file(&path).map_err(refused)?;
                self.hold(new, owner).map_err(refused)
            }
            Err(TryLockError::WouldBlock) => {
                drop(gate);
                Err(self.locked(&path))
            }
            Err(TryLockError::Error(source)) => Err(refused(source)),
        }
    }

    /// A locked file in place of the one that its holder goes on holding.
    fn another_file(&self, path: &Path) -> io::Result<File> {
        let new = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(&self.folder)?;
        new.as_file().try_lock()?;
        new.persist(path).map_err(|refused| refused.error)
    }

    fn gate(&self) -> io::Result<File> {
        open_private(&self.folder.join("gate"))
    }

    fn hold(&self, mut file: File, owner: &str) -> io::Result<Box<dyn Held>> {
        name_owner(&mut file, owner)?;
        *self.held() = Some(file.try_clone()?);
        Ok(Box::new(Holding { heart: Some(Heart::start(file.try_clone()?)), file, held: Arc::clone(&self.held) }))
    }

    /// Does a step of writing; refuses it when the lock that this process took was taken away.
    pub(super) fn guard<T>(&self, step: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let held = self.held();
        let Some(own) = held.as_ref() else { return step() };
        let path = self.lock_path();
        let refused = |source| StoreError::Write { path: path.clone(), source };
        let gate = self.gate().map_err(refused)?;
        gate.lock().map_err(refused)?;
        if !is_at(own, &path) {
            return Err(StoreError::TakenAway { location: self.folder.display().to_string(), owner: owner_at(&path) });
        }
        step()
    }

    /// Who holds the lock now.
    pub(super) fn holder(&self) -> Result<Option<String>, StoreError> {
        let path = self.lock_path();
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(StoreError::Read { path, source }),
        };
        // Shared, so that two who ask do not take each other for the holder.
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => Ok(Some(owner_at(&path))),
            Err(TryLockError::Error(source)) => Err(StoreError::Read { path, source }),
        }
    }

    fn locked(&self, path: &Path) -> StoreError {
        StoreError::Locked { location: self.folder.display().to_string(), owner: owner_at(path) }
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Option<File>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The file is never removed: a lock on a removed file would keep nobody out.
struct Holding {
    file: File,
    heart: Option<Heart>,
    held: Arc<Mutex<Option<File>>>,
}

impl Held for Holding {}

impl Drop for Holding {
    fn drop(&mut self) {
        drop(self.heart.take());
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = None;
        // Nobody reads the name of a lock that is free, so a failure here harms nothing.
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

/// Renews the time of the lock file until it is dropped.
struct Heart {
    is_done: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Heart {
    fn start(file: File) -> Self {
        let is_done = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&is_done);
        let beat = move || {
            while !told.load(Ordering::SeqCst) {
                // A disk that refuses this will refuse the next write too, which then says so.
                let _ = file.set_modified(SystemTime::now());
                thread::park_timeout(HEARTBEAT);
            }
        };
        Self { is_done, thread: Some(thread::spawn(beat)) }
    }
}

impl Drop for Heart {
    fn drop(&mut self) {
        self.is_done.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

/// Whether the holder of a lock file has let its lease run out. A clock that stands wrong makes nobody silent.
fn is_silent(file: &File) -> bool {
    let renewed = file.metadata().and_then(|metadata| metadata.modified());
    renewed.is_ok_and(|renewed| renewed.elapsed().is_ok_and(|since| since > LEASE))
}

/// Whether `path` leads to this very file.
fn is_at(file: &File, path: &Path) -> bool {
    let same =
        |there: fs::Metadata| file.metadata().is_ok_and(|own| (own.dev(), own.ino()) == (there.dev(), there.ino()));
    path.metadata().is_ok_and(same)
}

fn name_owner(file: &mut File, owner: &str) -> io::Result<()> {
    file.set_len(0)?;
    io::Seek::rewind(file)?;
    file.write_all(format!("{owner}\n").as_bytes())?;
    file.sync_all()
}

/// Who wrote their name into the lock file.
fn owner_at(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    if text.trim().is_empty() { "another process".to_owned() } else { text.trim().to_owned() }
}

fn open_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}
