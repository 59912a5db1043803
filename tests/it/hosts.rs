//! The main job on real hosts: real sshd, real sudo, real uv, real Ansible, and the binary as a user runs it.

use crate::support::lab::{Home, Host, PASSWORD, lab};
use crate::support::project::{Project, told};
use crate::support::{ansible, tools};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Output, Stdio};
use std::sync::mpsc;
use std::thread::JoinHandle;

/// A project that puts one small environment on `hosts`, as `user`.
fn small(hosts: &[&Host], user: &str) -> String {
    let addresses: Vec<&str> = hosts.iter().map(|host| host.address.as_str()).collect();
    format!(
        "aether: 1\nname: small\nenvironments:\n  tools:\n    python: \"3.11\"\n    packages: [six==1.16.0]\n\
         hosts:\n  lab:\n    provider: ssh\n    addresses: [{}]\n    user: {user}\n    environments: [tools]\n",
        addresses.join(", ")
    )
}

fn project(home: &Home, manifest: &str) -> Project {
    let project = Project::with_manifest(manifest).at_home(home.path());
    succeed(&project, &["lock"]);
    project
}

fn run(project: &Project, arguments: &[&str]) -> Output {
    project.aether(arguments).output().unwrap()
}

fn succeed(project: &Project, arguments: &[&str]) -> String {
    ends(project, arguments, 0)
}

fn ends(project: &Project, arguments: &[&str], status: i32) -> String {
    let output = run(project, arguments);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(status), "aether {} said:\n{told}", arguments.join(" "));
    told
}

fn json(project: &Project, arguments: &[&str]) -> Value {
    let output = project.aether(arguments).arg("--json").output().unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{arguments:?} printed no JSON: {}", told(&output)))
}

/// Stock Ansible on the rendered project: `changed` of every host, added up.
fn ansible_changes(project: &Project, home: &Home, check: bool) -> u32 {
    let mut command = ansible::playbook(&project.path().join("infra/ansible"), home);
    ansible::changes(&tools::succeed(command.args(["site.yml"]).args(check.then_some("--check"))))
}

#[test]
fn what_aether_applied_ansible_finds_in_order() {
    let hosts = lab().hosts(2);
    let home = Home::knowing(&hosts.iter().collect::<Vec<_>>());
    let project = project(&home, &small(&[&hosts[0], &hosts[1]], "admin"));
    let plan = json(&project, &["plan"]);
    assert!(plan["steps"].as_array().unwrap().iter().all(|step| step["action"] == "create"), "{plan}");
    succeed(&project, &["apply", "--yes"]);
    let import = "/opt/aether/environments/tools/venv/bin/python -c 'import six; print(six.__version__)'";
    let said = succeed(&project, &["exec", "--", "sh", "-c", import]);
    assert_eq!(said.matches("1.16.0").count(), 2, "{said}");
    assert_eq!(json(&project, &["plan"])["has_changes"], false);
    succeed(&project, &["plan", "--detailed-exitcode"]);
    assert!(succeed(&project, &["plan"]).contains("no changes"));
    succeed(&project, &["render"]);
    assert_eq!(ansible_changes(&project, &home, true), 0);
    assert_eq!(ansible_changes(&project, &home, false), 0);
}

#[test]
fn what_ansible_applied_aether_finds_in_order() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let project = project(&home, &small(&[&host], "admin"));
    succeed(&project, &["render"]);
    assert_ne!(ansible_changes(&project, &home, false), 0);
    let plan = json(&project, &["plan"]);
    for step in plan["steps"].as_array().unwrap() {
        assert_eq!(step["action"], "adopt", "{step}");
        assert_eq!(step["tasks"], Value::Array(Vec::new()), "{step}");
    }
    succeed(&project, &["apply", "--yes"]);
    assert_eq!(json(&project, &["plan"])["has_changes"], false);
}

#[test]
fn a_host_that_is_down_leaves_the_others_unaffected() {
    let hosts = lab().hosts(2);
    let home = Home::knowing(&hosts.iter().collect::<Vec<_>>());
    let project = project(&home, &small(&[&hosts[0], &hosts[1]], "root"));
    lab().crash(&hosts[1]);
    let told = ends(&project, &["plan"], 1);
    assert!(told.contains("cannot reach"), "{told}");
    let told = ends(&project, &["apply", "--yes"], 4);
    assert!(told.contains("not planned:") && told.contains("go on with: aether resume"), "{told}");
    let status = json(&project, &["status"]);
    let found: Vec<&Value> = status["hosts"].as_array().unwrap().iter().map(|host| &host["state"]).collect();
    assert_eq!(found, ["in_order", "never_seen"], "{status}");
}

/// An apply that is under way: comes back once a task has changed something on the host. What it tells is gathered.
fn apply_under_way(project: &Project) -> (Child, JoinHandle<String>) {
    let mut apply = project.aether(&["apply", "--yes"]);
    let mut child = apply.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let stderr = BufReader::new(child.stderr.take().unwrap());
    let (sender, changed) = mpsc::channel();
    let listener = std::thread::spawn(move || {
        let mut told = String::new();
        for line in stderr.lines().map_while(Result::ok) {
            if line.contains(": changed ") {
                // Nobody waits for the second one.
                let _ = sender.send(());
            }
            told.push_str(&(line + "\n"));
        }
        told
    });
    let has_changed = changed.recv().is_ok();
    assert!(has_changed, "apply changed nothing:\n{}", listener.join().unwrap());
    (child, listener)
}

#[test]
fn a_run_that_is_killed_goes_on_where_it_was() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let project = project(&home, &small(&[&host], "admin"));
    let (mut child, _) = apply_under_way(&project);
    child.kill().unwrap();
    child.wait().unwrap();
    let status = json(&project, &["status"]);
    assert_eq!(status["hosts"][0]["resources"][0]["condition"], "interrupted", "{status}");
    // The host is still at work on what the killed run began: it is waited for, and nothing runs twice.
    let told = succeed(&project, &["resume", "--yes"]);
    assert!(told.contains("waiting for the run that was left here"), "{told}");
    assert!(!told.contains("changed  environment : Install uv"), "{told}");
    assert_eq!(json(&project, &["plan"])["has_changes"], false);
    let status = json(&project, &["status"]);
    assert!(status.to_string().matches("complete").count() == 2, "{status}");
}

#[test]
fn a_connection_that_is_cut_does_not_stop_the_host_and_nothing_is_heard_twice() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let project = project(&home, &small(&[&host], "admin"));
    let cutter = self::project(&home, &small(&[&host], "root"));
    let (mut child, listener) = apply_under_way(&project);
    succeed(&cutter, &["exec", "--", "pkill", "-KILL", "-f", "sshd: admin"]);
    let (status, told) = (child.wait().unwrap(), listener.join().unwrap());
    assert_eq!(status.code(), Some(0), "{told}");
    assert_eq!(told.matches("connection lost").count(), 1, "{told}");
    assert_eq!(told.matches("changed  environment : Install the locked packages").count(), 1, "{told}");
    assert_eq!(json(&project, &["plan"])["has_changes"], false);
    let left =
        succeed(&cutter, &["exec", "--", "sh", "-c", "ls -d /tmp/aether.* /tmp/.aether.lock 2>/dev/null || true"]);
    assert!(!left.contains("aether."), "{left}");
}

#[test]
fn two_applies_at_once_do_not_interleave() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let project = project(&home, &small(&[&host], "root"));
    let start = || project.aether(&["apply", "--yes"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let children = [start(), start()];
    let outputs = children.map(|child| child.wait_with_output().unwrap());
    let mut codes = outputs.each_ref().map(|output| output.status.code().unwrap());
    codes.sort_unstable();
    assert_eq!(codes, [0, 3], "{}\n{}", told(&outputs[0]), told(&outputs[1]));
    let loser = outputs.iter().find(|output| output.status.code() == Some(3)).unwrap();
    assert!(told(loser).contains("is locked by tester@"), "{}", told(loser));
}

#[test]
fn a_host_nobody_knows_is_refused_until_its_key_is_accepted() {
    let host = lab().host();
    let home = Home::knowing(&[]);
    let project = project(&home, &small(&[&host], "root"));
    let told = ends(&project, &["plan"], 1);
    assert!(told.contains("is not known") && told.contains("--accept-new-host-keys"), "{told}");
    succeed(&project, &["plan", "--accept-new-host-keys"]);
    succeed(&project, &["plan"]);
    let changed = lab().rekey(&host);
    let told = ends(&project, &["plan", "--accept-new-host-keys"], 1);
    assert!(told.contains("has changed") && told.contains("known_hosts"), "{changed:?}: {told}");
}

#[test]
fn sudo_that_wants_a_password_is_refused_where_nobody_can_type_one() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let project = project(&home, &small(&[&host], "locked"));
    let told = ends(&project, &["plan"], 1);
    assert!(told.contains("sudo") && told.contains("locked"), "{told}");
}

#[test]
fn what_leaves_the_manifest_leaves_the_host() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let manifest = small(&[&host], "root");
    let project = project(&home, &manifest);
    succeed(&project, &["apply", "--yes"]);
    fs::write(project.path().join("aether.yaml"), manifest.replace("    environments: [tools]\n", "")).unwrap();
    let plan = json(&project, &["plan"]);
    assert_eq!(plan["steps"][0]["action"], "delete", "{plan}");
    succeed(&project, &["apply", "--yes"]);
    let said = succeed(&project, &["exec", "--", "ls", "/opt/aether/environments"]);
    assert!(!said.contains("tools"), "{said}");
    succeed(&project, &["destroy", "--yes"]);
    let status = json(&project, &["status"]);
    assert_eq!(status["hosts"][0]["state"], "never_seen", "{status}");
    assert_eq!(status["hosts"][0]["resources"], Value::Array(Vec::new()), "{status}");
}

#[test]
fn a_gpu_that_is_declared_and_not_there_is_refused_before_anything_is_done() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let project = project(&home, &small(&[&host], "admin").replace("    user:", "    accelerators: A100:8\n    user:"));
    let told = ends(&project, &["plan"], 1);
    assert!(told.contains("refused[AE0349]: `A100:8` is declared → there is no NVIDIA card"), "{told}");
    let told = ends(&project, &["apply", "--yes"], 1);
    assert!(told.contains("not planned:") && told.contains("gpus-missing"), "{told}");
    let status = json(&project, &["status"]);
    assert_eq!(status["hosts"][0]["state"], "never_seen", "{status}");
    assert_eq!(status["hosts"][0]["resources"], Value::Array(Vec::new()), "{status}");
}

/// Types the sudo password on a real terminal, while another login watches every argument list and environment.
#[test]
fn a_password_leaves_no_trace_here_or_on_the_host() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let project = project(&home, &small(&[&host], "locked"));
    let watcher = self::project(&home, &small(&[&host], "root"));
    let watch = "while [ ! -e /root/stop ]; do \
                 ps axww -o args; cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'; sleep 0.05; done > /root/seen";
    let mut child = watcher.aether(&["exec", "--", "sh", "-c", watch]).stdout(Stdio::null()).spawn().unwrap();
    let binary = env!("CARGO_BIN_EXE_aether");
    // Typed once the question stands there: earlier, the terminal itself would show it.
    let typed = project.sh(&format!(
        "mkfifo keys; script -qec '{binary} apply --yes' /dev/null <keys >said & exec 3>keys; \
         until grep -q password said || ! kill -0 $!; do sleep 0.1; done; echo '{PASSWORD}' >&3; wait $!; cat said; rm keys"
    ));
    assert!(typed.text.contains("2 done, 0 not done"), "{}", typed.text);
    assert!(!typed.text.contains(PASSWORD), "{}", typed.text);
    succeed(&watcher, &["exec", "--", "touch", "/root/stop"]);
    child.wait().unwrap();
    let here = project.sh(&format!("grep -rl '{PASSWORD}' . \"$HOME\""));
    assert_eq!(here.text, "");
    let search = format!(
        "grep -rlI '{PASSWORD}' /root /home /tmp /opt /var/log /var/tmp /run 2>/dev/null; grep -c sshd /root/seen"
    );
    let there = succeed(&watcher, &["exec", "--", "sh", "-c", &search]);
    let found: Vec<&str> = there.lines().skip(1).filter(|line| line.contains('/')).collect();
    assert_eq!(found, Vec::<&str>::new(), "{there}");
}

/// The main job: `PyTorch` and TensorFlow, from the package index onto hosts that had neither, imported and computing.
#[test]
fn pytorch_and_tensorflow_compute_on_fresh_hosts() {
    let hosts = lab().hosts(2);
    let home = Home::knowing(&hosts.iter().collect::<Vec<_>>());
    let manifest = format!(
        "aether: 1\nname: main-job\nenvironments:\n  train:\n    python: \"3.11\"\n    pytorch: \"2.10\"\n    packages: [numpy]\n  \
         serve:\n    python: \"3.11\"\n    tensorflow: \"2.20\"\n\
         hosts:\n  trainer:\n    provider: ssh\n    addresses: [{}]\n    user: admin\n    environments: [train]\n  \
         server:\n    provider: ssh\n    addresses: [{}]\n    user: root\n    environments: [serve]\n",
        hosts[0].address, hosts[1].address
    );
    let project = project(&home, &manifest);
    succeed(&project, &["apply", "--yes"]);
    let verified = json(&project, &["verify"]);
    assert_eq!(verified["works"], true, "{verified:#}");
    for (group, framework, host) in [("trainer", "torch", &hosts[0]), ("server", "tensorflow", &hosts[1])] {
        let address = format!("{group}/{}/environment/", host.address);
        let environments = verified["environments"].as_array().unwrap();
        let own = environments.iter().find(|e| e["address"].as_str().unwrap().starts_with(&address)).unwrap();
        let proof = &own["proofs"][0];
        assert_eq!(proof["module"], framework, "{own:#}");
        assert_eq!(proof["note"], "no GPU: computed on the CPU", "{own:#}");
        assert!(proof["max_difference"].as_f64().unwrap() < 1e-4, "{own:#}");
        assert!(proof["milliseconds"].as_f64().unwrap() > 0.0, "{own:#}");
    }
    let status = json(&project, &["status"]);
    assert_eq!(status.to_string().matches("\"max_difference\"").count(), 2, "{status:#}");
    assert_eq!(json(&project, &["plan"])["has_changes"], false);
}
