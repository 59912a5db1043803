//! Programs that arrive in part, or after they were given up: they do nothing.

use crate::support::playbook::{compile, facts};
use aether::playbook::{Entry, HostProgram, Library, Mode, Section};
use serde_json::{Map, json};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// A program that makes the file `here`, as it is sent.
fn input(folder: &Path) -> Vec<u8> {
    let tasks = json!([{ "command": { "argv": ["touch", folder.join("here")] } }]);
    let mut library = Library::new();
    library.insert("play.yml", json!([{ "hosts": "all", "tasks": tasks }]).to_string());
    let section = Section {
        label: "here/host".to_owned(),
        entry: Entry::Playbook("play.yml".to_owned()),
        variables: Map::new(),
        r#become: false,
    };
    compile(&library, &[section], &facts()).unwrap().input(Mode::Apply, "a test", None)
}

/// Runs a command with so much of its input as arrives; its exit status.
fn send(command: &str, input: &[u8], folder: &Path) -> Option<i32> {
    let mut child = Command::new("sh")
        .args(["-c", command])
        .env("AETHER_LOCK", folder.join("lock"))
        .env("TMPDIR", folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // A command that does not want it has closed its ears.
    drop(child.stdin.take().unwrap().write_all(input));
    child.wait().unwrap().code()
}

fn entries(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn a_program_that_arrives_in_part_does_nothing_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let whole = input(folder.path());
    let last_line = whole.len() - "esac\n".len();
    let supervise = HostProgram::supervise("part", None, 0);
    for length in (0..last_line).step_by(499).chain(last_line - 3..last_line + 3) {
        for command in [HostProgram::bootstrap(), &supervise] {
            assert_eq!(send(command, &whole[..length], folder.path()), Some(73), "cut after {length} bytes: {command}");
            assert_eq!(entries(folder.path()), [""; 0], "cut after {length} bytes: {command}");
        }
    }
    assert_eq!(send(&supervise, &whole, folder.path()), Some(0));
    assert_eq!(entries(folder.path()), ["aether.part", "here"]);
    assert_eq!(send(&HostProgram::bury("part"), b"", folder.path()), Some(0));
    assert_eq!(entries(folder.path()), ["here"], "a run that began leaves no mark");
}

#[test]
fn a_run_that_was_given_up_before_it_began_does_not_begin() {
    let folder = tempfile::tempdir().unwrap();
    let whole = input(folder.path());
    assert_eq!(send(&HostProgram::attach("late", 0), b"", folder.path()), Some(HostProgram::GONE));
    assert_eq!(send(&HostProgram::bury("late"), b"", folder.path()), Some(0));
    assert_eq!(send(&HostProgram::supervise("late", None, 0), &whole, folder.path()), Some(73));
    assert_eq!(send(&HostProgram::attach("late", 0), b"", folder.path()), Some(HostProgram::GONE));
    assert_eq!(entries(folder.path()), ["aether.late"]);
    assert_eq!(entries(&folder.path().join("aether.late")), ["status"]);
    assert_eq!(send(&HostProgram::supervise("next", None, 0), &whole, folder.path()), Some(0));
    assert_eq!(entries(folder.path()), ["aether.late", "aether.next", "here"]);
}
