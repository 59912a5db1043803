//! Why a host could not be looked at or brought on.

use crate::diagnostic::{Diagnostic, Style, to_text};
use crate::playbook::EventError;
use crate::ports::{RemoteError, SupplyError};

/// A run on a host did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum ConvergeError {
    /// No connection, or it broke.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// What its program needs could not be brought there.
    #[error(transparent)]
    Supply(#[from] SupplyError),
    /// The probe did not answer with facts.
    #[error("the probe on `{host}` did not answer with facts (status {status})")]
    Probe {
        /// The host.
        host: String,
        /// Exit status, or `signal`.
        status: String,
        /// What it printed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The roles or playbooks cannot be compiled for this host.
    #[error("the playbooks cannot be compiled for `{host}`\n{}", render(.diagnostics))]
    Compile {
        /// The host.
        host: String,
        /// Why; never empty.
        diagnostics: Vec<Diagnostic>,
    },
    /// What is wanted on the host is not what was planned, because its facts have moved.
    #[error("what `{host}` needs is no longer what was planned: its facts have changed")]
    Moved {
        /// The host.
        host: String,
    },
    /// Another run holds the host.
    #[error("another run holds `{host}`: {owner}")]
    Busy {
        /// The host.
        host: String,
        /// Who, as that run describes itself.
        owner: String,
    },
    /// It restarted in the middle of its program and did not come back in time.
    #[error("`{host}` did not come back within {seconds} s of its restart")]
    Restart {
        /// The host.
        host: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The run that went on without us is not there any more.
    #[error("the run on `{host}` is gone{}, as after a restart of the host", at(.task.as_ref()))]
    Gone {
        /// The host.
        host: String,
        /// The task it was at: its place in the program, from 1, and its name.
        task: Option<(usize, String)>,
    },
    /// The program said something unreadable.
    #[error("the host program on `{host}` broke off")]
    Event {
        /// The host.
        host: String,
        /// What it said.
        source: EventError,
    },
    /// The program ended without saying so.
    #[error("the host program on `{host}` ended too early (status {status}){}", tail(.stderr))]
    CutOff {
        /// The host.
        host: String,
        /// Exit status, or `signal`.
        status: String,
        /// The end of its standard error.
        stderr: String,
    },
}

impl ConvergeError {
    /// What the person can do about it.
    pub fn fix(&self) -> Option<String> {
        match self {
            Self::Remote(error) | Self::Supply(SupplyError::Remote(error)) => remote_fix(error),
            Self::Supply(SupplyError::Elsewhere(_)) => {
                Some("take the task out (the driver: `driver: keep`), or apply without `--bundle`".to_owned())
            }
            Self::Supply(_) => {
                Some("go on with `aether apply --bundle FILE`; what arrived is not sent again".to_owned())
            }
            Self::Moved { .. } => Some("plan again: `aether plan`".to_owned()),
            Self::Busy { host, .. } => {
                Some(format!("wait for that run to end; see what it does with `aether exec --on {host} -- ps f`"))
            }
            Self::Gone { .. } => Some("what it did stands; go on with `aether resume`".to_owned()),
            Self::Compile { .. } => Some("mend the playbook, then plan again".to_owned()),
            Self::Restart { .. } => Some(
                "look at its console; when it is up, `aether resume` goes on with the task after the restart"
                    .to_owned(),
            ),
            Self::Probe { .. } | Self::Event { .. } | Self::CutOff { .. } => {
                Some("look at the host with `aether ssh`, then go on with `aether resume`".to_owned())
            }
        }
    }
}

impl ConvergeError {
    /// True when another run holds the host.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Busy { .. })
    }

    /// True when the run may still be at work on the host, where nobody hears it.
    pub fn may_go_on(&self) -> bool {
        matches!(self, Self::Restart { .. }) || matches!(self, Self::Remote(error) if !error.is_retry_safe())
    }

    /// True when tasks may have been done all the same.
    pub fn has_begun(&self) -> bool {
        self.may_go_on() || matches!(self, Self::CutOff { .. } | Self::Event { .. } | Self::Gone { .. })
    }
}

/// An error with all its causes on one line, for reports that hold text.
pub fn explain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

fn remote_fix(error: &RemoteError) -> Option<String> {
    let fix = match error {
        RemoteError::Unreachable { .. } => "check that the machine is up and the address is right",
        RemoteError::Handshake { .. } => "check that an SSH server answers there: `ssh -v HOST`",
        RemoteError::UnknownHostKey { .. } => {
            "compare the fingerprint with the machine's own, then accept it once with `--accept-new-host-keys`"
        }
        RemoteError::ChangedHostKey { .. } => {
            "if the machine was made anew, remove the recorded line with `ssh-keygen -R HOST`; otherwise somebody is in between"
        }
        RemoteError::Authentication { .. } => {
            "check `user:` and `identity_file:` of the host group, or load the key into the agent"
        }
        RemoteError::Sudo { .. } => "run on a terminal to be asked for the password, or allow sudo without one",
        RemoteError::Broken { .. } => "go on with `aether resume`",
        RemoteError::Configuration { .. } => "see what OpenSSH makes of it: `ssh -G HOST`",
        RemoteError::RevokedHostKey { .. } | RemoteError::Unsupported { .. } => return None,
    };
    Some(fix.to_owned())
}

fn render(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|d| to_text(d, Style::Plain)).collect::<Vec<_>>().join("\n")
}

fn at(task: Option<&(usize, String)>) -> String {
    task.map(|(number, name)| format!(" in the middle of task {number} `{name}`")).unwrap_or_default()
}

fn tail(stderr: &str) -> String {
    let last: Vec<&str> = stderr.lines().rev().take(5).collect();
    if last.is_empty() {
        String::new()
    } else {
        format!(": {}", last.into_iter().rev().collect::<Vec<_>>().join(" / "))
    }
}
