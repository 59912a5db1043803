//! The build without the feature `ssh`: every host is refused with what is missing.

use super::{Settings, Traffic};
use crate::graph::Target;
use crate::ports::{Dialer, Prompt, Remote, RemoteError};
use std::sync::Arc;

/// Opens no host.
pub struct SshDialer;

impl SshDialer {
    /// Takes what the real one takes, so that the caller needs no switch.
    pub fn new(_settings: Settings, _prompt: Arc<dyn Prompt>) -> Self {
        Self
    }
}

impl SshDialer {
    /// Nothing, ever.
    pub fn traffic(&self) -> Traffic {
        Traffic::default()
    }
}

impl Dialer for SshDialer {
    fn connect(&self, target: &Target) -> Result<Box<dyn Remote>, RemoteError> {
        Err(RemoteError::Unsupported { host: target.name.clone(), need: "the feature `ssh`".to_owned() })
    }
}
