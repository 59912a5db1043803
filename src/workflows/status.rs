//! `status`: the state of every host, from the record alone, or with a look at each.

use super::plan::decide;
use super::{Failure, Input, load, state};
use crate::address::{Address, CloudAddress, HostAddress};
use crate::graph::Graph;
use crate::plan::{Action, Step, Wish};
use crate::playbook::Proof;
use crate::ports::World;
use crate::state::{Condition, HostState, Recorded, Standing, State, TaskFailure, standing};
use std::collections::BTreeSet;

/// What to show.
#[derive(Debug, Clone)]
pub struct StatusRequest {
    /// The project. What it wants is compared with the record, where there is a manifest.
    pub input: Input,
    /// How many hosts to look at, at a time; `None` touches no host.
    pub look: Option<u16>,
}

/// The recorded world.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// Where it is recorded.
    pub location: String,
    /// How often it was written.
    pub serial: u64,
    /// Who is at work on it now.
    pub holder: Option<String>,
    /// Every host of the manifest, and every other one with something on it.
    pub hosts: Vec<StatusHost>,
    /// Every object of a cloud that was made or begun.
    pub objects: Vec<StatusObject>,
}

/// One object of a cloud.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusObject {
    /// Its name.
    pub address: CloudAddress,
    /// Its id, where it is known.
    pub id: Option<String>,
    /// Whether the last run on it came to its end.
    pub condition: Condition,
    /// When that was, or when it began.
    pub at: jiff::Timestamp,
}

/// One host.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusHost {
    /// Its name.
    pub address: HostAddress,
    /// `Debian 12, x86_64`, as the last run saw it; empty when none came that far.
    pub system: String,
    /// The state it is in.
    pub standing: Standing,
    /// What is on it.
    pub resources: Vec<StatusResource>,
}

/// One resource.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusResource {
    /// Its name.
    pub address: Address,
    /// How the last run on it ended.
    pub condition: Condition,
    /// When.
    pub applied: jiff::Timestamp,
    /// What proving it found last.
    pub proofs: Vec<Proof>,
    /// The task that failed, when one did.
    pub failure: Option<TaskFailure>,
}

/// Reads the state, and looks at the hosts where that is asked for.
pub fn status(world: &World, request: &StatusRequest) -> Result<Status, Failure> {
    let holder = world.store.holder()?;
    let (state, graph, steps) = match request.look {
        None => (state::read(world)?, wanted(world, &request.input)?, Vec::new()),
        Some(forks) => {
            let loaded = load(world, &request.input)?;
            loaded.must_be_locked()?;
            let planned = decide(world, loaded, Wish::Present, forks)?;
            let busy = planned.busy;
            let steps = planned.plan.steps.into_iter().map(|step| (busy.contains(step.address.host()), step)).collect();
            (planned.state, Some(planned.loaded.graph), steps)
        }
    };
    let known = graph.iter().flat_map(|graph| &graph.hosts).map(|host| &host.address);
    let hosts: BTreeSet<&HostAddress> = known.chain(state.hosts.keys()).collect();
    let describe = |host: &HostAddress| {
        let wanted: Vec<Address> = graph.iter().flat_map(|graph| graph.on(host)).map(|r| r.address.clone()).collect();
        let recorded = standing(&state, host, &wanted, holder.as_deref());
        StatusHost {
            address: host.clone(),
            system: system(&state, host),
            standing: seen(&state, &steps, host).unwrap_or(recorded),
            resources: resources(&state, host),
        }
    };
    let hosts = hosts.into_iter().map(describe).collect();
    let objects = objects(&state);
    Ok(Status { location: world.store.location(), serial: state.serial, holder, hosts, objects })
}

/// What the manifest wants; nothing where there is none and none was named.
fn wanted(world: &World, input: &Input) -> Result<Option<Graph>, Failure> {
    match load(world, input) {
        Ok(loaded) => Ok(Some(loaded.graph)),
        Err(Failure::NoManifest { .. }) if input.is_plain() => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// What a look adds to the record: an answer only where it knows better.
fn seen(state: &State, steps: &[(bool, Step)], host: &HostAddress) -> Option<Standing> {
    let own = || steps.iter().filter(|(_, step)| step.address.host() == host);
    if let Some((is_busy, blocked)) = own().find(|(_, step)| step.action == Action::Blocked) {
        let state = if *is_busy { HostState::Running } else { HostState::Unreachable };
        return Some(Standing { state, why: blocked.reason.clone() });
    }
    let by_hand = |step: &Step| {
        step.action == Action::Update
            && state
                .resources
                .get(&step.address)
                .is_some_and(|r| r.condition == Condition::Complete && r.digest == step.digest)
    };
    let (_, changed) = own().find(|(_, step)| by_hand(step))?;
    let tasks: Vec<&str> = changed.tasks.iter().map(|task| task.name.as_str()).collect();
    Some(Standing { state: HostState::ChangedByHand, why: format!("`{}`: {}", changed.address, tasks.join(", ")) })
}

fn system(state: &State, host: &HostAddress) -> String {
    let fact = |name: &str| {
        let facts = state.hosts.get(host).map(|recorded| &recorded.facts.0);
        facts.and_then(|facts| facts.get(name)?.as_str()).unwrap_or_default()
    };
    let words = [fact("distribution"), fact("distribution_version"), fact("architecture")];
    words.join(" ").trim().to_owned()
}

fn resources(state: &State, host: &HostAddress) -> Vec<StatusResource> {
    let told = |(address, recorded): (&Address, &Recorded)| StatusResource {
        address: address.clone(),
        condition: recorded.condition,
        applied: recorded.applied,
        proofs: recorded.proofs.clone(),
        failure: recorded.failure.clone(),
    };
    state.resources.iter().filter(|(address, _)| address.host() == host).map(told).collect()
}

/// Every object of a cloud that was made or begun.
pub(super) fn objects(state: &State) -> Vec<StatusObject> {
    let addresses: BTreeSet<&CloudAddress> = state.objects.keys().chain(state.open.keys()).collect();
    let object = |address: &CloudAddress| {
        let (open, recorded) = (state.open.get(address), state.objects.get(address));
        let id = recorded.map(|object| object.id.clone()).or_else(|| open?.id.clone());
        let condition = if open.is_some() { Condition::Interrupted } else { Condition::Complete };
        let at = open.map(|intent| intent.at).or_else(|| recorded.map(|object| object.applied))?;
        Some(StatusObject { address: address.clone(), id, condition, at })
    };
    addresses.into_iter().filter_map(object).collect()
}
