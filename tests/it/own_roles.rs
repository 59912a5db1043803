//! A role of the project in place of a bundled one: Aether and stock Ansible take the same, and take it whole.

use crate::support::project::Project;
use crate::support::tools::{command, succeed};
use std::fs;
use std::path::Path;

/// The project's `base` needs a role of the project's own, and has none of the files of the bundled one but its tasks.
const FILES: [(&str, &str); 4] = [
    ("aether.yaml", "aether: 1\nname: own\nhosts:\n  here:\n    provider: local\n"),
    ("playbooks/roles/base/meta/main.yml", "---\ndependencies:\n  - role: team\n"),
    (
        "playbooks/roles/base/tasks/main.yml",
        "---\n- name: Make the team's folder\n  ansible.builtin.file:\n    path: \"{{ base_prefix }}/team\"\n    \
         state: directory\n    mode: \"0750\"\n",
    ),
    (
        "playbooks/roles/team/tasks/main.yml",
        "---\n- name: Make the host's folder\n  ansible.builtin.file:\n    path: \"{{ base_prefix }}\"\n    \
         state: directory\n    mode: \"0755\"\n",
    ),
];

fn project() -> Project {
    let project = Project::empty();
    for (path, text) in FILES {
        write(project.path(), path, text);
    }
    project
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn aether(project: &Project, arguments: &[&str]) -> String {
    succeed(&mut project.aether(arguments))
}

fn ansible(project: &Project, arguments: &[&str]) -> String {
    let mut command = command("ansible-playbook", &project.path().join("infra/ansible"));
    succeed(command.env("ANSIBLE_HOME", project.path().join(".ansible-home")).arg("site.yml").args(arguments))
}

#[test]
fn a_role_of_the_project_stands_for_the_bundled_one_under_aether_and_under_ansible() {
    let project = project();
    aether(&project, &["render"]);
    let told = ansible(&project, &["--check"]);
    assert!(told.contains("changed=2 ") && told.contains("Make the team's folder"), "{told}");
    aether(&project, &["apply", "--yes"]);
    assert!(project.path().join(".aether/hosts/here/team").is_dir());
    for arguments in [&["--check"][..], &[]] {
        let told = ansible(&project, arguments);
        assert!(told.contains("changed=0 ") && told.contains("failed=0"), "{told}");
    }
    // Nothing of the bundled role was mixed in: its folders are not there.
    assert!(!project.path().join(".aether/hosts/here/environments").exists());
}

#[test]
fn a_copy_of_the_bundled_role_goes_when_the_project_has_its_own() {
    let project = Project::empty();
    write(project.path(), FILES[0].0, FILES[0].1);
    aether(&project, &["render"]);
    let copy = project.path().join("infra/ansible/roles/base");
    assert!(copy.join("tasks/main.yml").is_file());
    for (path, text) in &FILES[1..] {
        write(project.path(), path, text);
    }
    aether(&project, &["render"]);
    assert!(!copy.join("tasks/main.yml").exists() && !copy.join("defaults/main.yml").exists());
    aether(&project, &["render", "--check"]);
}
