//! A look at every host a plan may touch: those of the graph and those that only the state still knows.

use super::{Failure, Loaded, state};
use crate::address::{Address, HostAddress};
use crate::converge::{self, Job, Tools};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::{Host, HostSection, removal};
use crate::plan::{Look, Wish};
use crate::ports::{Supply, World};
use crate::state::State;
use std::collections::BTreeMap;

/// Looks at all of them side by side. A playbook that does not fit what a host is stops everything, as every mistake in
/// a text does.
pub(super) fn look(
    world: &World,
    loaded: &Loaded,
    state: &State,
    wish: Wish,
    forks: u16,
) -> Result<BTreeMap<HostAddress, Look>, Failure> {
    let jobs: Vec<Job> = match wish {
        Wish::Present => {
            let present = loaded.graph.hosts.iter().map(|host| job(loaded, host));
            present.chain(leaving(loaded, state).into_iter().map(bare)).collect()
        }
        Wish::Absent => state.hosts.values().map(|recorded| bare(&recorded.host)).collect(),
    };
    let looks = converge::each(&jobs, usize::from(forks), |job| converge::look(job, tools(world, loaded)));
    let mut mistakes = Mistakes::default();
    let mut seen = BTreeMap::new();
    for (job, look) in jobs.into_iter().zip(looks) {
        match look {
            Ok(look) => _ = seen.insert(job.host.address, look),
            Err(problems) => problems.into_iter().for_each(|problem| mistakes.add(problem, &job.host.address)),
        }
    }
    if mistakes.found.is_empty() { Ok(seen) } else { Err(Failure::Invalid(mistakes.into_sorted())) }
}

/// Mistakes that only a host's facts show, each once, with the hosts that show it.
#[derive(Default)]
struct Mistakes {
    found: Vec<(Diagnostic, Vec<HostAddress>)>,
}

impl Mistakes {
    fn add(&mut self, problem: Diagnostic, host: &HostAddress) {
        let is_same = |(known, _): &&mut (Diagnostic, Vec<HostAddress>)| {
            known.span == problem.span && known.code.id == problem.code.id && known.summary == problem.summary
        };
        match self.found.iter_mut().find(is_same) {
            Some((_, hosts)) if hosts.last() == Some(host) => {}
            Some((_, hosts)) => hosts.push(host.clone()),
            None => self.found.push((problem, vec![host.clone()])),
        }
    }

    fn into_sorted(self) -> Vec<Diagnostic> {
        let mut diagnostics = Diagnostics::new();
        for (problem, hosts) in self.found {
            let others = match hosts.len() - 1 {
                0 => String::new(),
                1 => " and 1 more host".to_owned(),
                count => format!(" and {count} more hosts"),
            };
            let shown = format!("shown by the facts of `{}`{others}", hosts[0]);
            let why = problem.why.as_ref().map_or_else(|| shown.clone(), |why| format!("{why}; {shown}"));
            diagnostics.push(problem.why(why));
        }
        diagnostics.into_sorted()
    }
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
    Job { host: host.clone(), sections: loaded.graph.sections(host), before: None }
}

/// The job of a plan's steps on one host: what goes away first, then, if anything stays, everything that is wanted.
pub(super) fn job_of(loaded: &Loaded, host: &Host, gone: &[Address], is_wanted: bool) -> Job {
    let mut all: Vec<HostSection> = gone.iter().filter_map(|address| removal(address, host)).collect();
    if is_wanted {
        all.extend(loaded.graph.sections(host));
    }
    Job { host: host.clone(), sections: all, before: None }
}

/// Recorded hosts that the graph no longer has.
fn leaving<'a>(loaded: &Loaded, state: &'a State) -> Vec<&'a Host> {
    state.hosts.values().map(|recorded| &recorded.host).filter(|h| loaded.graph.host(&h.address).is_none()).collect()
}

/// A job that only asks whether the host answers.
fn bare(host: &Host) -> Job {
    Job { host: host.clone(), sections: Vec::new(), before: None }
}
