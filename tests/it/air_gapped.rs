//! A controller and a host with a route to each other and to nothing else, served by a bundle alone.

use crate::support::gpu::{Machine, mirror};
use crate::support::lab::{Home, Host, lab};
use crate::support::project::Project;
use crate::support::web::{Page, Web};
use std::fs;
use std::process::Command;

/// What a fresh Debian lacks for virtual environments, with everything that this in turn needs.
const PACKAGES: &str = "mkdir -p packages/$(. /etc/os-release; echo $ID-$VERSION_ID) && cd packages/* && apt-get download -q \
    $(apt-cache depends --recurse --important python3-venv | grep '^[a-z]' | sort -u) 2>&1";

fn project(home: &Home, host: &Host) -> Project {
    let manifest = format!(
        "aether: 1\nname: island\nmirrors:\n  huggingface: https://hub.example.com\nenvironments:\n  tools:\n    \
         python: \"3.11\"\n    packages: [numpy]\nhosts:\n  lab:\n    provider: ssh\n    addresses: [{}]\n    \
         user: admin\n    environments: [tools]\n",
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
    let hub = ". /opt/aether/environments/tools/venv/bin/activate && echo $HF_ENDPOINT";
    let told = within(&space, &project, &["exec", "--", "sh", "-c", hub], 0);
    assert!(told.contains("https://hub.example.com"), "{told}");
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

/// Packages of the host's own system that NVIDIA's need.
const OWN: [&str; 2] = ["dkms", "linux-headers"];

fn driver_manifest(address: &str, cuda: &str) -> String {
    format!(
        "aether: 1\nname: island\nmirrors:\n  cuda: {cuda}\n  container_toolkit: {}\nhosts:\n  gpus:\n    \
         provider: ssh\n    addresses: [{address}]\n    user: root\n    system: ubuntu-24.04\n    \
         accelerators: A100:1\n    driver: \"580\"\n    cuda_toolkit: \"12.8\"\n    container_runtime: docker\n",
        mirror().containers()
    )
}

/// Puts packages of the stub system where `--packages` looks for those of Ubuntu 24.04.
fn bring(project: &Project, names: &[&str]) {
    let folder = project.path().join("packages/ubuntu-24.04");
    fs::create_dir_all(&folder).unwrap();
    for entry in fs::read_dir(mirror().file("system")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if names.iter().any(|wanted| name.starts_with(wanted)) {
            fs::copy(&path, folder.join(name)).unwrap();
        }
    }
}

#[test]
fn a_driver_and_both_toolkits_come_from_the_bundle_even_where_the_host_could_ask_others() {
    let machine = Machine::with(&["system ubuntu 24.04", "gpu 20b0"]);
    machine.sh("install -D /dev/null /usr/bin/dockerd; install -D /dev/null /usr/lib/systemd/system/docker.service");
    let project = &machine.project;
    fs::write(project.path().join("aether.yaml"), driver_manifest(&machine.host.address, &mirror().drivers())).unwrap();
    sh(project, "aether lock");

    // The host reaches an archive with everything; the bundle has no headers, so there are none.
    bring(project, &["python3-venv"]);
    let told = sh(project, "aether bundle create --packages packages -o scant.tar");
    assert!(told.contains("dkms for ubuntu-24.04, linux-headers-… for ubuntu-24.04"), "{told}");
    machine.sh("apt-get -q update; apt-cache policy dkms | grep 'Candidate: 3'");
    let ran = project.sh("aether apply --yes --bundle scant.tar");
    assert_ne!(ran.status, 0, "{}", ran.text);
    assert!(ran.text.contains("no repository of this host has linux-headers-"), "{}", ran.text);
    machine.sh("! dpkg-query -W dkms nvidia-open 2>/dev/null");

    bring(project, &OWN);
    let told = sh(project, "aether bundle create --packages packages -o island.tar");
    assert!(!told.contains("not in it"), "{told}");
    let space = lab().seclude(&machine.host, &lab().host());
    let told = within(&space, project, &["apply", "--yes", "--bundle", "island.tar"], 0);
    assert!(told.contains("brought "), "{told}");
    let told = within(&space, project, &["plan", "--detailed-exitcode"], 0);
    assert!(told.contains("no changes"), "{told}");
    let look = "nvidia-smi -L; cat /sys/module/nvidia/version; /usr/local/cuda-12.8/bin/nvcc --version; \
                cat /etc/docker/daemon.json; ls /opt/aether";
    let told = within(&space, project, &["exec", "--", "sh", "-c", look], 0);
    for sign in ["GPU 0: NVIDIA Stub", "580.95.05", "release 12.8", "nvidia-container-runtime"] {
        assert!(told.contains(sign), "{told}");
    }
    assert!(!told.contains("supply"), "{told}");
}

#[test]
fn packages_that_nobody_signed_are_refused() {
    let web = Web::new();
    let project = Project::with_manifest(&driver_manifest("10.0.0.7", &web.url("/repos")));
    sh(&project, "aether lock");
    let create = || {
        let ran = project.sh("aether bundle create");
        assert_eq!(ran.status, 1, "{}", ran.text);
        ran.text
    };
    let told = create();
    assert!(told.contains("the server answered 404"), "{told}");
    let place = "/repos/ubuntu2404/x86_64";
    for name in ["InRelease", "3bf863cc.pub"] {
        let content = fs::read(mirror().file(&format!("repos/ubuntu2404/x86_64/{name}"))).unwrap();
        web.serve(&format!("{place}/{name}"), Page::new("text/plain", content));
    }
    let list = fs::read_to_string(mirror().file("repos/ubuntu2404/x86_64/Packages")).unwrap();
    let list = list.replace("Version: 580.95.05-1", "Version: 580.95.06-1");
    web.serve(&format!("{place}/Packages"), Page::new("text/plain", list));
    let told = create();
    assert!(told.contains("its list is not the one that was signed"), "{told}");
    let release = fs::read_to_string(mirror().file("repos/ubuntu2404/x86_64/InRelease")).unwrap();
    let release = release.replace("Label: NVIDIA CUDA", "Label: NVIDIA CUDB");
    web.serve(&format!("{place}/InRelease"), Page::new("text/plain", release));
    let told = create();
    assert!(told.contains("cannot be trusted: gpgv says: "), "{told}");
    assert!(!project.path().join("island.bundle.tar").exists());
}
