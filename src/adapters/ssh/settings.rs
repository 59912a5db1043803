//! What the caller decides about SSH, and what it may ask afterwards. The rest is the user's SSH configuration.

use crate::ports::HostKeyPolicy;
use std::path::PathBuf;
use std::time::Duration;

/// How hosts are opened.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder that holds `.ssh/`.
    pub home: PathBuf,
    /// What to do with an unknown host key.
    pub policy: HostKeyPolicy,
    /// How long to wait for a connection and for each step until the login is done; the SSH configuration may say
    /// otherwise for a host.
    pub connect_timeout: Duration,
    /// How long a host may be silent before it is asked for a sign of life; after three of these it counts as gone.
    pub keepalive: Duration,
}

impl Settings {
    /// The usual patience: 10 seconds to connect, a sign of life every 15.
    pub fn new(home: impl Into<PathBuf>, policy: HostKeyPolicy) -> Self {
        Self { home: home.into(), policy, connect_timeout: Duration::from_secs(10), keepalive: Duration::from_secs(15) }
    }
}

/// What went over all connections of one dialer so far, for benchmarks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Logins, those on jump hosts included.
    pub sessions: u64,
    /// Commands run.
    pub commands: u64,
    /// Bytes of standard input sent, before encryption.
    pub sent: u64,
    /// Bytes of standard output and error received, after decryption.
    pub received: u64,
}
