//! What a front says about the world it wants: settings only, no adapter.

use super::{HostKeyPolicy, Progress};
use std::path::PathBuf;
use std::sync::Arc;

/// Settings of one run.
#[derive(Clone)]
pub struct Setup {
    /// The project's folder, as typed; the current one when `None`.
    pub directory: Option<PathBuf>,
    /// What to do with host keys that are not known.
    pub host_keys: HostKeyPolicy,
    /// Who listens.
    pub progress: Arc<dyn Progress>,
}

/// Makes the world a front asked for.
pub type MakeWorld<'a> = &'a dyn Fn(&Setup) -> std::io::Result<super::World>;
