//! Cases of playbooks, and throw-away folders to run them in. Each run has a lock of its own.

use aether::diagnostic::{Diagnostics, Style, to_text};
use aether::playbook::{self, Entry, Event, Facts, HostProgram, Library, Mode, Request, Section, Status};
use aether::secret::Secret;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder below `tests/cases/playbook/`.
pub(crate) struct Case {
    pub(crate) name: String,
    folder: PathBuf,
}

/// What a program said.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) tasks: Vec<String>,
    pub(crate) events: Vec<Event>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: Option<i32>,
}

/// A folder that stands for a host.
pub(crate) struct Host {
    folder: tempfile::TempDir,
}

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/playbook")
}

/// Reads every file below a folder into a library.
pub(crate) fn library(folder: &Path) -> Library {
    let mut library = Library::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                library.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    library
}

/// The facts of this machine.
pub(crate) fn facts() -> Facts {
    let output = Command::new("sh").arg("-c").arg(playbook::PROBE).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error} in {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    })
}

/// Compiles sections, or says what is wrong.
pub(crate) fn compile(library: &Library, sections: &[Section], facts: &Facts) -> Result<HostProgram, String> {
    let mut diagnostics = Diagnostics::new();
    let program = playbook::compile(&Request { library, sections, facts }, &mut diagnostics);
    let texts: Vec<String> = diagnostics.into_sorted().iter().map(|d| to_text(d, Style::Plain)).collect();
    program.ok_or_else(|| texts.join("\n\n"))
}

/// What shellcheck says.
pub(crate) fn shellcheck(script: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("program");
    std::fs::write(&file, script).unwrap();
    let output =
        Command::new(tool("shellcheck")).args(["--norc", "-s", "sh", "-S", "style"]).arg(&file).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A tool that the test setup installed.
pub(crate) fn tool(name: &str) -> PathBuf {
    let folder = std::env::var_os("AETHER_TEST_BIN")
        .expect("AETHER_TEST_BIN names the folder of the test tools; run ./dev test");
    let path = Path::new(&folder).join(name);
    assert!(path.exists(), "{} is missing; run ./dev setup", path.display());
    path
}

impl Case {
    /// Every case that is to succeed.
    pub(crate) fn all() -> Vec<Self> {
        let mut cases: Vec<Self> = std::fs::read_dir(cases())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|folder| folder.join("play.yml").exists())
            .map(|folder| Self { name: folder.file_name().unwrap().to_str().unwrap().to_owned(), folder })
            .collect();
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        assert!(!cases.is_empty());
        cases
    }

    /// A fresh folder for it, with what `before.sh` puts there.
    pub(crate) fn host(&self) -> Host {
        let host = Host::new();
        let script = self.folder.join("before.sh");
        if script.exists() {
            assert!(Command::new("sh").arg(script).current_dir(host.home()).status().unwrap().success());
        }
        host
    }

    /// Whether Ansible is to say the same.
    pub(crate) fn has_twin(&self) -> bool {
        !self.folder.join("no-twin").exists()
    }

    /// What is there before anything ran.
    pub(crate) fn listing_before(&self) -> String {
        self.host().listing()
    }

    /// The program for a folder.
    pub(crate) fn compile(&self, variables: &Map<String, Value>) -> HostProgram {
        let section = Section {
            label: "here/host".to_owned(),
            entry: Entry::Playbook("play.yml".to_owned()),
            variables: variables.clone(),
            r#become: false,
        };
        compile(&library(&self.folder), &[section], &facts()).unwrap_or_else(|text| panic!("{}:\n{text}", self.name))
    }

    /// Compares a text with the recorded one of this case.
    pub(crate) fn snapshot(&self, name: &str, text: &str) {
        insta::with_settings!({ snapshot_path => &self.folder, prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, text);
        });
    }
}

impl Host {
    /// A fresh one.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// The folder that cases work in.
    pub(crate) fn home(&self) -> PathBuf {
        let home = self.folder.path().join("home");
        std::fs::create_dir_all(&home).unwrap();
        home
    }

    /// The variables a case is compiled with.
    pub(crate) fn variables(&self) -> Map<String, Value> {
        json!({ "folder": self.home() }).as_object().unwrap().clone()
    }

    /// Compiles and runs a case.
    pub(crate) fn run(&self, case: &Case, mode: Mode) -> Ran {
        self.run_program(&case.compile(&self.variables()), mode)
    }

    /// Runs a program as the bootstrap command does.
    pub(crate) fn run_program(&self, program: &HostProgram, mode: Mode) -> Ran {
        self.run_as(program, mode, &[], None)
    }

    /// The same with more environment variables and a password.
    pub(crate) fn run_as(
        &self,
        program: &HostProgram,
        mode: Mode,
        environment: &[(&str, &str)],
        password: Option<&Secret>,
    ) -> Ran {
        use std::io::Write as _;
        let runs = self.folder.path().join("runs");
        std::fs::create_dir_all(&runs).unwrap();
        let mut child = Command::new("sh")
            .args(["-c", HostProgram::bootstrap()])
            .env("AETHER_LOCK", self.folder.path().join("lock"))
            .env("TMPDIR", &runs)
            .env("PATH", self.path())
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&program.input(mode, "a test", password)).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(std::fs::read_dir(&runs).unwrap().count(), 0, "a run left its folder behind");
        Ran::of(program, output)
    }

    /// Programs in `bin/` of the folder stand before those of this machine.
    fn path(&self) -> String {
        format!("{}:{}", self.home().join("bin").display(), std::env::var("PATH").unwrap())
    }

    /// The host's folder under a name that is always the same.
    pub(crate) fn neutral(&self, text: &str) -> String {
        text.replace(self.home().to_str().unwrap(), "FOLDER")
    }

    /// Everything there is in the folder: kind, permissions, name, digest or target.
    pub(crate) fn listing(&self) -> String {
        let script = "find . -mindepth 1 | LC_ALL=C sort | while IFS= read -r f; do \
            if [ -L \"$f\" ]; then echo \"link $f -> $(readlink \"$f\")\"; \
            elif [ -d \"$f\" ]; then stat -c 'folder %a %n' \"$f\"; \
            else echo \"$(stat -c 'file %a %s %n' \"$f\") $(sha256sum <\"$f\" | cut -c1-8)\"; fi; done";
        let output = Command::new("sh").args(["-c", script]).current_dir(self.home()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs the same case with Ansible: `name: status` of each task.
    pub(crate) fn ansible(&self, case: &Case, mode: Mode) -> Vec<String> {
        let mut command = Command::new(tool("ansible-playbook"));
        command
            .args(["-c", "local", "-i", "localhost,", "play.yml", "-e"])
            .arg(Value::Object(self.variables()).to_string())
            .args((mode == Mode::Check).then_some("--check"))
            .current_dir(&case.folder)
            .env("ANSIBLE_STDOUT_CALLBACK", "default")
            .env("ANSIBLE_DISPLAY_SKIPPED_HOSTS", "true")
            .env("ANSIBLE_NOCOLOR", "1")
            .env("ANSIBLE_PYTHON_INTERPRETER", "/usr/bin/python3")
            .env("ANSIBLE_HOME", self.folder.path().join("ansible"))
            .env("PATH", self.path())
            .env("LC_ALL", "C.UTF-8");
        let output = command.output().unwrap();
        sequence_of(&String::from_utf8_lossy(&output.stdout))
    }
}

/// Reads Ansible's default output: the worst status of each task, in order.
fn sequence_of(text: &str) -> Vec<String> {
    let mut tasks: Vec<(String, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        let header = line.strip_prefix("TASK [").or_else(|| line.strip_prefix("RUNNING HANDLER ["));
        if let Some(name) = header.and_then(|rest| rest.rsplit_once(']')) {
            tasks.push((name.0.to_owned(), Vec::new()));
        }
        let status = match line.split([':', ' ']).next().unwrap_or_default() {
            "ok" => "ok",
            "changed" => "changed",
            "skipping" => "skipped",
            "failed" | "fatal" => "failed",
            _ => continue,
        };
        if let Some((_, statuses)) = tasks.last_mut() {
            statuses.push(status);
        }
    }
    let worst = |statuses: &[&str]| ["failed", "changed", "ok", "skipped"].into_iter().find(|s| statuses.contains(s));
    tasks
        .iter()
        .filter(|(name, _)| name != "Gathering Facts" && !name.contains("Validating arguments"))
        .filter_map(|(name, statuses)| Some(format!("{name}: {}", worst(statuses)?)))
        .collect()
}

impl Ran {
    /// What a program printed.
    pub(crate) fn of(program: &HostProgram, output: std::process::Output) -> Self {
        let stdout = String::from_utf8(output.stdout).unwrap();
        let events = stdout.lines().map(|line| Event::parse(line).unwrap_or_else(|error| panic!("{error}"))).collect();
        Self {
            tasks: program.tasks.iter().map(|task| task.name.clone()).collect(),
            events,
            stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            status: output.status.code(),
        }
    }

    /// Each task's end with its reason and output.
    pub(crate) fn story(&self) -> String {
        let mut story = String::new();
        for event in &self.events {
            match event {
                Event::TaskEnded { task, status, reason, output, .. } => {
                    let _ = write!(story, "  {}: {}", self.tasks[*task], word(*status));
                    let _ = reason.iter().try_for_each(|reason| write!(story, " ({reason})"));
                    let _ = writeln!(story);
                    for line in output.iter().flat_map(|output| output.lines()) {
                        let _ = writeln!(story, "    | {line}");
                    }
                }
                Event::Busy { owner } => story.push_str(&format!("  busy: {owner}\n")),
                Event::Ended { failed: true } => story.push_str("  failed\n"),
                _ => {}
            }
        }
        if !matches!(self.events.last(), Some(Event::Ended { .. } | Event::Busy { .. })) {
            story.push_str("  cut off\n");
        }
        if !self.stderr.is_empty() {
            let _ = writeln!(story, "  stderr: {}", self.stderr);
        }
        story
    }

    /// `name: status` of each task, without handlers that nobody notified.
    pub(crate) fn sequence(&self) -> Vec<String> {
        self.events
            .iter()
            .filter_map(|event| match event {
                Event::TaskEnded { reason: Some(reason), .. } if reason == "not notified" => None,
                Event::TaskEnded { task, status, .. } => Some(format!("{}: {}", self.tasks[*task], word(*status))),
                _ => None,
            })
            .collect()
    }

    /// The same up to the first task whose end was not known.
    pub(crate) fn sequence_until_unknown(&self) -> Vec<String> {
        self.sequence().into_iter().take_while(|line| !line.ends_with(": unknown")).collect()
    }

    /// How many tasks changed something.
    pub(crate) fn changed(&self) -> usize {
        let is_change = |event: &&Event| matches!(event, Event::TaskEnded { status: Status::Changed, .. });
        self.events.iter().filter(is_change).count()
    }
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Ok => "ok",
        Status::Changed => "changed",
        Status::Skipped => "skipped",
        Status::Unknown => "unknown",
        Status::Failed => "failed",
    }
}
