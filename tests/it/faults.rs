//! Faults at random moments of an apply, on real hosts: whatever happens, `resume` brings the host to where an
//! undisturbed run brings it, and no task runs twice that must not.
//!
//! A few dozen faults here; `./dev soak [COUNT] [SEED]` takes as many as one likes. A failure names its seed.

mod fault;
mod scene;

use crate::support::lab::lab;
use fault::Fault;
use scene::Scene;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Hosts that suffer side by side.
const HOSTS: usize = 6;

#[test]
fn after_any_fault_a_host_ends_as_if_nothing_had_happened() {
    let (count, first) = (number("AETHER_FAULTS", 50), number("AETHER_SEED", 1));
    let next = AtomicU64::new(first);
    let told: Mutex<Vec<(Fault, Option<String>)>> = Mutex::default();
    let hosts = lab().hosts(HOSTS.min(usize::try_from(count).unwrap()));
    std::thread::scope(|scope| {
        for host in &hosts {
            scope.spawn(|| {
                let scene = Scene::on(host);
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= first + count {
                        return;
                    }
                    let fault = Fault::of(seed);
                    let failure = suffer(&scene, fault, seed);
                    let mut told = told.lock().unwrap();
                    told.push((fault, failure));
                    tell_how_far(&told, count);
                }
            });
        }
    });
    let told = told.into_inner().unwrap();
    #[expect(clippy::print_stdout, reason = "a soak shows its ledger")]
    {
        println!("{}", ledger(&told));
    }
    let failures: Vec<&str> = told.iter().filter_map(|(_, failure)| failure.as_deref()).collect();
    assert!(failures.is_empty(), "{} of {count} faults did harm:\n\n{}", failures.len(), failures.join("\n\n"));
}

/// A soak says how far it is, so that what it found is known even when it is stopped.
fn tell_how_far(told: &[(Fault, Option<String>)], count: u64) {
    if count > 50 && told.len().is_multiple_of(50) {
        let harms = told.iter().filter(|(_, failure)| failure.is_some()).count();
        #[expect(clippy::print_stdout, reason = "a soak shows its progress")]
        {
            println!("{} of {count} faults, {harms} did harm", told.len());
        }
    }
}

/// What went wrong, with the way to have it again.
fn suffer(scene: &Scene<'_>, fault: Fault, seed: u64) -> Option<String> {
    let outcome = catch_unwind(AssertUnwindSafe(|| fault.strike(scene, seed)));
    let harm = outcome.err()?;
    let why = harm.downcast_ref::<String>().map_or("it panicked", String::as_str);
    Some(format!("seed {seed}, {fault:?} (again with `./dev soak 1 {seed}`):\n{why}"))
}

/// How often each fault struck, and how often it did harm.
fn ledger(told: &[(Fault, Option<String>)]) -> String {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (fault, failure) in told {
        let (struck, harmed) = counts.entry(format!("{fault:?}")).or_default();
        *struck += 1;
        *harmed += usize::from(failure.is_some());
    }
    let lines =
        counts.iter().map(|(fault, (struck, harmed))| format!("{fault:<16} {struck:>4} struck, {harmed} did harm"));
    lines.collect::<Vec<_>>().join("\n")
}

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().map_or(otherwise, |text| text.parse().unwrap())
}
