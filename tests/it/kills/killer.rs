//! Kills the binary under test at the n-th of its own steps, from outside: a library that the loader puts in between.

use super::scene::Scene;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The library, built for this test.
pub(super) struct Killer {
    folder: tempfile::TempDir,
}

impl Killer {
    pub(super) fn build() -> Self {
        let killer = Self { folder: tempfile::tempdir().unwrap() };
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/kills/kill_at.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"]).arg(killer.library());
        let output = compiler.arg(source).args(["-ldl", "-pthread"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        killer
    }

    fn library(&self) -> PathBuf {
        self.folder.path().join("kill_at.so")
    }

    /// Every step of an undisturbed run, in words.
    pub(super) fn steps(&self, scene: &Scene, verb: &str) -> Vec<String> {
        let trace = self.folder.path().join(format!("steps-of-{verb}"));
        let mut command = scene.command(verb);
        let output = command.env("LD_PRELOAD", self.library()).env("KILL_TRACE", &trace).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let steps: Vec<String> = fs::read_to_string(trace).unwrap().lines().map(str::to_owned).collect();
        for needed in ["half write", "after fsync", "journal.jsonl", "history", "after start"] {
            assert!(steps.iter().any(|step| step.contains(needed)), "no step is `{needed}`: {steps:#?}");
        }
        steps
    }

    /// Runs a command and kills it at a step. A run that has less to do comes to its end before that.
    pub(super) fn kill(&self, scene: &Scene, verb: &str, step: u64) -> String {
        let mut command = scene.command(verb);
        let output = command.env("LD_PRELOAD", self.library()).env("KILL_AT", step.to_string()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.signal() == Some(9) || output.status.success(),
            "step {step}: {:?}\n{said}",
            output.status
        );
        output.status.to_string()
    }
}
