//! `lock`: resolve what is stale and write `aether.lock`, or only say what is stale.

use super::load::{Damaged, LOCK, load_with};
use super::{Failure, Input, Unconfirmed, gpus};
use crate::lock::{Change, How, Locked, Pins, changes, resolve};
use crate::ports::World;
use std::path::Path;

/// What locking found or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockReport {
    /// Entries that were resolved, or would have to be.
    pub resolved: Vec<String>,
    /// How many packages are pinned in all.
    pub packages: usize,
    /// What moved: a line each.
    pub changes: Vec<String>,
    /// What the answers about GPUs rest on and nobody confirmed.
    pub not_confirmed: Vec<Unconfirmed>,
    /// Packages whose files could not be held against those of the others, with the reason.
    pub unchecked: Vec<String>,
}

/// Locks. With `check` nothing is resolved or written.
pub fn lock(world: &World, input: &Input, upgrade: bool, check: bool) -> Result<LockReport, Failure> {
    let loaded = load_with(world, input, if upgrade { Damaged::Ignored } else { Damaged::Refused })?;
    let project = &loaded.graph.project;
    let stale = loaded.stale();
    if check {
        return Ok(report(&project.lock, stale, Vec::new(), Vec::new()));
    }
    let pins = if upgrade { Pins::Upgrade } else { Pins::Keep };
    let how = How { pins, mirrors: project.mirrors.clone() };
    let stacks: Vec<_> = project.stacks().cloned().collect();
    let (files, programs, http) = (world.files.as_ref(), world.programs.as_ref(), world.http.as_ref());
    let Locked { lock: new, unchecked } =
        resolve(&project.environments, &stacks, &project.lock, &how, files, programs, http)?;
    let changes: Vec<String> = changes(&project.lock, &new).iter().map(line).collect();
    if new != project.lock {
        world.files.write(Path::new(LOCK), new.to_text().as_bytes())?;
    }
    Ok(report(&new, stale, changes, unchecked))
}

fn report(
    lock: &crate::project::Lock,
    resolved: Vec<String>,
    changes: Vec<String>,
    unchecked: Vec<String>,
) -> LockReport {
    let packages = lock.environments.iter().map(|entry| entry.packages.len()).sum();
    let not_confirmed = gpus::unconfirmed(lock.stacks.iter());
    LockReport { resolved, packages, changes, not_confirmed, unchecked }
}

/// `~ train for x86_64 cpu: torch 2.9.1 -> 2.10.0`.
fn line(change: &Change) -> String {
    let package = format!("{} for {}: {}", change.environment, change.platform, change.package);
    match (&change.from, &change.to) {
        (Some(from), Some(to)) => format!("~ {package} {from} -> {to}"),
        (None, Some(to)) => format!("+ {package} {to}"),
        (from, None) => format!("- {package} {}", from.as_deref().unwrap_or_default()),
    }
}
