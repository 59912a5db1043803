//! Carries a plan out: a dull loop that announces each effect in the journal, lets it happen, and writes down the end.
//!
//! Takes every decision from the plan. A host that fails stops nothing but itself.

mod cloud;
mod executor;
mod object;
mod recorder;

pub use cloud::apply_objects;
pub use executor::{Work, apply};
pub use object::Pen;
pub use recorder::{RecordError, Recorder};

use crate::address::{Address, CloudAddress, HostAddress};
use crate::plan::Action;

/// What became of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// One per object of a cloud that had something to be done to it, in the order of the plan.
    pub objects: Vec<ObjectReport>,
    /// One per host that had something to do, in the order of the plan.
    pub hosts: Vec<HostReport>,
}

/// What became of the step of one object of a cloud.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectReport {
    /// The object.
    pub address: CloudAddress,
    /// What was to happen.
    pub action: Action,
    /// What did.
    pub result: StepResult,
    /// What the person can do about a failure.
    pub fix: Option<String>,
}

/// What became of the steps on one host.
#[derive(Debug, Clone, PartialEq)]
pub struct HostReport {
    /// The host.
    pub host: HostAddress,
    /// Its steps.
    pub steps: Vec<StepReport>,
    /// What the person can do about a failure.
    pub fix: Option<String>,
    /// True when another run held the host, so that nothing was begun there.
    pub is_busy: bool,
}

/// What became of one step.
#[derive(Debug, Clone, PartialEq)]
pub struct StepReport {
    /// The resource.
    pub address: Address,
    /// What was to happen.
    pub action: Action,
    /// What did.
    pub result: StepResult,
}

/// The end of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepResult {
    /// As planned.
    Done,
    /// Begun, and it went wrong: why.
    Failed(String),
    /// Not begun: why.
    NotStarted(String),
}
