//! The state that a host is found in: one name for each, why it is so, and the way out.

use super::{Condition, Recorded, RecordedHost, State};
use crate::address::{Address, HostAddress};
use schemars::JsonSchema;
use serde::Serialize;

/// Every state that a host can be in, as its record tells it or as a look finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HostState {
    /// Everything is as it was applied.
    InOrder,
    /// Nothing was ever applied there.
    NeverSeen,
    /// A run began and nobody heard its end, or not everything that is wanted was applied yet.
    HalfDone,
    /// A run is at work there.
    Running,
    /// What was installed works only after a reboot.
    WaitingForReboot,
    /// A task failed.
    Failed,
    /// It does not answer (told by a look only).
    Unreachable,
    /// Something is no longer as it was applied (told by a look only).
    ChangedByHand,
}

impl HostState {
    /// As people call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::InOrder => "in order",
            Self::NeverSeen => "never seen",
            Self::HalfDone => "half done",
            Self::Running => "running",
            Self::WaitingForReboot => "waiting for a reboot",
            Self::Failed => "failed",
            Self::Unreachable => "unreachable",
            Self::ChangedByHand => "changed by hand",
        }
    }

    /// The command that leads out of it; none where there is nothing to do.
    pub fn way_out(self, host: &HostAddress) -> Option<String> {
        match self {
            Self::InOrder => None,
            Self::NeverSeen | Self::ChangedByHand => Some("aether apply".to_owned()),
            Self::HalfDone | Self::Failed => Some("aether resume".to_owned()),
            Self::Running => Some("aether status".to_owned()),
            Self::WaitingForReboot => Some(format!("aether exec --on {host} -- sudo reboot")),
            Self::Unreachable => Some(format!("aether ssh {host}")),
        }
    }
}

/// A host's state with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub state: HostState,
    /// Why, or by whom; empty where the name says it all.
    pub why: String,
}

/// What the record says of a host. `wanted` is what the manifest wants there, `holder` who is at work on this state.
pub fn standing(state: &State, host: &HostAddress, wanted: &[Address], holder: Option<&str>) -> Standing {
    let told = |state, why: String| Standing { state, why };
    let Some(recorded) = state.hosts.get(host) else { return told(HostState::NeverSeen, String::new()) };
    let own: Vec<(&Address, &Recorded)> =
        state.resources.iter().filter(|(address, _)| address.host() == host).collect();
    if recorded.run.is_some() || own.iter().any(|(_, recorded)| recorded.condition == Condition::Interrupted) {
        return match holder {
            Some(holder) => told(HostState::Running, holder.to_owned()),
            None => told(HostState::HalfDone, "a run began here, and nobody heard its end".to_owned()),
        };
    }
    if let Some((address, failed)) = own.iter().find(|(_, recorded)| recorded.condition == Condition::Failed) {
        return told(HostState::Failed, why_failed(address, failed));
    }
    if let Some(why) = waits_for_reboot(recorded) {
        return told(HostState::WaitingForReboot, why);
    }
    match wanted.iter().find(|address| !state.resources.contains_key(address)) {
        Some(missing) => told(HostState::HalfDone, format!("`{missing}` was not applied yet")),
        None => told(HostState::InOrder, String::new()),
    }
}

fn why_failed(address: &Address, recorded: &Recorded) -> String {
    recorded.failure.as_ref().map_or_else(
        || format!("`{address}`"),
        |failure| format!("task {} `{}`: {}", failure.number, failure.task, failure.words),
    )
}

/// A driver whose module in the kernel is not the one that is installed.
fn waits_for_reboot(recorded: &RecordedHost) -> Option<String> {
    let fact = |name: &str| recorded.facts.0.get(name)?.as_str().filter(|text| !text.is_empty());
    let (module, library) = (fact("nvidia_module")?, fact("nvidia_library")?);
    (module != library).then(|| format!("the kernel runs NVIDIA driver {module}, installed is {library}"))
}
