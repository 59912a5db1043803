//! What a host would otherwise fetch, brought to it.

use super::{Remote, RemoteError};
use crate::graph::Host;
use crate::playbook::{Facts, Task};

/// Brings hosts everything their programs would fetch, so that they ask nobody else.
pub trait Supply: Send + Sync {
    /// Why this host's program cannot do with what is brought, if so.
    fn refusal(&self, host: &Host, tasks: &[Task]) -> Option<String>;
    /// Brings what the host lacks to the folder `supply` below its prefix; says how many bytes that were.
    fn bring(&self, to: &Wants<'_>, remote: &mut dyn Remote) -> Result<u64, SupplyError>;
    /// Removes it again.
    fn clear(&self, to: &Wants<'_>, remote: &mut dyn Remote) -> Result<(), SupplyError>;
}

/// What one host wants.
#[derive(Debug, Clone)]
pub struct Wants<'a> {
    /// The host.
    pub host: &'a Host,
    /// What the probe found there.
    pub facts: &'a Facts,
    /// Names of the environments it carries.
    pub environments: Vec<&'a str>,
}

/// A host could not be supplied.
#[derive(Debug, thiserror::Error)]
pub enum SupplyError {
    /// No connection, or it broke.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// The source of it all failed.
    #[error("`{file}` of the bundle cannot be read")]
    Source {
        /// Which part.
        file: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The host did not take it.
    #[error("`{host}` did not take `{file}`: {said}")]
    Refused {
        /// The host.
        host: String,
        /// Which part.
        file: String,
        /// The end of what it said.
        said: String,
    },
    /// A program there would ask somebody else.
    #[error("{0}")]
    Elsewhere(String),
}
