//! One host on which faults happen, one after the other, each to a job of its own.

use crate::support::lab::{Home, Host};
use crate::support::project::Project;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

const PLAYBOOK: &str = include_str!("../../cases/faults/job.yml");
/// Steps that write down each time they run.
const STEPS: [&str; 3] = ["first", "second", "third"];

/// A host with what an undisturbed run of the job leaves there.
pub(super) struct Scene<'a> {
    pub(super) host: &'a Host,
    home: Home,
    /// How long an undisturbed run takes here.
    pub(super) quiet: Duration,
    wanted: String,
}

/// One job on a host: a project of its own, a folder of its own on the host.
pub(super) struct Job<'a> {
    scene: &'a Scene<'a>,
    pub(super) folder: String,
    project: Project,
}

impl<'a> Scene<'a> {
    /// Makes the host ready and watches two undisturbed runs: one that sets the host up, one to be measured.
    pub(super) fn on(host: &'a Host) -> Self {
        let home = Home::knowing(&[host]);
        let mut scene = Self { host, home, quiet: Duration::ZERO, wanted: String::new() };
        for folder in ["/srv/set-up", "/srv/undisturbed"] {
            let job = Job::new(&scene, folder);
            let start = Instant::now();
            let mut apply = job.start("apply");
            let status = apply.wait().unwrap();
            assert!(status.success(), "an undisturbed run fails: {}", job.said());
            let (quiet, wanted) = (start.elapsed(), job.files());
            (scene.quiet, scene.wanted) = (quiet, wanted);
        }
        scene
    }

    /// Runs a script on the host with stock OpenSSH.
    fn ssh(&self, script: &str) -> String {
        let mut command = Command::new("ssh");
        command.args(self.home.ssh_options()).arg("-oConnectTimeout=60");
        let output = command.args([&format!("root@{}", self.host.address), script]).output().unwrap();
        assert!(output.status.success(), "`{script}`: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

impl<'a> Job<'a> {
    pub(super) fn new(scene: &'a Scene<'a>, folder: &str) -> Self {
        let project = Project::playing(&PLAYBOOK.replace("FOLDER", folder), scene.host, "root", &scene.home);
        Self { scene, folder: folder.to_owned(), project }
    }

    /// Another project that wants the same on the same host.
    pub(super) fn rival(&self) -> Self {
        Self::new(self.scene, &self.folder)
    }

    /// Starts `apply` or `resume`; what it says goes to a file.
    pub(super) fn start(&self, verb: &str) -> Child {
        let said = File::options().create(true).append(true).open(self.project.path().join("said")).unwrap();
        let mut command = self.project.aether(&[verb, "--yes"]);
        command.stdout(said.try_clone().unwrap()).stderr(said).spawn().unwrap()
    }

    /// Everything its runs said so far.
    pub(super) fn said(&self) -> String {
        fs::read_to_string(self.project.path().join("said")).unwrap()
    }

    /// Resumes until there is nothing more to do. A host in disorder may need a second time, never many.
    pub(super) fn bring_to_its_end(&self) {
        let ends: Vec<ExitStatus> = (0..4).map_while(|_| self.unfinished()).collect();
        assert!(ends.len() < 4, "resume does not come to its end, {ends:?}:\n{}", self.said());
    }

    /// How a resume ended, unless all is done.
    fn unfinished(&self) -> Option<ExitStatus> {
        let status = self.start("resume").wait().unwrap();
        (!status.success()).then_some(status)
    }

    /// The host is as after an undisturbed run, Aether agrees, and at most `repeats` steps ran once more.
    pub(super) fn check(&self, repeats: usize) {
        assert_eq!(self.files(), self.scene.wanted, "the files differ:\n{}", self.said());
        let ran = self.scene.ssh(&format!("cat {}/ran", self.folder));
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for step in ran.lines() {
            *counts.entry(step).or_default() += 1;
        }
        let repeated: usize = STEPS.iter().map(|step| counts.get(step).copied().unwrap_or_default().abs_diff(1)).sum();
        assert!(repeated <= repeats, "steps ran again: {counts:?}\n{}", self.said());
        assert_eq!(self.json("plan")["has_changes"], false, "there is more to do:\n{}", self.said());
        let status = self.json("status").to_string();
        assert_eq!(status.matches("\"complete\"").count(), 2, "{status}\n{}", self.said());
        // The place of a run that never began stays taken for an hour: an empty mark in a folder.
        let left = self.scene.ssh(
            "find /tmp/aether.* /var/tmp/aether.* /tmp/.aether.lock ! -type d ! -name status 2>/dev/null; \
             ls -dA /var/tmp/aether.* /tmp/.aether.lock 2>/dev/null; true",
        );
        assert_eq!(left, "", "left on the host:\n{}", self.said());
    }

    fn json(&self, verb: &str) -> Value {
        let output = self.project.aether(&[verb, "--json"]).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
    }

    /// Names, kinds, modes and contents, without the notes of the steps.
    fn files(&self) -> String {
        let script = "cd FOLDER && rm -f .filler && find . ! -name ran -printf '%P %y %m\n' | sort && cat first second third settings list";
        self.scene.ssh(&script.replace("FOLDER", &self.folder)).replace(&self.folder, "FOLDER")
    }
}
