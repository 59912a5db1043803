//! Which steps run together: one run per host, hosts side by side.

use super::{Plan, Step};
use crate::address::HostAddress;

/// The steps that one run on one host carries out, in order: what goes away first, then what is set up.
#[derive(Debug, Clone, PartialEq)]
pub struct HostSteps {
    /// The host.
    pub host: HostAddress,
    /// Its steps that change or record something; never empty.
    pub steps: Vec<Step>,
}

impl HostSteps {
    /// True when something must run on the host, and not only be recorded.
    pub fn runs_on_host(&self) -> bool {
        self.steps.iter().any(|step| step.action.runs_on_host())
    }
}

/// Groups a plan's steps by host, keeping their order.
pub fn schedule(plan: &Plan) -> Vec<HostSteps> {
    let mut hosts: Vec<HostSteps> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for step in plan.steps.iter().filter(|step| step.action.is_change()) {
        let host = step.address.host();
        let place = *places.entry(host.clone()).or_insert_with(|| {
            hosts.push(HostSteps { host: host.clone(), steps: Vec::new() });
            hosts.len() - 1
        });
        hosts[place].steps.push(step.clone());
    }
    hosts
}
