//! Other programs on the controller: uv, ssh, terraform.

use std::path::PathBuf;

/// One call of a program.
#[derive(Debug, Clone, Default)]
pub struct Invocation {
    /// Name looked up on `PATH`.
    pub program: String,
    /// Arguments; never a secret.
    pub arguments: Vec<String>,
    /// Variables set on top of the caller's environment; never a secret.
    pub environment: Vec<(String, String)>,
    /// Working directory; the project's folder when `None`.
    pub directory: Option<PathBuf>,
    /// Bytes for its standard input.
    pub stdin: Vec<u8>,
}

/// What a finished program left.
#[derive(Debug, Clone)]
pub struct Output {
    /// Exit status; `None` when a signal ended it.
    pub status: Option<i32>,
    /// All of standard output.
    pub stdout: Vec<u8>,
    /// All of standard error.
    pub stderr: Vec<u8>,
}

/// Runs programs and waits for them.
pub trait Programs: Send + Sync {
    /// Runs one to its end. A status other than 0 is no error here.
    fn run(&self, invocation: &Invocation) -> Result<Output, ProgramError>;
    /// Runs one in the foreground with this terminal's own input and output; the exit status.
    fn attach(&self, invocation: &Invocation) -> Result<i32, ProgramError>;
}

/// A program could not be run at all.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// Not on `PATH`.
    #[error("the program `{program}` is not installed")]
    Missing {
        /// Its name.
        program: String,
    },
    /// Found, but it did not start or its pipes broke.
    #[error("the program `{program}` could not be run")]
    Run {
        /// Its name.
        program: String,
        /// Why.
        source: std::io::Error,
    },
}
