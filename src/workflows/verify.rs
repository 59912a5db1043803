//! `verify`: does what was set up really compute? Runs the role `verify` and nothing else, and records what it proves.

use super::{Failure, Input, hosts, load, look, state};
use crate::address::Address;
use crate::converge::{Job, Outcome, converge, each, explain};
use crate::playbook::{Entry, Mode, Proof, Status};
use crate::ports::World;
use crate::stack::{Symptom, symptom};
use crate::state::to_text;

/// The proof of one environment on one host.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// The environment on its host.
    pub address: Address,
    /// True when every import and computation went well.
    pub works: bool,
    /// What was proved, module by module.
    pub proofs: Vec<Proof>,
    /// Why there is no proof, or what else was said.
    pub output: String,
    /// What a failure stands for, where that is known.
    pub symptom: Option<Symptom>,
}

/// Proves every environment on every host that is meant.
pub fn verify(world: &World, input: &Input, on: &[String], forks: u16) -> Result<Vec<Verified>, Failure> {
    let loaded = load(world, input)?;
    loaded.must_be_locked()?;
    let jobs: Vec<Job> = hosts::select(&loaded.graph, on)?
        .into_iter()
        .map(|host| {
            let mut job = look::job(&loaded, host);
            job.sections.retain(|section| section.entry == Entry::Role("verify".to_owned()));
            job
        })
        .collect();
    let outcomes = each(&jobs, usize::from(forks), |job| converge(job, Mode::Apply, look::tools(world, &loaded), None));
    let verified = jobs.iter().zip(outcomes).flat_map(|(job, outcome)| {
        let outcome = outcome.map_err(|error| explain(&error));
        job.sections.iter().map(move |section| verified(&section.address, &outcome)).collect::<Vec<_>>()
    });
    let verified = verified.collect::<Vec<_>>();
    record(world, &verified)?;
    Ok(verified)
}

fn verified(address: &Address, outcome: &Result<Outcome, String>) -> Verified {
    let (works, said) = match outcome {
        Err(why) => (false, why.clone()),
        Ok(outcome) => {
            let tasks: Vec<_> = outcome.tasks.iter().filter(|task| task.address == *address).collect();
            let works = !tasks.is_empty() && tasks.iter().all(|task| task.status != Status::Failed);
            let said: Vec<&str> =
                tasks.iter().flat_map(|task| [&task.output, &task.reason]).flatten().map(String::as_str).collect();
            (works, if said.is_empty() && !works { "its proof did not run".to_owned() } else { said.join("\n") })
        }
    };
    let proofs = Proof::all(&said);
    let others: Vec<&str> = said.lines().filter(|line| !line.starts_with("{\"proof\":")).collect();
    let trouble: Vec<String> = proofs.iter().filter(|proof| !proof.works).map(Proof::trouble).collect();
    let symptom = if works { None } else { symptom(&trouble.join("\n")).or_else(|| symptom(&said)) };
    Verified { address: address.clone(), works, output: others.join("\n").trim_end().to_owned(), proofs, symptom }
}

/// Writes the proofs beside what is recorded of each environment. A plan that was made before still fits, so the serial
/// stays. Where a run was broken off, its journal goes first, and nothing is written.
fn record(world: &World, verified: &[Verified]) -> Result<(), Failure> {
    let held = world.store.lock(&world.owner)?;
    if !world.store.journal()?.is_empty() {
        return Ok(());
    }
    let mut state = state::read(world)?;
    let before = state.clone();
    for one in verified.iter().filter(|one| !one.proofs.is_empty()) {
        if let Some(recorded) = state.resources.get_mut(&one.address) {
            recorded.proofs.clone_from(&one.proofs);
        }
    }
    if state != before {
        let text = to_text(&state).map_err(crate::apply::RecordError::State)?;
        world.store.save(state.serial, text.as_bytes())?;
    }
    drop(held);
    Ok(())
}
