//! The state of a host by name, with its reason and its way out, as `status` tells it; and who has to wait for whom.

use crate::support::lab::{Home, Host, lab};
use crate::support::project::{Project, told};
use serde_json::Value;
use std::fs;
use std::process::{Output, Stdio};

const PLAYBOOK: &str = "- hosts: all\n  tasks:\n    - name: Make a note\n      ansible.builtin.copy:\n        \
    dest: /srv/note\n        content: \"noted\\n\"\n        mode: \"0644\"\n    - name: Wait to be let on\n      \
    ansible.builtin.command:\n        cmd: sh -c 'touch /srv/begun; while [ ! -e /srv/on ]; do sleep 0.1; done; \
    cat /srv/on; [ -s /srv/on ] && touch /srv/done'\n        creates: /srv/done\n";

fn project_on(home: &Home, host: &Host) -> Project {
    Project::playing(PLAYBOOK, host, "root", home)
}

fn run(project: &Project, arguments: &[&str]) -> Output {
    project.aether(arguments).output().unwrap()
}

/// State, reason and way out of the one host.
fn state(project: &Project, arguments: &[&str]) -> (String, String, Value) {
    let output = project.aether(&["status", "--json"]).args(arguments).output().unwrap();
    let status: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", told(&output)));
    let host = &status["hosts"][0];
    let text = |name: &str| host[name].as_str().unwrap_or_else(|| panic!("{status:#}")).to_owned();
    (text("state"), text("why"), host["way_out"].clone())
}

/// One host through most of its states: each is named, and the way out that is named leads on.
#[test]
fn every_state_of_a_host_has_a_name_a_reason_and_a_way_out() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let (project, other) = (project_on(&home, &host), project_on(&home, &host));
    assert_eq!(state(&project, &[]), ("never_seen".into(), String::new(), "aether apply".into()));

    let mut apply = project.aether(&["apply", "--yes"]);
    let child = apply.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    other.on_host("while [ ! -e /srv/begun ]; do sleep 0.1; done");
    let (name, why, _) = state(&project, &[]);
    assert_eq!(name, "running");
    assert!(why.contains("tester@") && why.contains("pid"), "{why}");
    // Another project finds the host busy, and is told by whom; nothing is broken by asking.
    for verb in [&["plan"][..], &["apply", "--yes"]] {
        let output = run(&other, verb);
        assert_eq!(output.status.code(), Some(3), "{verb:?}: {}", told(&output));
        assert!(told(&output).contains("another run holds") && told(&output).contains("tester@"), "{}", told(&output));
    }
    assert_eq!(state(&other, &["--live"]).0, "running");

    other.on_host(": >/srv/on");
    let output = child.wait_with_output().unwrap();
    assert_ne!(output.status.code(), Some(0), "{}", told(&output));
    let (name, why, way_out) = state(&project, &[]);
    assert_eq!((name.as_str(), way_out), ("failed", "aether resume".into()));
    assert!(why.contains("`Wait to be let on`") && why.starts_with("task "), "{why}");

    other.on_host("echo go >/srv/on");
    let output = run(&project, &["resume", "--yes"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(state(&project, &[]), ("in_order".into(), String::new(), Value::Null));
    assert_eq!(state(&project, &["--live"]).0, "in_order");

    other.on_host("echo scribble >/srv/note");
    assert_eq!(state(&project, &[]).0, "in_order", "the record alone cannot know");
    let (name, why, way_out) = state(&project, &["--live"]);
    assert_eq!((name.as_str(), way_out), ("changed_by_hand", "aether apply".into()));
    assert!(why.contains("Make a note"), "{why}");

    lab().crash(&host);
    let (name, why, _) = state(&project, &["--live"]);
    assert_eq!(name, "unreachable");
    assert!(why.contains("cannot reach"), "{why}");
}

#[test]
fn a_run_whose_end_nobody_heard_is_half_done_until_it_is_resumed() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let (project, other) = (project_on(&home, &host), project_on(&home, &host));
    let mut child = project.aether(&["apply", "--yes"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    other.on_host("while [ ! -e /srv/begun ]; do sleep 0.1; done");
    child.kill().unwrap();
    child.wait().unwrap();
    let (name, _, way_out) = state(&project, &[]);
    assert_eq!((name.as_str(), way_out), ("half_done", "aether resume".into()));
    other.on_host("echo go >/srv/on");
    let output = run(&project, &["resume", "--yes"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(state(&project, &[]).0, "in_order");
}

/// As if nobody had listened since yesterday: whoever began the run may no longer be allowed to.
#[test]
fn a_run_that_nobody_hears_ends_before_its_next_task_and_leaves_nothing() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let (project, other) = (project_on(&home, &host), project_on(&home, &host));
    let playbook = project.path().join("playbooks/job.yml");
    fs::write(
        &playbook,
        PLAYBOOK.to_owned() + "    - name: Go on\n      ansible.builtin.command: touch /srv/too-far\n",
    )
    .unwrap();
    let mut child = project.aether(&["apply", "--yes"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    other.on_host("while [ ! -e /srv/begun ]; do sleep 0.1; done");
    child.kill().unwrap();
    child.wait().unwrap();
    // Whoever read its events aloud ends with the connection; from then on the mark stays as old as it is made.
    let forsake = "cd /tmp/aether.* && while touch -d '9 hours ago' heard && sleep 1; do \
                   if [ -n \"$(find heard -mmin +400)\" ]; then break; fi; done; echo go >/srv/on";
    other.on_host(forsake);
    other.on_host("while [ -e /tmp/.aether.lock ]; do sleep 0.1; done; [ ! -e /srv/too-far ]");
    let output = run(&project, &["resume", "--yes"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let left = other.on_host("ls -dA /tmp/aether.* /tmp/.aether.lock 2>/dev/null; true");
    assert!(!left.contains("aether."), "{left}");
}
