//! This machine as a [`Remote`]: the same commands, run by `sh` here. Knows nothing of what they do.

use super::lines::{Lines, Tail};
use super::own_folder;
use super::process::feed;
use super::sudo::SudoPasswords;
use crate::graph::Target;
use crate::ports::{Dialer, Ending, Prompt, Remote, RemoteError};
use crate::secret::Secret;
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::{env, thread};

/// Opens this machine.
pub struct LocalDialer {
    sudo: Arc<SudoPasswords>,
    lock: PathBuf,
}

impl LocalDialer {
    /// `prompt` is asked when a command needs the sudo password. `lock` keeps two runs of one project apart: other
    /// projects on this machine have folders of their own and need not wait.
    pub fn new(prompt: Arc<dyn Prompt>, lock: impl Into<PathBuf>) -> Self {
        Self { sudo: SudoPasswords::new(prompt), lock: lock.into() }
    }
}

impl Dialer for LocalDialer {
    fn connect(&self, target: &Target) -> Result<Box<dyn Remote>, RemoteError> {
        if let Some(folder) = self.lock.parent() {
            own_folder::make(folder).map_err(|source| RemoteError::Unreachable {
                host: target.name.clone(),
                endpoint: folder.display().to_string(),
                source: source.into(),
            })?;
        }
        let user = env::var("USER").or_else(|_| env::var("LOGNAME")).unwrap_or_else(|_| "root".to_owned());
        Ok(Box::new(Local { host: target.name.clone(), user, sudo: Arc::clone(&self.sudo), lock: self.lock.clone() }))
    }
}

struct Local {
    host: String,
    user: String,
    sudo: Arc<SudoPasswords>,
    lock: PathBuf,
}

impl Remote for Local {
    fn exec(&mut self, command: &str, stdin: &[u8], on_line: &mut dyn FnMut(&str)) -> Result<Ending, RemoteError> {
        let broken = |source: io::Error| RemoteError::Broken { host: self.host.clone(), source: source.into() };
        // A process group of its own: Ctrl-C is for us, who then decide what becomes of the running step.
        let child = Command::new("sh")
            .args(["-c", command])
            .env("AETHER_LOCK", &self.lock)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(broken)?;
        follow(child, stdin, on_line).map_err(broken)
    }

    fn user(&self) -> &str {
        &self.user
    }

    fn sudo_password(&mut self) -> Result<Secret, RemoteError> {
        self.sudo.of(&self.user, &self.host)
    }
}

fn follow(mut child: Child, stdin: &[u8], on_line: &mut dyn FnMut(&str)) -> io::Result<Ending> {
    let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let mut lines = Lines::new(on_line);
    let stderr = thread::scope(|scope| {
        let feeder = scope.spawn(move || pipes.0.map_or(Ok(()), |pipe| feed(pipe, stdin)));
        let errors = scope.spawn(move || {
            let mut tail = Tail::default();
            pump(pipes.2, |bytes| tail.push(bytes)).map(|()| tail.into_text())
        });
        pump(pipes.1, |bytes| lines.push(bytes))?;
        let stderr = errors.join().unwrap_or_else(|_| Err(io::Error::other("reading standard error panicked")))?;
        feeder.join().unwrap_or_else(|_| Err(io::Error::other("writing standard input panicked")))?;
        Ok::<_, io::Error>(stderr)
    })?;
    lines.finish();
    Ok(Ending { status: child.wait()?.code(), stderr })
}

fn pump(pipe: Option<impl Read>, mut sink: impl FnMut(&[u8])) -> io::Result<()> {
    let Some(mut pipe) = pipe else { return Ok(()) };
    let mut buffer = [0; 16 << 10];
    loop {
        match pipe.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => sink(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
