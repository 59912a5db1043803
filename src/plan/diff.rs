//! The graph, the state and a look at each host → steps with reasons.

use super::findings::{findings, refuse};
use super::{Action, ClusterToFill, Look, MachinesToMake, Parent, Plan, Seen, Step, TaskChange, Wish};
use crate::address::{Address, HostAddress};
use crate::graph::{Cluster, Graph, Machines};
use crate::playbook::Status;
use crate::state::{Condition, Recorded, State};
use std::collections::{BTreeMap, BTreeSet};

const NOT_LOOKED_AT: &str = "not looked at, because an earlier task on this host failed";

/// Decides about every resource of the graph and of the state.
pub fn diff(graph: &Graph, state: &State, looks: &BTreeMap<HostAddress, Look>, wish: Wish, inputs: String) -> Plan {
    let wanted: Vec<&Address> = match wish {
        Wish::Present => graph.hosts.iter().flat_map(|h| graph.on(&h.address)).map(|r| &r.address).collect(),
        Wish::Absent => Vec::new(),
    };
    let kept: BTreeSet<&Address> = wanted.iter().copied().collect();
    let leaving = state.resources.keys().rev().filter(|address| !kept.contains(address));
    let findings = if wish == Wish::Present { findings(graph, looks) } else { Vec::new() };
    let mut steps: Vec<Step> = leaving
        .map(|address| leave(address, looks.get(address.host()), wish))
        .chain(wanted.iter().map(|address| want(address, state.resources.get(address), looks.get(address.host()))))
        .collect();
    refuse(&mut steps, &findings);
    Plan {
        wish,
        parent: Parent {
            inputs,
            lineage: state.lineage.clone(),
            serial: state.serial,
            looks: looks.iter().map(|(host, look)| (host.clone(), look.digest())).collect(),
            clouds: String::new(),
        },
        steps,
        objects: Vec::new(),
        findings,
        machines: if wish == Wish::Present { graph.machines.iter().map(to_make).collect() } else { Vec::new() },
        clusters: if wish == Wish::Present { graph.clusters.iter().map(to_fill).collect() } else { Vec::new() },
    }
}

/// A resource that is wanted.
fn want(address: &Address, recorded: Option<&Recorded>, look: Option<&Look>) -> Step {
    let Some(Look::Seen(seen)) = look else { return blocked(address, look) };
    let tasks = changes(seen, address);
    let digest = seen.digests.get(address).cloned().unwrap_or_default();
    let (action, reason) = match recorded {
        Some(_) if is_unseen(seen, address) => (Action::Update, NOT_LOOKED_AT),
        None if is_unseen(seen, address) => (Action::Create, NOT_LOOKED_AT),
        _ => decide(recorded, &digest, &tasks),
    };
    Step { address: address.clone(), action, reason: reason.to_owned(), digest, tasks }
}

/// Whether the look at a host ended before it came to this resource: nothing is known of it then.
fn is_unseen(seen: &Seen, address: &Address) -> bool {
    seen.tasks.iter().all(|task| task.address != *address)
        && seen.tasks.iter().any(|task| task.status == Status::Failed)
}

fn decide(recorded: Option<&Recorded>, digest: &str, tasks: &[TaskChange]) -> (Action, &'static str) {
    let stands = tasks.is_empty();
    match recorded {
        None if stands => (Action::Adopt, "stands as wanted already; will be recorded"),
        None => (Action::Create, "not there yet"),
        Some(Recorded { condition: Condition::Complete, digest: old, .. }) => match (stands, old == digest) {
            (true, true) => (Action::Keep, "as wanted"),
            (true, false) => (Action::Adopt, "wanted differently, and stands so already; will be recorded"),
            (false, true) => (Action::Update, "changed on the host since it was applied"),
            (false, false) => (Action::Update, "wanted differently than it was applied"),
        },
        Some(_) if stands => (Action::Adopt, "an earlier run did not report its end; stands as wanted"),
        Some(Recorded { condition: Condition::Failed, .. }) => (Action::Update, "an earlier run failed here"),
        Some(_) => (Action::Update, "an earlier run was interrupted here"),
    }
}

/// A resource that nobody wants any more.
fn leave(address: &Address, look: Option<&Look>, wish: Wish) -> Step {
    let why = match wish {
        Wish::Present => "no longer in the manifest",
        Wish::Absent => "everything is to go",
    };
    let (action, reason) = match (address, look) {
        (_, None | Some(Look::Unseen(_))) => return blocked(address, look),
        (Address::Playbook(..), _) => (Action::Forget, format!("{why}; what its tasks did stays on the host")),
        (Address::Driver(..), _) => {
            (Action::Forget, format!("{why}; the driver stays, since others on the host may use it"))
        }
        _ => (Action::Delete, why.to_owned()),
    };
    Step { address: address.clone(), action, reason, digest: String::new(), tasks: Vec::new() }
}

fn blocked(address: &Address, look: Option<&Look>) -> Step {
    let reason = match look {
        Some(Look::Unseen(unseen)) => unseen.why.clone(),
        _ => "its host was not looked at".to_owned(),
    };
    Step { address: address.clone(), action: Action::Blocked, reason, digest: String::new(), tasks: Vec::new() }
}

fn changes(seen: &Seen, address: &Address) -> Vec<TaskChange> {
    seen.tasks
        .iter()
        .filter(|task| task.address == *address && !matches!(task.status, Status::Ok | Status::Skipped))
        .map(|task| TaskChange {
            name: task.name.clone(),
            module: task.module.clone(),
            status: task.status,
            reason: task.reason.clone(),
        })
        .collect()
}

fn to_make(machines: &Machines) -> MachinesToMake {
    MachinesToMake {
        group: machines.group.clone(),
        provider: machines.provider.clone(),
        count: machines.count,
        hourly_cost: machines.hourly_cost(),
        is_most: machines.price.as_ref().is_some_and(|price| price.is_most),
        priced: machines.price.as_ref().map(|price| price.read.clone()),
    }
}

fn to_fill(cluster: &Cluster) -> ClusterToFill {
    ClusterToFill {
        cluster: cluster.name.clone(),
        context: cluster.context.clone(),
        workloads: cluster.workloads.len(),
    }
}
