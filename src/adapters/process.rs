//! Programs of this machine. Knows how to run one and collect what it says, not what it is for.

use crate::ports::{Invocation, Output, ProgramError, Programs};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

/// Runs what `PATH` finds.
#[derive(Debug, Clone)]
pub struct SystemPrograms {
    directory: PathBuf,
}

impl SystemPrograms {
    /// Programs run in `directory` (the project's folder) unless a call says otherwise.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    fn command(&self, invocation: &Invocation) -> Result<Command, ProgramError> {
        let directory = invocation.directory.as_ref().unwrap_or(&self.directory);
        if !directory.is_dir() {
            // Otherwise the system would report it as if the program were missing.
            let source = io::Error::new(ErrorKind::NotFound, format!("no directory `{}`", directory.display()));
            return Err(ProgramError::Run { program: invocation.program.clone(), source });
        }
        let mut command = Command::new(&invocation.program);
        command.args(&invocation.arguments).envs(invocation.environment.iter().cloned()).current_dir(directory);
        Ok(command)
    }
}

impl Programs for SystemPrograms {
    fn run(&self, invocation: &Invocation) -> Result<Output, ProgramError> {
        let mut command = self.command(invocation)?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().map_err(|source| refused(invocation, source))?;
        collect(child, &invocation.stdin).map_err(|source| refused(invocation, source))
    }

    fn attach(&self, invocation: &Invocation) -> Result<i32, ProgramError> {
        let status = self.command(invocation)?.status().map_err(|source| refused(invocation, source))?;
        // A shell reports a signal this way, and so does everything that wraps one.
        Ok(status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0)))
    }
}

fn refused(invocation: &Invocation, source: io::Error) -> ProgramError {
    let program = invocation.program.clone();
    match source.kind() {
        ErrorKind::NotFound => ProgramError::Missing { program },
        _ => ProgramError::Run { program, source },
    }
}

/// Feeds and drains all three pipes at once: a program that fills one while we wait on another would stand still.
fn collect(mut child: Child, stdin: &[u8]) -> io::Result<Output> {
    let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (stdout, stderr) = thread::scope(|scope| {
        let feeder = scope.spawn(move || pipes.0.map_or(Ok(()), |pipe| feed(pipe, stdin)));
        let errors = scope.spawn(move || drain(pipes.2));
        let stdout = drain(pipes.1);
        let stderr = errors.join().unwrap_or_else(|_| Err(io::Error::other("reading standard error panicked")));
        let fed = feeder.join().unwrap_or_else(|_| Err(io::Error::other("writing standard input panicked")));
        fed.and(stdout).and_then(|stdout| Ok((stdout, stderr?)))
    })?;
    Ok(Output { status: child.wait()?.code(), stdout, stderr })
}

/// Writes everything, then closes. A program may end without reading it all.
pub(super) fn feed(mut pipe: impl Write, bytes: &[u8]) -> io::Result<()> {
    match pipe.write_all(bytes) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

fn drain(pipe: Option<impl Read>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        pipe.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
