//! The state folder on a real disk: what is private, what survives, and who may write.

use crate::support::disk::SmallDisk;
use aether::adapters::StateFile;
use aether::ports::{StateStore, StoreError};
use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

fn store() -> (tempfile::TempDir, PathBuf, StateFile) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("project/.aether/state");
    (folder, path.clone(), StateFile::new(path))
}

fn lines(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[test]
fn nothing_is_there_before_the_first_write() {
    let (_folder, path, store) = store();
    assert_eq!(store.load().unwrap(), None);
    assert_eq!(store.journal().unwrap(), b"");
    assert_eq!(store.generations().unwrap(), [0; 0]);
    assert!(!path.exists());
}

#[test]
fn a_snapshot_replaces_the_last_one_and_the_last_few_are_kept() {
    let (_folder, _path, store) = store();
    for serial in 1..=12 {
        store.save(serial, serial.to_string().as_bytes()).unwrap();
    }
    assert_eq!(store.load().unwrap().as_deref(), Some(&b"12"[..]));
    assert_eq!(store.generations().unwrap(), [12, 11, 10, 9, 8, 7, 6, 5, 4, 3], "the last ten, newest first");
    assert_eq!(store.generation(11).unwrap().as_deref(), Some(&b"11"[..]));
    assert_eq!(store.generation(2).unwrap(), None);
}

#[test]
fn everything_is_for_its_owner_only() {
    let (_folder, path, store) = store();
    store.save(1, b"one").unwrap();
    store.save(2, b"two").unwrap();
    let _held = store.lock("me").unwrap();
    store.append(&lines(&["{}"])).unwrap();
    let mut names = Vec::new();
    for folder in [path.clone(), path.join("history")] {
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        for entry in fs::read_dir(&folder).unwrap() {
            let file = entry.unwrap().path();
            assert!(file.is_dir() || mode(&file) == 0o600, "{}", file.display());
            names.push(file.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
    names.sort();
    assert_eq!(names, ["1.json", "2.json", "gate", "history", "journal.jsonl", "lock", "state.json"]);
}

#[test]
fn a_line_that_was_torn_off_is_dropped_and_never_continued() {
    let (_folder, path, store) = store();
    store.append(&lines(&["first", "second"])).unwrap();
    let journal = path.join("journal.jsonl");
    fs::OpenOptions::new().append(true).open(&journal).unwrap().write_all(b"tor").unwrap();
    assert_eq!(store.journal().unwrap(), b"first\nsecond\ntor");
    store.append(&lines(&["third"])).unwrap();
    assert_eq!(fs::read_to_string(&journal).unwrap(), "first\nsecond\nthird\n");
}

#[test]
fn a_cleared_journal_is_empty_and_takes_lines_again() {
    let (_folder, _path, store) = store();
    store.clear_journal().unwrap();
    store.append(&lines(&["one"])).unwrap();
    store.clear_journal().unwrap();
    store.append(&lines(&["two"])).unwrap();
    assert_eq!(store.journal().unwrap(), b"two\n");
}

#[test]
fn the_lock_keeps_others_out_and_names_its_owner() {
    let (_folder, _path, store) = store();
    let held = store.lock("anna@box (pid 7)").unwrap();
    match store.lock("bob").err().unwrap() {
        StoreError::Locked { owner, .. } => assert_eq!(owner, "anna@box (pid 7)"),
        other => panic!("{other}"),
    }
    drop(held);
    store.lock("bob").map(drop).unwrap();
}

#[test]
fn another_process_holds_the_lock_until_it_dies() {
    let (_folder, path, store) = store();
    drop(store.lock("me").unwrap());
    let mut other = Holder::start(&path.join("lock"));
    match store.lock("me").err().unwrap() {
        StoreError::Locked { owner, location } => {
            assert_eq!((owner.as_str(), location), ("the other process", path.display().to_string()));
        }
        other => panic!("{other}"),
    }
    other.kill();
    store.lock("me").map(drop).unwrap();
}

#[test]
fn a_full_disk_leaves_the_old_state_and_the_whole_journal() {
    let folder = tempfile::tempdir().unwrap();
    let disk = SmallDisk::mount(folder.path(), "size=1m");
    let store = StateFile::new(disk.path().join("state"));
    store.save(1, b"small").unwrap();
    store.append(&lines(&["first"])).unwrap();
    let large = "x".repeat(2 << 20);
    let error = store.save(2, large.as_bytes()).unwrap_err();
    assert!(error.to_string().ends_with("what it held before stands"), "{error}");
    assert!(error.source().unwrap().to_string().starts_with("No space left on device"), "{error:?}");
    assert!(store.append(&[large]).is_err());
    assert_eq!(store.load().unwrap().as_deref(), Some(&b"small"[..]));
    assert_eq!(store.generations().unwrap(), [1]);
    assert_eq!(store.journal().unwrap(), b"first\n");
    store.append(&lines(&["second"])).unwrap();
    assert_eq!(store.journal().unwrap(), b"first\nsecond\n");
    let left: Vec<_> = fs::read_dir(disk.path().join("state")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_str().unwrap().starts_with('.')), "{left:?}");
}

#[test]
fn a_state_that_cannot_be_read_names_its_file() {
    let (_folder, path, store) = store();
    fs::create_dir_all(path.join("state.json")).unwrap();
    let error = store.load().unwrap_err();
    assert_eq!(error.to_string(), format!("cannot read `{}`", path.join("state.json").display()));
}

/// A process that takes the lock as Aether does, and holds it.
struct Holder {
    process: Child,
}

impl Holder {
    fn start(lock: &Path) -> Self {
        let script = "import fcntl, sys, time\n\
                      f = open(sys.argv[1], 'r+')\n\
                      fcntl.flock(f, fcntl.LOCK_EX)\n\
                      f.write('the other process\\n'); f.flush()\n\
                      print('held', flush=True)\n\
                      time.sleep(600)";
        let mut command = Command::new("python3");
        let mut process = command.args(["-c", script]).arg(lock).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "held\n");
        Self { process }
    }

    fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        self.kill();
    }
}
