//! A `reboot` task on throw-away hosts: the program goes on after it, whoever hears of it, and no task runs twice.

use crate::support::lab::{Home, Host, lab};
use crate::support::project::{Project, told};
use std::process::{Command, Stdio};

/// Notes each task that ran, keeps a result and a notification over the restart.
const PLAYBOOK: &str = "\
- hosts: all
  become: true
  tasks:
    - name: before
      ansible.builtin.shell: echo before >>/srv/ran; echo 'printed before'
      args:
        creates: /srv/never
      register: before
      notify: tell
    - name: restart
      ansible.builtin.reboot:
        msg: a test
      when: before is changed
    - name: after
      ansible.builtin.shell: echo after canary >>/srv/ran
      args:
        creates: /srv/never
      when: \"'printed' in before.stdout\"
  handlers:
    - name: tell
      ansible.builtin.shell: echo told >>/srv/ran
      args:
        creates: /srv/never
";

/// A project that runs the playbook on a host as `user`.
fn project(host: &Host, home: &Home, user: &str) -> Project {
    let project = Project::playing(PLAYBOOK, host, user, home);
    assert!(project.aether(&["lock"]).output().unwrap().status.success());
    project
}

/// Runs a command on the host as root, whatever becomes of it.
fn on(host: &Host, command: &str) -> String {
    let output = Command::new("ssh")
        .arg("-i")
        .arg(lab().key())
        .args(["-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"])
        .args(["-o", "LogLevel=ERROR", "-o", "ConnectTimeout=5", &format!("root@{}", host.address), command])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

const BOOT: &str = "cat /proc/sys/kernel/random/boot_id";
const RAN: &str = "cat /srv/ran";
const LEFT: &str = "ls -d /tmp/aether.* /var/tmp/aether.* /tmp/.aether.lock 2>/dev/null";

#[test]
fn a_program_goes_on_after_the_restart_that_it_asks_for() {
    for user in ["root", "admin"] {
        let host = lab().host();
        let home = Home::knowing(&[&host]);
        let project = project(&host, &home, user);
        let first = on(&host, BOOT);
        let output = project.aether(&["apply", "--yes"]).output().unwrap();
        let said = told(&output);
        assert_eq!(output.status.code(), Some(0), "{user}: {said}");
        assert!(said.contains("the host restarts; waiting for it"), "{user}: {said}");
        assert_ne!(on(&host, BOOT), first, "{user}: {said}");
        assert_eq!(on(&host, RAN), "before\nafter canary\ntold", "{user}: {said}");
        assert_eq!(on(&host, LEFT), "", "{user}: {said}");
    }
}

#[test]
fn a_run_whose_controller_dies_during_the_restart_is_gone_on_with() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let project = project(&host, &home, "admin");
    let mut apply = project.aether(&["apply", "--yes"]);
    let mut child = apply.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while on(&host, "cat /var/tmp/aether.*/point 2>/dev/null").is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "the run ended before the restart");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = on(&host, "grep -rl canary /var/tmp /tmp 2>/dev/null");
    lab().wait(&host);
    assert_eq!(kept, "", "a secret outlived the program");
    let output = project.aether(&["resume", "--yes"]).output().unwrap();
    let said = told(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(on(&host, RAN), "before\nafter canary\ntold", "{said}");
    assert_eq!(on(&host, LEFT), "", "{said}");
}
