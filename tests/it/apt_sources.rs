//! `apt_repository` on a host: a source is added, switched on and taken away, and stock Ansible sees nothing left to do.

use crate::support::lab::{Home, Host, lab};
use crate::support::project::{Project, told};
use crate::support::{ansible, tools};
use std::process::Output;

const ADDED: &str = "deb [signed-by=/etc/apt/keyrings/lab.asc] https://packages.example.com/added stable main";
const SWITCHED_OFF: &str = "deb https://packages.example.com/off stable main";
const UNWANTED: &str = "deb https://packages.example.com/unwanted stable main";

/// The text of the playbook: two sources are to be there, one is not.
fn playbook() -> String {
    let task = |name: &str, repo: &str, rest: &str| {
        format!(
            "    - name: {name}\n      ansible.builtin.apt_repository:\n        repo: {repo}\n        \
             update_cache: false\n{rest}"
        )
    };
    let tasks = [
        task("Add a source", ADDED, "        filename: added\n        mode: \"0600\"\n"),
        task("Switch a source on", SWITCHED_OFF, ""),
        task("Take a source away", UNWANTED, "        state: absent\n"),
    ];
    format!("- hosts: all\n  tasks:\n{}", tasks.concat())
}

fn run(project: &Project, arguments: &[&str]) -> Output {
    project.aether(arguments).output().unwrap()
}

fn ansible_changes(project: &Project, host: &Host, home: &Home) -> u32 {
    let mut command = ansible::playbook(project.path(), home);
    command.args(["-i", &format!("{},", host.address), "-u", "root", "--check", "playbooks/job.yml"]);
    ansible::changes(&tools::succeed(command.env("ANSIBLE_PYTHON_INTERPRETER", "/usr/bin/python3")))
}

#[test]
fn sources_are_added_switched_on_and_taken_away() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let project = Project::playing(&playbook(), &host, "root", &home);
    project.on_host(&format!(
        "cd /etc/apt/sources.list.d; printf '# kept\\n# {SWITCHED_OFF} # once\\n' >off.list; \
             printf '%s\\n' '{UNWANTED}' >alone.list; printf '# kept\\n%s\\n' '{UNWANTED}' >beside.list"
    ));

    let planned = told(&run(&project, &["plan"]));
    assert!(planned.contains("the source is missing"), "{planned}");
    assert!(planned.contains("the source is switched off in /etc/apt/sources.list.d/off.list"), "{planned}");
    let applied = run(&project, &["apply", "--yes"]);
    assert!(applied.status.success(), "{}", told(&applied));

    let read = |name: &str| project.on_host(&format!("cat /etc/apt/sources.list.d/{name}.list"));
    assert!(read("added").lines().any(|line| line.trim() == ADDED), "{}", read("added"));
    assert!(
        read("off").lines().any(|line| line.trim() == SWITCHED_OFF) && read("off").contains("# kept"),
        "{}",
        read("off")
    );
    assert!(read("beside").contains("# kept") && !read("beside").contains("unwanted"), "{}", read("beside"));
    let listing = project.on_host("stat -c '%a %n' /etc/apt/sources.list.d/*.list");
    assert!(listing.contains("600 /etc/apt/sources.list.d/added.list"), "{listing}");
    assert!(!listing.contains("alone.list"), "{listing}");

    assert_eq!(ansible_changes(&project, &host, &home), 0);
    let again = run(&project, &["plan", "--detailed-exitcode"]);
    assert_eq!(again.status.code(), Some(0), "{}", told(&again));
}

#[test]
fn a_source_that_cannot_be_written_is_told() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let project = Project::playing(&playbook(), &host, "root", &home);
    project.on_host("rm -r /etc/apt/sources.list.d && ln -s /nowhere /etc/apt/sources.list.d");
    let applied = run(&project, &["apply", "--yes"]);
    assert!(!applied.status.success(), "{}", told(&applied));
    assert!(told(&applied).contains("cannot write in /etc/apt/sources.list.d"), "{}", told(&applied));
}
