//! A second pair of eyes on a plan: what must hold of every plan, whoever made it.

use super::{Action, Plan};
use crate::address::{Address, HostAddress};
use crate::playbook::Status;
use std::collections::BTreeSet;

/// What is wrong with a plan; empty when nothing is. Anything here is a bug of [`diff`](super::diff()).
pub fn verify(plan: &Plan) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for step in &plan.steps {
        let address = &step.address;
        if !seen.insert(address) {
            wrong.push(format!("`{address}` has two steps"));
        }
        if step.action == Action::Keep && !step.tasks.is_empty() {
            wrong.push(format!("`{address}` is kept although {} of its tasks would change it", step.tasks.len()));
        }
        if step.action == Action::Create && step.tasks.is_empty() && !has_failed(plan, address.host()) {
            wrong.push(format!("`{address}` is created by no task"));
        }
        if step.reason.is_empty() {
            wrong.push(format!("`{address}` has no reason"));
        }
        if matches!(step.action, Action::Create | Action::Update) && is_before_its_host(plan, address) {
            wrong.push(format!("`{address}` is set up before its host"));
        }
    }
    wrong.extend(objects(plan));
    wrong
}

/// The same of objects of clouds.
fn objects(plan: &Plan) -> Vec<String> {
    let mut standing = BTreeSet::new();
    let mut wrong = Vec::new();
    for step in &plan.objects {
        let address = &step.address;
        if matches!(step.action, Action::Update | Action::Replace | Action::Delete) && step.id.is_none() {
            wrong.push(format!("`{address}` is to change, and has no id"));
        }
        if matches!(step.action, Action::Create | Action::Replace) {
            let early = step.needs.iter().filter(|need| !standing.contains(need));
            wrong.extend(early.map(|need| format!("`{address}` is made before `{need}`")));
        }
        if !standing.insert(address) {
            wrong.push(format!("`{address}` has two steps"));
        }
    }
    wrong
}

/// Whether a task of the host failed when it was looked at; what comes after it was not seen.
fn has_failed(plan: &Plan, host: &HostAddress) -> bool {
    let mut tasks = plan.steps.iter().filter(|step| step.address.host() == host).flat_map(|step| &step.tasks);
    tasks.any(|task| task.status == Status::Failed)
}

fn is_before_its_host(plan: &Plan, address: &Address) -> bool {
    let place = |wanted: &Address| plan.steps.iter().position(|step| step.address == *wanted);
    match (place(address), place(&Address::Host(address.host().clone()))) {
        (Some(own), Some(host)) => own < host,
        _ => false,
    }
}
