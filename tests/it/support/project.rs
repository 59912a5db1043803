//! A throw-away copy of a project, and the real binary run in it with an environment of its own.

use super::lab::{Home, Host};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// One project in a temporary folder; gone when dropped.
pub struct Project {
    folder: TempDir,
    home: PathBuf,
    /// Keeps the home that nobody else gave.
    _own_home: TempDir,
}

/// What a command left.
pub struct Ran {
    /// Exit status; 255 when a signal ended it.
    pub status: i32,
    /// Both streams in the order of writing, with what differs from run to run replaced.
    pub text: String,
}

impl Project {
    /// A copy of the folder `from`.
    pub fn copy_of(from: &Path) -> Self {
        let own_home = tempfile::tempdir().unwrap();
        let project =
            Self { folder: tempfile::tempdir().unwrap(), home: own_home.path().to_owned(), _own_home: own_home };
        if from.is_dir() {
            copy(from, project.path());
        }
        project
    }

    /// A folder with nothing in it.
    pub fn empty() -> Self {
        Self::copy_of(Path::new("/nonexistent"))
    }

    /// A project with just this manifest.
    pub fn with_manifest(text: &str) -> Self {
        let project = Self::empty();
        fs::write(project.path().join("aether.yaml"), text).unwrap();
        project
    }

    /// A project that plays `playbooks/job.yml` on the host `lab/ADDRESS` as `user`.
    pub fn playing(playbook: &str, host: &Host, user: &str, home: &Home) -> Self {
        let manifest = format!(
            "aether: 1\nname: job\nhosts:\n  lab:\n    provider: ssh\n    addresses: [{}]\n    user: {user}\n    \
             playbooks: [playbooks/job.yml]\n",
            host.address
        );
        let project = Self::with_manifest(&manifest).at_home(home.path());
        fs::create_dir(project.path().join("playbooks")).unwrap();
        fs::write(project.path().join("playbooks/job.yml"), playbook).unwrap();
        project
    }

    /// Runs a script on every host through `aether exec`, and returns what that printed.
    pub fn on_host(&self, script: &str) -> String {
        let output = self.aether(&["exec", "--", "sh", "-c", script]).output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
        told(&output)
    }

    /// The same project for a user whose home is `home`.
    pub fn at_home(mut self, home: &Path) -> Self {
        home.clone_into(&mut self.home);
        self
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A command of the binary under test, in the project, with nothing of the caller's environment but what the
    /// package index and the search for programs need.
    pub fn aether(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aether"));
        self.prepare(&mut command);
        command.args(arguments);
        command
    }

    /// Runs a line with `sh`; `aether` is the binary under test.
    pub fn sh(&self, line: &str) -> Ran {
        let binaries = Path::new(env!("CARGO_BIN_EXE_aether")).parent().unwrap();
        let mut command = Command::new("sh");
        self.prepare(&mut command);
        let path = format!("{}:{}", binaries.display(), search_path());
        command.env("PATH", path).args(["-c", &format!("{{ {line}\n}} 2>&1")]);
        let output = command.output().unwrap();
        let text = self.settle(&String::from_utf8_lossy(&output.stdout));
        Ran { status: output.status.code().unwrap_or(255), text }
    }

    fn prepare(&self, command: &mut Command) {
        command.env_clear().current_dir(self.path()).stdin(Stdio::null());
        command.env("HOME", &self.home).env("PATH", search_path()).env("LC_ALL", "C.UTF-8").env("USER", "tester");
        // The package index and its certificate are the machine's own business.
        for (name, value) in std::env::vars_os() {
            let known = name.to_string_lossy().into_owned();
            if ["UV_", "PIP_", "SSL_CERT", "http", "HTTP", "no_proxy", "NO_PROXY"].iter().any(|p| known.starts_with(p))
            {
                command.env(name, value);
            }
        }
        command.env("UV_CACHE_DIR", uv_cache());
    }

    /// Replaces what differs from run to run.
    fn settle(&self, text: &str) -> String {
        let real = self.path().canonicalize().unwrap();
        let text = text.replace(&real.display().to_string(), "[PROJECT]");
        let text = text.replace(&self.path().display().to_string(), "[PROJECT]");
        FILTERS.iter().fold(text, |text, (mark, replace)| {
            text.lines().map(|line| replace(line, mark)).collect::<Vec<_>>().join("\n")
                + if text.ends_with('\n') { "\n" } else { "" }
        })
    }
}

/// A mark and how a line is settled with it.
type Filter = (&'static str, fn(&str, &str) -> String);

const FILTERS: &[Filter] = &[("[VERSION]", uv_versions), ("[TIME]", durations), ("[NOW]", timestamps), ("[PID]", pids)];

/// `uv 0.13.8` becomes `uv [VERSION]`: a new lock pins the newest release.
fn uv_versions(line: &str, mark: &str) -> String {
    match line.split_once("Install uv ") {
        Some((before, after)) => {
            let rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            format!("{before}Install uv {mark}{rest}")
        }
        None => line.to_owned(),
    }
}

/// `(3.1 s)` becomes `([TIME])`.
fn durations(line: &str, mark: &str) -> String {
    match (line.rfind('('), line.ends_with(" s)")) {
        (Some(start), true) => format!("{}({mark})", &line[..start]),
        _ => line.to_owned(),
    }
}

/// `2026-11-21T09:00:00.123Z` becomes the mark.
fn timestamps(line: &str, mark: &str) -> String {
    let is_timestamp = |word: &str| word.len() >= 20 && word.ends_with('Z') && word.as_bytes().get(10) == Some(&b'T');
    line.split(' ').map(|word| if is_timestamp(word) { mark } else { word }).collect::<Vec<_>>().join(" ")
}

/// `pid 4711, since 2026-11-21 09:00:00 UTC` becomes `pid [PID]`.
fn pids(line: &str, mark: &str) -> String {
    match (line.find("(pid "), line.find(" UTC)")) {
        (Some(start), Some(end)) => format!("{}(pid {mark}){}", &line[..start], &line[end + 5..]),
        _ => line.to_owned(),
    }
}

/// Both streams of a program that ended.
pub fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Shared by all tests, so that a package is fetched once.
fn uv_cache() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    cache.unwrap_or_else(|| home.join(".cache")).join("aether/uv")
}

/// The pinned tools first.
pub fn search_path() -> String {
    let own = std::env::var("PATH").unwrap_or_default();
    match std::env::var("AETHER_TEST_BIN") {
        Ok(tools) => format!("{tools}:{own}"),
        Err(_) => own,
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
