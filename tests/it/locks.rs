//! Who may write: of many at once only one, and of a holder that stands still no more than its lease allows.

use crate::support::project::{Project, told};
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// A project whose one task waits until it is let on.
struct Waiting {
    project: Project,
}

impl Waiting {
    fn new() -> Self {
        let manifest =
            "aether: 1\nname: locks\nhosts:\n  here:\n    provider: local\n    playbooks: [playbooks/job.yml]\n";
        let project = Project::with_manifest(manifest);
        let path = project.path().display();
        let playbook = format!(
            "- hosts: all\n  tasks:\n    - name: Wait to be let on\n      ansible.builtin.command:\n        \
             cmd: sh -c 'echo x >>{path}/ran; while [ ! -e {path}/on ]; do sleep 0.1; done; touch {path}/done'\n        \
             creates: {path}/done\n"
        );
        fs::create_dir(project.path().join("playbooks")).unwrap();
        fs::write(project.path().join("playbooks/job.yml"), playbook).unwrap();
        Self { project }
    }

    fn start(&self) -> Child {
        let mut command = self.project.aether(&["apply", "--yes"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// An apply in the middle of its task.
    fn at_work(&self) -> Child {
        let mut child = self.start();
        while !self.project.path().join("ran").exists() {
            assert!(child.try_wait().unwrap().is_none(), "it ended before its task began");
            sleep(Duration::from_millis(20));
        }
        child
    }

    fn let_on(&self) {
        fs::write(self.project.path().join("on"), "").unwrap();
    }

    fn apply(&self) -> Output {
        self.start().wait_with_output().unwrap()
    }

    fn record(&self, name: &str) -> PathBuf {
        self.project.path().join(".aether/state").join(name)
    }

    /// The task ran once, and there is nothing more to do.
    fn is_done(&self) {
        assert_eq!(fs::read_to_string(self.project.path().join("ran")).unwrap(), "x\n");
        let output = self.project.aether(&["plan", "--detailed-exitcode"]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    }
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status().unwrap();
    assert!(status.success());
}

#[test]
fn of_a_hundred_applies_one_wins_and_the_others_name_it() {
    let waiting = Waiting::new();
    let mut running: Vec<Child> = (0..100).map(|_| waiting.start()).collect();
    let mut ended = Vec::new();
    while running.len() > 1 {
        let is_over = |child: &mut Child| child.try_wait().unwrap().is_some();
        ended.extend(running.extract_if(.., is_over).map(|child| child.wait_with_output().unwrap()));
        sleep(Duration::from_millis(50));
    }
    let winner = running.pop().expect("one goes on");
    let name = format!("(pid {}, since ", winner.id());
    waiting.let_on();
    for output in &ended {
        assert_eq!(output.status.code(), Some(3), "{}", told(output));
        assert!(told(output).contains("is locked by tester@") && told(output).contains(&name), "{}", told(output));
    }
    let output = winner.wait_with_output().unwrap();
    assert_eq!((output.status.code(), ended.len()), (Some(0), 99), "{}", told(&output));
    waiting.is_done();
}

#[test]
fn the_lock_of_a_killed_holder_is_free_at_once() {
    let waiting = Waiting::new();
    let mut holder = waiting.at_work();
    holder.kill().unwrap();
    holder.wait().unwrap();
    waiting.let_on();
    let output = waiting.apply();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    waiting.is_done();
}

/// A holder that is stopped keeps its lock until its lease has run out, and writes nothing when it wakes up late.
#[test]
fn a_holder_that_stands_still_is_fenced_after_its_lease() {
    let waiting = Waiting::new();
    let holder = waiting.at_work();
    signal(&holder, "STOP");
    let output = waiting.apply();
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    assert!(told(&output).contains(&format!("pid {}", holder.id())), "{}", told(&output));

    // As if it had stood still for an hour.
    let status = Command::new("touch").args(["-d", "1 hour ago"]).arg(waiting.record("lock")).status().unwrap();
    assert!(status.success());
    waiting.let_on();
    let output = waiting.apply();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    waiting.is_done();

    let files = ["state.json", "journal.jsonl", "history/1.json"];
    let before = files.map(|name| fs::read(waiting.record(name)).unwrap());
    signal(&holder, "CONT");
    let output = holder.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    assert!(told(&output).contains("was taken over by"), "{}", told(&output));
    assert_eq!(files.map(|name| fs::read(waiting.record(name)).unwrap()), before, "it wrote nothing more");
    waiting.is_done();
}
