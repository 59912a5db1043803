//! What the caller decides about SSH; everything else is the user's SSH configuration.

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
    /// How long to wait for a connection and for each step until the login is done.
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
