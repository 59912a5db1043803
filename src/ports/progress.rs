//! What the work says while it goes on. Fronts draw it; engines never know how.

use crate::address::{CloudAddress, HostAddress};
use crate::playbook::Status;

/// Something that happened on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moment {
    /// A connection is being opened.
    Connecting,
    /// The host program runs.
    Running {
        /// How many tasks it has.
        tasks: usize,
    },
    /// A task began.
    TaskStarted {
        /// Its name.
        name: String,
    },
    /// A task ended.
    TaskEnded {
        /// Its name.
        name: String,
        /// How.
        status: Status,
        /// Why.
        reason: Option<String>,
        /// Wall time.
        milliseconds: u64,
        /// The end of what it printed.
        output: Option<String>,
    },
    /// What the host would fetch is being sent to it.
    Bringing,
    /// It has all of it.
    Brought {
        /// How much of it had to be sent.
        bytes: u64,
    },
    /// A run that nobody hears any more is waited for.
    Settling,
    /// The connection is lost; the host goes on with its program, and a new connection is tried.
    Reconnecting,
    /// The host restarts in the middle of its program; we wait for it.
    Restarting,
    /// The host was looked at, and nothing was done there.
    Looked,
    /// Nothing more will happen on this host.
    Finished {
        /// `None` when all went well, otherwise what went wrong.
        failure: Option<String>,
    },
}

/// Something that happened to an object of a cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectMoment {
    /// It is being made, changed or taken away: which, as a phrase.
    Begun(&'static str),
    /// That has ended.
    Ended {
        /// `None` when it went well, otherwise what went wrong.
        failure: Option<String>,
    },
}

/// Hears of every moment, from many threads.
pub trait Progress: Send + Sync {
    /// Something happened on a host.
    fn report(&self, host: &HostAddress, moment: Moment);
    /// Something happened to an object of a cloud.
    fn object(&self, object: &CloudAddress, moment: ObjectMoment);
}

/// Hears nothing.
#[derive(Debug, Clone, Copy)]
pub struct Quiet;

impl Progress for Quiet {
    fn report(&self, _host: &HostAddress, _moment: Moment) {}

    fn object(&self, _object: &CloudAddress, _moment: ObjectMoment) {}
}
