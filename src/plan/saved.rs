//! A plan as a file, and the test whether the world has moved since.

use super::cloud::digest;
use super::{CloudLooks, Look, Plan};
use crate::address::HostAddress;
use crate::state::State;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The format this version writes.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Envelope {
    aether_plan: u32,
    plan: Plan,
}

/// A file that is no plan of ours.
#[derive(Debug, thiserror::Error)]
pub enum SavedPlanError {
    /// Not JSON of this shape.
    #[error("this is no plan that `aether plan -o FILE` wrote")]
    Format(#[source] serde_json::Error),
    /// Another version's plan.
    #[error("the plan has format version {0}; this Aether reads version {VERSION}")]
    Version(u32),
}

/// Why a plan may not be applied any more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Stale {
    /// Manifest, lock or playbooks are other ones.
    #[error("the manifest, a variable, the lock or a playbook has changed since the plan was made")]
    Inputs,
    /// Another state altogether.
    #[error("the plan belongs to another state (lineage {0})")]
    Lineage(String),
    /// Somebody applied in between.
    #[error("the state has moved from serial {planned} to {now} since the plan was made")]
    Serial {
        /// When the plan was made.
        planned: u64,
        /// Now.
        now: u64,
    },
    /// A host looks different.
    #[error("`{0}` does not look as it did when the plan was made")]
    Host(HostAddress),
    /// A cloud shows something else.
    #[error("the objects in the cloud are not what they were when the plan was made")]
    Clouds,
}

/// Writes a plan. It holds no secret: task reasons and addresses only.
pub fn to_text(plan: &Plan) -> Result<String, SavedPlanError> {
    let envelope = Envelope { aether_plan: VERSION, plan: plan.clone() };
    let text = serde_json::to_string_pretty(&envelope).map_err(SavedPlanError::Format)?;
    Ok(text + "\n")
}

/// Reads a plan.
pub fn parse(bytes: &[u8]) -> Result<Plan, SavedPlanError> {
    let envelope: Envelope = serde_json::from_slice(bytes).map_err(SavedPlanError::Format)?;
    if envelope.aether_plan == VERSION { Ok(envelope.plan) } else { Err(SavedPlanError::Version(envelope.aether_plan)) }
}

/// The first reason why `plan` no longer fits the world, if there is one.
pub fn stale(plan: &Plan, inputs: &str, state: &State, looks: &BTreeMap<HostAddress, Look>) -> Option<Stale> {
    let parent = &plan.parent;
    let is_first = parent.lineage.is_empty();
    if parent.lineage != state.lineage && !is_first {
        return Some(Stale::Lineage(parent.lineage.clone()));
    }
    if parent.serial != state.serial {
        return Some(Stale::Serial { planned: parent.serial, now: state.serial });
    }
    if parent.inputs != inputs {
        return Some(Stale::Inputs);
    }
    let moved = |(host, digest): &(&HostAddress, &String)| looks.get(*host).map(Look::digest).as_ref() != Some(*digest);
    parent.looks.iter().find(moved).map(|(host, _)| Stale::Host(host.clone()))
}

/// Whether clouds show something else than when `plan` was made.
pub fn stale_clouds(plan: &Plan, looks: &CloudLooks) -> Option<Stale> {
    (plan.parent.clouds != digest(looks)).then_some(Stale::Clouds)
}
