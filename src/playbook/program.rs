//! One host's program: its tasks as data, and the POSIX `sh` text that checks or applies them.
//!
//! A program is made of stretches: tasks in a row that run as the same user. Those of root run through sudo in a shell
//! of their own; results travel between them in the private folder of the run.

mod emit;

use super::condition::Test;
use super::facts::Facts;
use super::shell;
use crate::diagnostic::Span;
use crate::digest::sha256;
use crate::secret::Secret;
use std::collections::BTreeMap;

/// What a run of the program may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Look only: every task says whether it would change something, and why.
    Check,
    /// Check each task and carry it out where needed.
    Apply,
}

/// One task as the plan and the progress display show it.
#[derive(Debug, Clone)]
pub struct Task {
    /// `environment : install packages`.
    pub name: String,
    /// The module, such as `file`.
    pub module: String,
    /// [`Section::label`](super::Section) it belongs to.
    pub section: String,
    /// Where it was written.
    pub span: Span,
}

/// A task with everything that is needed to write its shell.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) task: Task,
    pub(super) is_root: bool,
    pub(super) items: Vec<Item>,
    /// `check_mode` of the task: whether it applies, whatever the program does.
    pub(super) applies: Option<bool>,
    pub(super) ignores_errors: bool,
    /// `no_log`: neither reasons nor output are told.
    pub(super) is_quiet: bool,
    /// Handlers to notify, by number.
    pub(super) notifies: Vec<usize>,
    /// The handler that it is.
    pub(super) handler: Option<usize>,
}

/// One round of a task: the only one, or one for each item of its loop.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// Conditions with their text, all of which must hold.
    pub(super) guards: Vec<(String, Test)>,
    pub(super) lines: Vec<String>,
    pub(super) looks_at: Option<String>,
    /// What `assert` wants.
    pub(super) wants: Vec<(String, Test)>,
    pub(super) message: Option<String>,
    pub(super) changed_when: Option<(String, Test)>,
    pub(super) failed_when: Option<(String, Test)>,
}

/// What the compiler found out about one host.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    pub(super) steps: Vec<Step>,
    /// Contents by the function that prints them.
    pub(super) payloads: BTreeMap<String, Vec<u8>>,
    /// Functions besides those of the library, by name.
    pub(super) functions: BTreeMap<String, String>,
    /// How many handlers there are.
    pub(super) handlers: usize,
}

/// A compiled program.
#[derive(Debug, Clone)]
pub struct HostProgram {
    /// Its tasks; events refer to them by index.
    pub tasks: Vec<Task>,
    needs_root: bool,
    check: Body,
    apply: Body,
    digests: BTreeMap<String, String>,
}

/// The folder of a supervised run, as shell that any quoting leaves alone.
fn folder(run: &str) -> String {
    assert!(run.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "a run is named by letters, digits and dashes");
    format!("run=${{TMPDIR:-/tmp}}/aether.{run}")
}

/// Where a run that is to go on after a restart keeps what it takes.
fn kept(run: &str) -> String {
    assert!(run.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "a run is named by letters, digits and dashes");
    format!("/var/tmp/aether.{run}")
}

/// The text of one mode around the owner's name.
#[derive(Debug, Clone)]
struct Body {
    before_owner: String,
    after_owner: String,
}

impl HostProgram {
    /// Writes both modes down.
    pub(super) fn new(compiled: Compiled, facts: &Facts) -> Self {
        let is_superuser = facts.0.get("user_uid").and_then(serde_json::Value::as_i64) == Some(0);
        let has_root_tasks = compiled.steps.iter().any(|step| step.is_root);
        let body = |mode| {
            let (before_owner, after_owner) = emit::program(&compiled, mode);
            Body { before_owner, after_owner }
        };
        let (check, apply) = (body(Mode::Check), body(Mode::Apply));
        let digests = digests(&compiled.steps);
        let tasks = compiled.steps.into_iter().map(|step| step.task).collect();
        Self { tasks, needs_root: has_root_tasks && !is_superuser, check, apply, digests }
    }

    /// The whole text, to be run with `sh` or sent to [`HostProgram::bootstrap`]. `owner` names the run to others that
    /// find the host busy.
    pub fn script(&self, mode: Mode, owner: &str) -> String {
        let body = match mode {
            Mode::Check => &self.check,
            Mode::Apply => &self.apply,
        };
        let owner = owner.replace(|c: char| c.is_control(), " ");
        format!("{}{}{}", body.before_owner, shell::quote(&owner), body.after_owner)
    }

    /// The command to execute on the host, the same for every program. Its standard input is
    /// [`HostProgram::input`]; its standard output is one [`Event`](super::Event) a line. It ends with 0 when all went
    /// well, 1 when a task failed, 75 when the host is busy and 73 when it has no room for the run.
    ///
    /// Any login shell understands it. A program whose last line did not arrive is not run. The password stays in a variable of the shell; the program goes to a file in a
    /// folder of its own that only the login user can read and that is gone when the program has ended.
    pub fn bootstrap() -> &'static str {
        concat!(
            "exec /bin/sh -c '",
            "unset password; IFS= read -r password; ",
            "run=$(mktemp -d \"${TMPDIR:-/tmp}/aether.XXXXXX\") || exit 73; ",
            "cat >\"$run/program\" && [ \"$(tail -n 1 \"$run/program\")\" = esac ] || { rm -rf \"$run\"; exit 73; }; ",
            "set -- start \"$run\"; . \"$run/program\"'"
        )
    }

    /// As [`HostProgram::bootstrap`], but the program goes on when the connection is lost. `run` names it: letters,
    /// digits and dashes. Come back to it with [`HostProgram::attach`]; when it has told its end,
    /// [`HostProgram::forget`] removes what is left of it.
    ///
    /// A run that ended with [`HostProgram::RESTARTED`] goes on when it is begun once more, under its name or with its
    /// name in `before`; the first `lines` lines are then not told again. [`HostProgram::RESTARTING`]: not yet.
    pub fn supervise(run: &str, before: Option<&str>, lines: usize) -> String {
        let take_over = before.map_or_else(String::new, |before| {
            format!("if [ -e {0}/point ]; then rm -rf {1}; mv {0} {1}; fi; ", kept(before), kept(run))
        });
        format!(
            "exec /bin/sh -c 'unset password; IFS= read -r password; {}; mask=$(umask); umask 077; {take_over}\
             if [ -e {}/point ]; then rm -rf \"$run\"; fi; mkdir \"$run\" || exit 73; \
             cat >\"$run/program\" && [ \"$(tail -n 1 \"$run/program\")\" = esac ] || {{ rm -rf \"$run\"; exit 73; }}; \
             umask \"$mask\"; \
             set -- supervise \"$run\" {lines}; . \"$run/program\"'",
            folder(run),
            kept(run)
        )
    }

    /// The command that hears a supervised run from its line `lines` on. It ends as the program does, with
    /// [`HostProgram::GONE`] when the run is gone without having told its end, and with the other two where the host
    /// restarts in the middle of the program.
    pub fn attach(run: &str, lines: usize) -> String {
        format!(
            "exec /bin/sh -c '{}; if [ -e {kept}/point ]; then sed -n \"{},\\$p\" {kept}/events; \
             {{ read -r _ && read -r then; }} <{kept}/point; read -r now </proc/sys/kernel/random/boot_id; \
             if [ \"$now\" = \"$then\" ]; then exit {}; fi; exit {}; fi; [ -e \"$run/process\" ] || exit {}; \
             set -- follow \"$run\" {lines}; . \"$run/program\"'",
            folder(run),
            lines + 1,
            Self::RESTARTING,
            Self::RESTARTED,
            Self::GONE,
            kept = kept(run),
        )
    }

    /// The run is gone without having told its end.
    pub const GONE: i32 = 74;
    /// The program ended because its host restarts, or the host has restarted: it goes on when it is sent once more.
    pub const RESTARTED: i32 = 76;
    /// The host is about to restart and has not yet.
    pub const RESTARTING: i32 = 77;

    /// The command that removes a supervised run that has ended.
    pub fn forget(run: &str) -> String {
        format!("exec /bin/sh -c '{}; rm -rf \"$run\"'", folder(run))
    }

    /// The command that removes a supervised run that is gone. One that never began there may still be on its way: its
    /// place stays taken for an hour, and it does not begin any more.
    pub fn bury(run: &str) -> String {
        format!(
            "exec /bin/sh -c '{}; if [ -e \"$run/process\" ]; then rm -rf \"$run\"; else rm -rf \"$run\"; \
             mkdir -m 700 \"$run\" && : >\"$run/status\"; fi'",
            folder(run)
        )
    }

    /// What the bootstrap command reads: a line with the sudo password, empty when there is none, then the program.
    pub fn input(&self, mode: Mode, owner: &str, password: Option<&Secret>) -> Vec<u8> {
        let password = password.map(Secret::reveal).unwrap_or_default();
        format!("{password}\n{}", self.script(mode, owner)).into_bytes()
    }

    /// True when a task needs root and the login user must use sudo.
    pub fn needs_root(&self) -> bool {
        self.needs_root
    }

    /// SHA-256 over everything that decides what the tasks of one section want, hexadecimal. It does not depend on
    /// other sections.
    pub fn digest(&self, section: &str) -> String {
        self.digests.get(section).cloned().unwrap_or_else(|| sha256(""))
    }
}

/// Contents are in by the digests in the names of their functions.
fn digests(steps: &[Step]) -> BTreeMap<String, String> {
    let mut texts: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (index, step) in steps.iter().enumerate() {
        let (first, text) = texts.entry(step.task.section.clone()).or_insert_with(|| (index, String::new()));
        text.push_str(&emit::fingerprint(step, *first));
    }
    texts.into_iter().map(|(section, (_, text))| (section, sha256(text))).collect()
}
