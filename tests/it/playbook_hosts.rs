//! Modules that change the system itself, on throw-away SSH hosts: one brought on by Aether's program, one by Ansible.
//!
//! A case is a folder below `tests/cases/playbook-hosts/`: `before.sh` is run on both hosts, then `play.yml`.

use crate::support::lab::{Host, lab};
use crate::support::playbook::{Ran, compile, library, sequence_of, shellcheck, tool};
use aether::playbook::{Entry, HostProgram, Library, Mode, PROBE, Section};
use serde_json::Map;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/playbook-hosts").join(case)
}

/// Runs a command on a host as root, with this on its standard input.
fn on(host: &Host, command: &str, input: &[u8]) -> Output {
    let mut child = Command::new("ssh")
        .arg("-i")
        .arg(lab().key())
        .args(["-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"])
        .args(["-o", "LogLevel=ERROR", "-o", "IdentitiesOnly=yes", &format!("root@{}", host.address), command])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn told(host: &Host, command: &str, input: &[u8]) -> String {
    let output = on(host, command, input);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// A fresh host that is prepared for a case.
fn prepared(case: &str) -> Host {
    let host = lab().host();
    told(&host, "sh -s", &std::fs::read(folder(case).join("before.sh")).unwrap());
    host
}

fn program(library: &Library, host: &Host) -> HostProgram {
    let facts = serde_json::from_str(&told(host, "sh -s", PROBE.as_bytes())).unwrap();
    let section = Section {
        label: "here/host".to_owned(),
        entry: Entry::Playbook("play.yml".to_owned()),
        variables: Map::new(),
        r#become: false,
    };
    compile(library, &[section], &facts).unwrap_or_else(|text| panic!("{text}"))
}

fn aether(program: &HostProgram, host: &Host, mode: Mode) -> Ran {
    Ran::of(program, on(host, HostProgram::bootstrap(), &program.input(mode, "a test", None)))
}

fn ansible(case: &str, host: &Host, mode: Mode) -> Vec<String> {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(tool("ansible-playbook"))
        .args(["-i", &format!("{},", host.address), "-u", "root", "--private-key"])
        .arg(lab().key())
        .args((mode == Mode::Check).then_some("--check"))
        .arg("play.yml")
        .current_dir(folder(case))
        .env("ANSIBLE_STDOUT_CALLBACK", "default")
        .env("ANSIBLE_DISPLAY_SKIPPED_HOSTS", "true")
        .env("ANSIBLE_NOCOLOR", "1")
        .env("ANSIBLE_HOST_KEY_CHECKING", "false")
        .env("ANSIBLE_SSH_ARGS", "-F none -o UserKnownHostsFile=/dev/null")
        .env("ANSIBLE_PYTHON_INTERPRETER", "/usr/bin/python3")
        .env("ANSIBLE_HOME", home.path())
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    sequence_of(&String::from_utf8_lossy(&output.stdout))
}

/// What the case is about, as both hosts must have it in the end.
const TRACES: &str = "cd /; for f in etc/apt/sources.list.d/* etc/apt/keyrings/* etc/stub*; do \
    if [ -e \"$f\" ]; then stat -c '%a %U %n' \"$f\"; cat \"$f\"; fi; done; \
    dpkg --get-selections | grep stub; getent passwd trainer; getent group trainers; id trainer; \
    getent shadow trainer | cut -d : -f 2; ls -d /home/*; id -un fabric";

#[test]
fn ansible_and_aether_bring_a_host_to_the_same_state() {
    let (ours, theirs) = (prepared("system"), prepared("system"));
    let library = library(&folder("system"));
    let program = program(&library, &ours);
    for mode in [Mode::Check, Mode::Apply] {
        assert_eq!(shellcheck(&program.script(mode, "a test")), "", "{mode:?}");
    }
    for (title, mode) in [("apply", Mode::Apply), ("check again", Mode::Check), ("apply again", Mode::Apply)] {
        let ran = aether(&program, &ours, mode);
        assert_eq!(ran.sequence(), ansible("system", &theirs, mode), "{title}: {}", ran.story());
    }
    assert_eq!(told(&ours, TRACES, b""), told(&theirs, TRACES, b""));
}
