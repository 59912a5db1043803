//! What there is to say about the GPUs of a project: what its answers rest on unconfirmed, and who has none.

use crate::project::{LockedStack, Project};
use schemars::JsonSchema;
use serde::Serialize;

/// Something that an answer rests on and nobody confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unconfirmed {
    /// The host group or cluster.
    pub group: String,
    /// A phrase.
    pub what: String,
}

/// Per group and cluster, in the order of the manifest.
pub(super) fn unconfirmed<'a>(stacks: impl Iterator<Item = &'a LockedStack>) -> Vec<Unconfirmed> {
    let of_stack = |stack: &'a LockedStack| {
        stack.unconfirmed.iter().map(|what| Unconfirmed { group: stack.group.clone(), what: what.clone() })
    };
    stacks.flat_map(of_stack).collect()
}

/// The host groups without a GPU, in a project that has some with one: nothing of the GPU stack goes to them.
pub(super) fn without_gpus(project: &Project) -> Vec<String> {
    if project.stacks().next().is_none() {
        return Vec::new();
    }
    let without = project.groups.iter().filter(|group| group.accelerators.is_none());
    without.map(|group| group.name.clone()).collect()
}
