//! Snapshot and journal as real runs wrote them, torn at every byte and with flipped bits: recognised as damaged, or read
//! as a state that was really written. Never empty, never a panic. And disks that are full at the worst moment.

use crate::support::disk::SmallDisk;
use crate::support::project::{Project, told};
use aether::state::{self, State};
use std::fs;
use std::process::Output;

const MANIFEST: &str =
    "aether: 1\nname: torn\nhosts:\n  here:\n    provider: local\n    playbooks: [playbooks/job.yml]\n";

fn project() -> Project {
    let project = Project::with_manifest(MANIFEST);
    write_job(&project, "one");
    project
}

/// A playbook that writes down every time it runs.
fn write_job(project: &Project, mark: &str) {
    let path = project.path().display();
    let text = format!(
        "- hosts: all\n  tasks:\n    - name: Step {mark}\n      ansible.builtin.command:\n        \
         cmd: sh -c 'echo {mark} >>{path}/ran; touch {path}/{mark}'\n        creates: {path}/{mark}\n"
    );
    fs::create_dir_all(project.path().join("playbooks")).unwrap();
    fs::write(project.path().join("playbooks/job.yml"), text).unwrap();
}

fn run(project: &Project, arguments: &[&str]) -> Output {
    project.aether(arguments).output().unwrap()
}

/// What two runs wrote: the first to its end, the second until its snapshot was refused.
struct Written {
    snapshot: Vec<u8>,
    journal: Vec<u8>,
    project: Project,
}

impl Written {
    fn by_two_runs() -> Self {
        let project = project();
        let output = run(&project, &["apply", "--yes"]);
        assert_eq!(output.status.code(), Some(0), "{}", told(&output));
        let folder = project.path().join(".aether/state");
        fs::create_dir_all(folder.join("history/2.json/in-the-way")).unwrap();
        write_job(&project, "two");
        let output = run(&project, &["apply", "--yes"]);
        assert_eq!(output.status.code(), Some(1), "{}", told(&output));
        assert!(told(&output).contains("cannot write"), "{}", told(&output));
        fs::remove_dir_all(folder.join("history/2.json")).unwrap();
        let read = |name: &str| fs::read(folder.join(name)).unwrap();
        Self { snapshot: read("state.json"), journal: read("journal.jsonl"), project }
    }

    fn read(&self, journal: &[u8]) -> Option<State> {
        let mut state = state::parse(&self.snapshot).unwrap();
        state::replay(&mut state, state::entries(journal).ok()?).ok()?;
        Some(state)
    }
}

#[test]
fn a_journal_torn_at_any_byte_reads_as_its_whole_lines() {
    let written = Written::by_two_runs();
    let (mut whole, mut lines) = (Vec::new(), 0);
    for end in 0..=written.journal.len() {
        let read =
            state::entries(&written.journal[..end]).unwrap_or_else(|error| panic!("torn at byte {end}: {error}"));
        if end > 0 && written.journal[end - 1] == b'\n' {
            (whole, lines) = (read, lines + 1);
            assert!(written.read(&written.journal[..end]).is_some(), "torn after line {lines}");
        } else {
            assert_eq!(read, whole, "torn at byte {end}");
        }
        assert_eq!(whole.len(), lines);
    }
    assert!(lines > 4, "a run, a host, intents and ends: {lines} lines");
    // And the run is finished from there.
    let output = run(&written.project, &["resume", "--yes"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(fs::read_to_string(written.project.path().join("ran")).unwrap(), "one\ntwo\n");
}

#[test]
fn every_flipped_bit_of_a_journal_is_noticed() {
    let written = Written::by_two_runs();
    for at in 0..written.journal.len() {
        for bit in [0, 5] {
            let mut journal = written.journal.clone();
            journal[at] ^= 1 << bit;
            assert!(state::entries(&journal).is_err(), "bit {bit} of byte {at}");
        }
    }
}

#[test]
fn a_snapshot_that_is_torn_or_has_a_flipped_bit_is_never_another_state() {
    let Written { snapshot, .. } = Written::by_two_runs();
    let state = state::parse(&snapshot).unwrap();
    for end in 0..snapshot.len() - 1 {
        assert!(state::parse(&snapshot[..end]).is_err(), "torn at byte {end}");
    }
    for at in 0..snapshot.len() {
        for bit in [0, 5] {
            let mut bytes = snapshot.clone();
            bytes[at] ^= 1 << bit;
            assert!(state::parse(&bytes).map_or(true, |read| read == state), "bit {bit} of byte {at}");
        }
    }
}

#[test]
fn a_damaged_record_stops_every_command_and_names_the_generation_to_go_back_to() {
    let written = Written::by_two_runs();
    let folder = written.project.path().join(".aether/state");
    let middle = written.snapshot.len() / 2;
    let mut flipped = written.journal.clone();
    flipped[written.journal.len() / 2] ^= 1;
    let damages: [(&str, Option<&[u8]>); 4] = [
        ("state.json", Some(b"")),
        ("state.json", Some(&written.snapshot[..middle])),
        ("state.json", None),
        ("journal.jsonl", Some(&flipped)),
    ];
    for (name, bytes) in damages {
        fs::write(folder.join("state.json"), &written.snapshot).unwrap();
        match bytes {
            Some(bytes) => fs::write(folder.join(name), bytes).unwrap(),
            None => fs::remove_file(folder.join(name)).unwrap(),
        }
        for verb in [&["status"][..], &["plan"], &["apply", "--yes"], &["destroy", "--yes"]] {
            let output = run(&written.project, verb);
            assert_eq!(output.status.code(), Some(1), "{verb:?} with {name} {bytes:?}: {}", told(&output));
            assert!(told(&output).contains("cannot be trusted"), "{}", told(&output));
            assert!(told(&output).contains("`aether state restore 1`"), "{}", told(&output));
        }
        assert_eq!(fs::read(folder.join(name)).ok().as_deref(), bytes, "what is damaged is left as it is");
    }
}

/// What the snapshot held is kept a second time, and what came after it is in the journal.
#[test]
fn a_damaged_snapshot_is_gone_back_to_and_nothing_is_lost() {
    let written = Written::by_two_runs();
    let folder = written.project.path().join(".aether/state");
    fs::write(folder.join("state.json"), &written.snapshot[..written.snapshot.len() / 2]).unwrap();
    let output = run(&written.project, &["state", "restore", "1"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let restored = state::parse(&fs::read(folder.join("state.json")).unwrap()).unwrap();
    let before = written.read(&written.journal).unwrap();
    assert_eq!((restored.serial, restored.resources), (2, before.resources));
    assert_eq!(fs::read(folder.join("journal.damaged.jsonl")).unwrap(), written.journal);
    let output = run(&written.project, &["plan", "--detailed-exitcode"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
}

/// Room for less and less of what a run writes down, in pages and in files.
#[test]
fn a_disk_that_is_full_at_any_moment_is_said_and_loses_nothing() {
    let pages = (1..=6).map(|pages| format!("size={}k", pages * 4));
    let files = (2..=8).step_by(2).map(|files| format!("nr_inodes={files}"));
    let mut refused = 0;
    for room in pages.chain(files) {
        let project = project();
        let folder = project.path().join(".aether/state");
        fs::create_dir_all(&folder).unwrap();
        fs::write(project.path().join(".aether/.gitignore"), "*\n").unwrap();
        let disk = SmallDisk::mount(&folder, &room);
        let output = run(&project, &["apply", "--yes"]);
        if output.status.code() != Some(0) {
            refused += 1;
            assert!(matches!(output.status.code(), Some(1 | 4)), "{room}: {}", told(&output));
            assert!(told(&output).contains("No space left on device"), "{room}: {}", told(&output));
        }
        disk.change("size=4m,nr_inodes=1000");
        let output = run(&project, &["resume", "--yes"]);
        assert_eq!(output.status.code(), Some(0), "{room}: {}", told(&output));
        let output = run(&project, &["plan", "--detailed-exitcode"]);
        assert_eq!(output.status.code(), Some(0), "{room}: {}", told(&output));
        assert_eq!(fs::read_to_string(project.path().join("ran")).unwrap(), "one\n", "{room}");
    }
    assert!(refused > 3, "only {refused} disks were too small");
}
