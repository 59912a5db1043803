//! Stock ansible-playbook, beside which Aether is held.

use super::lab::Home;
use super::tools;
use std::path::Path;
use std::process::{Command, Stdio};

/// A run of ansible-playbook in a folder, with the keys of that home and nothing else of this machine's Ansible.
pub fn playbook(folder: &Path, home: &Home) -> Command {
    let mut command = tools::command("ansible-playbook", folder);
    command.env("HOME", home.path()).env("ANSIBLE_HOME", home.path().join(".ansible"));
    command.env("ANSIBLE_SSH_ARGS", home.ssh_options().join(" "));
    command.env("ANSIBLE_STDOUT_CALLBACK", "ansible.builtin.default").env("ANSIBLE_NOCOLOR", "1");
    command.stdin(Stdio::null());
    command
}

/// `changed` of every host, added up.
pub fn changes(told: &str) -> u32 {
    let count = |line: &str| line.split("changed=").nth(1)?.split_whitespace().next()?.parse().ok();
    let counts: Vec<u32> = told.lines().filter_map(count).collect();
    assert!(!counts.is_empty(), "no recap in:\n{told}");
    counts.iter().sum()
}
