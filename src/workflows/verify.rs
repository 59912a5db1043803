//! `verify`: does what was set up really compute? Runs the role `verify` and nothing else.

use super::{Failure, Input, hosts, load, look};
use crate::address::Address;
use crate::converge::{Job, Outcome, converge, each, explain};
use crate::playbook::{Entry, Mode, Status};
use crate::ports::World;

/// The proof of one environment on one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The environment on its host.
    pub address: Address,
    /// True when every import and computation went well.
    pub works: bool,
    /// What the proof printed, or why there is none.
    pub output: String,
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
    let proofs = jobs.iter().zip(outcomes).flat_map(|(job, outcome)| {
        let outcome = outcome.map_err(|error| explain(&error));
        job.sections.iter().map(move |section| proof(&section.address, &outcome)).collect::<Vec<_>>()
    });
    Ok(proofs.collect())
}

fn proof(address: &Address, outcome: &Result<Outcome, String>) -> Verified {
    let own =
        |outcome: &Outcome| outcome.tasks.iter().filter(|task| task.address == *address).cloned().collect::<Vec<_>>();
    let (works, output) = match outcome {
        Err(why) => (false, why.clone()),
        Ok(outcome) => {
            let tasks = own(outcome);
            let works = !tasks.is_empty() && tasks.iter().all(|task| task.status != Status::Failed);
            let said: Vec<String> = tasks.into_iter().flat_map(|task| [task.output, task.reason]).flatten().collect();
            (works, if said.is_empty() && !works { "its proof did not run".to_owned() } else { said.join("\n") })
        }
    };
    Verified { address: address.clone(), works, output: output.trim_end().to_owned() }
}
