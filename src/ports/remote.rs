//! A machine one can run a command on, whatever the way there.

use crate::graph::Target;
use crate::secret::Secret;

/// What to do with a host key that `known_hosts` does not list. A changed key is always refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostKeyPolicy {
    /// Refuse, and say how to accept it.
    Refuse,
    /// Record it: the user said so for this run.
    AcceptNew,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Exit status; `None` when a signal ended it.
    pub status: Option<i32>,
    /// The last 64 KiB of standard error.
    pub stderr: String,
}

/// An open connection to one machine.
pub trait Remote: Send {
    /// Runs `command` with the login shell there, feeds `stdin` to it, and calls `on_line` for each line of its
    /// standard output as it comes.
    fn exec(&mut self, command: &str, stdin: &[u8], on_line: &mut dyn FnMut(&str)) -> Result<Ending, RemoteError>;
    /// The login name there.
    fn user(&self) -> &str;
    /// The password for sudo, asked of the person once and kept in memory only.
    fn sudo_password(&mut self) -> Result<Secret, RemoteError>;
}

/// Opens machines. One connection per machine; each is used by one thread.
pub trait Dialer: Send + Sync {
    /// Connects and authenticates.
    fn connect(&self, target: &Target) -> Result<Box<dyn Remote>, RemoteError>;
}

/// A machine refused. Every text names the machine; [`RemoteError::is_retry_safe`] says whether trying again can harm.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// No TCP connection.
    #[error("cannot reach `{host}` at {endpoint}")]
    Unreachable {
        /// The machine.
        host: String,
        /// `address:port`.
        endpoint: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Connected, but the SSH handshake failed.
    #[error("the SSH handshake with `{host}` at {endpoint} failed")]
    Handshake {
        /// The machine.
        host: String,
        /// `address:port`.
        endpoint: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The host key is not in `known_hosts`.
    #[error("the host key of `{host}` ({algorithm} {fingerprint}) is not known")]
    UnknownHostKey {
        /// The machine.
        host: String,
        /// Such as `ssh-ed25519`.
        algorithm: String,
        /// `SHA256:…`.
        fingerprint: String,
    },
    /// The host key is not the recorded one.
    #[error("the host key of `{host}` has changed: {algorithm} {fingerprint} is not the one in {recorded}")]
    ChangedHostKey {
        /// The machine.
        host: String,
        /// Such as `ssh-ed25519`.
        algorithm: String,
        /// `SHA256:…`.
        fingerprint: String,
        /// `file:line` of the recorded key.
        recorded: String,
    },
    /// The host key is listed as one that must not be trusted.
    #[error("the host key of `{host}` ({algorithm} {fingerprint}) is revoked in {recorded}")]
    RevokedHostKey {
        /// The machine.
        host: String,
        /// Such as `ssh-ed25519`.
        algorithm: String,
        /// `SHA256:…`.
        fingerprint: String,
        /// `file:line` of the revocation.
        recorded: String,
    },
    /// The SSH configuration or a file it names cannot be used.
    #[error("the SSH configuration for `{host}` cannot be used")]
    Configuration {
        /// The machine.
        host: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Every way to log in was refused.
    #[error("`{host}` refused to log in `{user}` (tried: {tried})")]
    Authentication {
        /// The machine.
        host: String,
        /// Login name.
        user: String,
        /// `agent, ~/.ssh/id_ed25519`.
        tried: String,
    },
    /// sudo wants a password and none was to be had, or it was wrong.
    #[error("sudo on `{host}` refused `{user}`")]
    Sudo {
        /// The machine.
        host: String,
        /// Login name.
        user: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The connection broke while a command ran.
    #[error("the connection to `{host}` broke while a command ran")]
    Broken {
        /// The machine.
        host: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// This build cannot go that way.
    #[error("`{host}` needs {need}, which this build does not have")]
    Unsupported {
        /// The machine.
        host: String,
        /// Such as `the feature ssh`.
        need: String,
    },
}

impl RemoteError {
    /// True when no command can have run, so that trying again changes nothing twice.
    pub fn is_retry_safe(&self) -> bool {
        !matches!(self, Self::Broken { .. })
    }
}
