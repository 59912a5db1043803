//! Brings hosts to what is wanted, or looks at them: one connection, one probe, one host program.
//!
//! Takes sections and a way in. Of plans it knows only how one wants a look to be told; state and journal are strangers.

mod failure;
mod listener;
mod look;
mod pool;
mod restart;
mod run;
mod supervised;

pub use failure::{ConvergeError, explain};
pub use look::look;
pub use pool::each;
pub use run::{Outcome, TaskOutcome, converge};
pub use supervised::{run_name, settle};

use crate::graph::{Host, HostSection};
use crate::playbook::Library;
use crate::ports::{Clock, Dialer, Progress, Supply};

/// What every run on a host needs.
#[derive(Clone, Copy)]
pub struct Tools<'a> {
    /// Opens connections.
    pub dialer: &'a dyn Dialer,
    /// Roles and playbooks.
    pub library: &'a Library,
    /// Who listens.
    pub progress: &'a dyn Progress,
    /// How this run describes itself to another that finds the host busy.
    pub owner: &'a str,
    /// A name that no other run has: letters, digits and dashes.
    pub run: &'a str,
    /// Time to wait for a lost connection.
    pub clock: &'a dyn Clock,
    /// Brings hosts what their programs would fetch; without it they fetch it themselves.
    pub supply: Option<&'a dyn Supply>,
}

/// One host and what is wanted there.
#[derive(Debug, Clone)]
pub struct Job {
    /// The host.
    pub host: Host,
    /// What to compile, in order.
    pub sections: Vec<HostSection>,
    /// The run before this one when nobody heard its end: where it stopped for a restart of the host, this one goes on.
    pub before: Option<String>,
}
