//! One host's program: its tasks as data, and the POSIX `sh` text that checks or applies them.

use crate::diagnostic::Span;

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

/// A compiled program.
#[derive(Debug, Clone)]
pub struct HostProgram {
    /// Its tasks; events refer to them by index.
    pub tasks: Vec<Task>,
    script: String,
}

impl HostProgram {
    /// The whole text to run with `sh`. `owner` names the run to others that find the host busy.

    pub fn script(&self, _mode: Mode, _owner: &str) -> String {
        self.script.clone()
    }

    /// The command that starts a program: it takes the program from standard input, after one line that holds the
    /// sudo password or nothing.
    pub fn bootstrap() -> &'static str {
        "exec sh -s"
    }

    /// True when a task needs root and the login user must use sudo.
    pub fn needs_root(&self) -> bool {
        false
    }

    /// SHA-256 over everything that decides what the tasks of one section want, hexadecimal.
    pub fn digest(&self, _section: &str) -> String {
        String::new()
    }
}
