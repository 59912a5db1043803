//! A look at every host a plan may touch: those of the graph and those that only the state still knows.

use super::{Failure, Loaded, state};
use crate::address::{Address, HostAddress};
use crate::converge::{self, Job, Tools};
use crate::graph::{Host, HostSection, removal};
use crate::plan::{Look, Wish};
use crate::ports::{Supply, World};
use crate::state::State;
use std::collections::BTreeMap;

/// Looks at all of them side by side.
pub(super) fn look(
    world: &World,
    loaded: &Loaded,
    state: &State,
    wish: Wish,
    forks: u16,
) -> BTreeMap<HostAddress, Look> {
    let jobs: Vec<Job> = match wish {
        Wish::Present => {
            let present = loaded.graph.hosts.iter().map(|host| job(loaded, host));
            present.chain(leaving(loaded, state).into_iter().map(bare)).collect()
        }
        Wish::Absent => state.hosts.values().map(|recorded| bare(&recorded.host)).collect(),
    };
    let looks = converge::each(&jobs, usize::from(forks), |job| converge::look(job, tools(world, loaded)));
    jobs.into_iter().map(|job| job.host.address).zip(looks).collect()
}

/// Waits for runs that a killed run has left going on hosts: whoever holds the lock knows that nobody else hears them.
///
/// A host that cannot be asked is no failure here; the look that follows says so.
pub(super) fn settle(world: &World, loaded: &Loaded, forks: u16) -> Result<(), Failure> {
    let state = state::read(world)?;
    let open: Vec<(&Host, &str)> =
        state.hosts.values().filter_map(|recorded| Some((&recorded.host, recorded.run.as_deref()?))).collect();
    converge::each(&open, usize::from(forks), |(host, run)| converge::settle(host, run, tools(world, loaded)));
    Ok(())
}

/// What a run on hosts needs.
pub(super) fn tools<'a>(world: &'a World, loaded: &'a Loaded) -> Tools<'a> {
    Tools {
        dialer: world.dialer.as_ref(),
        library: &loaded.library,
        progress: world.progress.as_ref(),
        owner: &world.owner,
        run: &world.fresh_name,
        clock: world.clock.as_ref(),
        supply: loaded.supplies.as_ref().map(|supplies| supplies as &dyn Supply),
    }
}

/// Everything that is wanted on a host of the graph.
pub(super) fn job(loaded: &Loaded, host: &Host) -> Job {
    Job { host: host.clone(), sections: loaded.graph.sections(host) }
}

/// The job of a plan's steps on one host: what goes away first, then, if anything stays, everything that is wanted.
pub(super) fn job_of(loaded: &Loaded, host: &Host, gone: &[Address], is_wanted: bool) -> Job {
    let mut all: Vec<HostSection> = gone.iter().filter_map(|address| removal(address, host)).collect();
    if is_wanted {
        all.extend(loaded.graph.sections(host));
    }
    Job { host: host.clone(), sections: all }
}

/// Recorded hosts that the graph no longer has.
fn leaving<'a>(loaded: &Loaded, state: &'a State) -> Vec<&'a Host> {
    state.hosts.values().map(|recorded| &recorded.host).filter(|h| loaded.graph.host(&h.address).is_none()).collect()
}

/// A job that only asks whether the host answers.
fn bare(host: &Host) -> Job {
    Job { host: host.clone(), sections: Vec::new() }
}
