//! Picks the adapter for a machine by the way there.

use super::local::LocalDialer;
use super::ssh::SshDialer;
use crate::graph::{Target, Way};
use crate::ports::{Dialer, Remote, RemoteError};

/// Opens every kind of machine.
pub struct ByWay {
    local: LocalDialer,
    ssh: SshDialer,
}

impl ByWay {
    /// This machine through `local`, others through `ssh`.
    pub fn new(local: LocalDialer, ssh: SshDialer) -> Self {
        Self { local, ssh }
    }
}

impl Dialer for ByWay {
    fn connect(&self, target: &Target) -> Result<Box<dyn Remote>, RemoteError> {
        match target.way {
            Way::Local => self.local.connect(target),
            Way::Ssh { .. } => self.ssh.connect(target),
        }
    }
}
