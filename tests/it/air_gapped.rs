//! A controller and a host with a route to each other and to nothing else, served by a bundle alone.

use crate::support::lab::{Home, Host, lab};
use crate::support::project::Project;
use std::fs;
use std::process::Command;

/// What a fresh Debian lacks for virtual environments, with everything that this in turn needs.
const PACKAGES: &str = "mkdir -p packages/$(. /etc/os-release; echo $ID-$VERSION_ID) && cd packages/* && apt-get download -q \
    $(apt-cache depends --recurse --important python3-venv | grep '^[a-z]' | sort -u) 2>&1";

fn project(home: &Home, host: &Host) -> Project {
    let manifest = format!(
        "aether: 1\nname: island\nenvironments:\n  tools:\n    python: \"3.11\"\n    packages: [numpy]\n\
         hosts:\n  lab:\n    provider: ssh\n    addresses: [{}]\n    user: admin\n    environments: [tools]\n",
        host.address
    );
    Project::with_manifest(&manifest).at_home(home.path())
}

/// Runs the binary in a network namespace.
fn within(space: &str, project: &Project, arguments: &[&str], status: i32) -> String {
    let inner = project.aether(arguments);
    let mut command = Command::new("ip");
    command.args(["netns", "exec", space]).arg(inner.get_program()).args(inner.get_args());
    command.env_clear().current_dir(project.path()).stdin(std::process::Stdio::null());
    command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "aether {arguments:?} said:\n{told}");
    told
}

fn sh(project: &Project, line: &str) -> String {
    let ran = project.sh(line);
    assert_eq!(ran.status, 0, "`{line}` said:\n{}", ran.text);
    ran.text
}

#[test]
fn a_host_without_any_route_is_set_up_from_a_bundle_and_from_nothing_else() {
    let hosts = lab().hosts(2);
    let home = Home::knowing(&[&hosts[0]]);
    let project = project(&home, &hosts[0]);
    sh(&project, PACKAGES);
    sh(&project, "aether lock && aether bundle create --packages packages -o island.tar");
    let space = lab().seclude(&hosts[0], &hosts[1]);
    let routes = Command::new("ip").args(["-n", &space, "route"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&routes.stdout).lines().count(), 1);

    let told = within(&space, &project, &["apply", "--yes"], 1);
    assert!(told.contains("Install the missing system packages"), "{told}");
    let told = within(&space, &project, &["lock", "--upgrade"], 1);
    assert!(told.contains("the package index cannot be reached"), "{told}");

    let told = within(&space, &project, &["apply", "--yes", "--bundle", "island.tar"], 0);
    assert!(told.contains("brought ") && told.contains("2 done, 0 not done"), "{told}");
    let told = within(&space, &project, &["plan", "--detailed-exitcode"], 0);
    assert!(told.contains("no changes"), "{told}");
    within(&space, &project, &["verify"], 0);
    let told = within(&space, &project, &["exec", "--", "ls", "/opt/aether"], 0);
    assert!(!told.contains("supply"), "{told}");
    let import = [
        "exec",
        "--",
        "/opt/aether/environments/tools/venv/bin/python",
        "-c",
        "import numpy; print(numpy.ones(3).sum())",
    ];
    assert!(within(&space, &project, &import, 0).contains("3.0"));
}

#[test]
fn a_playbook_that_fetches_is_refused_by_name_before_anything_is_done() {
    let hosts = lab().hosts(1);
    let home = Home::knowing(&[&hosts[0]]);
    let project = project(&home, &hosts[0]);
    let manifest = fs::read_to_string(project.path().join("aether.yaml")).unwrap();
    let manifest = manifest.replace("packages: [numpy]", "packages: [six]");
    fs::write(project.path().join("aether.yaml"), manifest + "    playbooks: [playbooks/site.yml]\n").unwrap();
    fs::create_dir(project.path().join("playbooks")).unwrap();
    let playbook = "- name: Site\n  hosts: all\n  become: true\n  tasks:\n    - name: Draw trees\n      \
                    ansible.builtin.apt:\n        name: tree\n";
    fs::write(project.path().join("playbooks/site.yml"), playbook).unwrap();
    sh(&project, "aether lock && aether bundle create");
    let ran = project.sh("aether apply --yes --bundle island.bundle.tar");
    assert_eq!(ran.status, 1, "{}", ran.text);
    assert!(ran.text.contains("task `Draw trees`") && ran.text.contains("uses `apt`"), "{}", ran.text);
    let ran = project.sh("aether exec -- ls /opt");
    assert!(!ran.text.contains("aether"), "{}", ran.text);
}
