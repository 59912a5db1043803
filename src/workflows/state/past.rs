//! `state history`, `state restore`, `state push`: states of before, or from elsewhere.

use super::edit::{Change, Edited, difference};
use super::{read, replayed, take_in};
use crate::apply::Recorder;
use crate::ports::{FilesError, World};
use crate::state::{self, State};
use crate::workflows::Failure;
use std::path::Path;

/// The snapshots that are kept.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// The one that is in force, where it can be read.
    pub serial: Option<u64>,
    /// Newest first.
    pub generations: Vec<Generation>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Generation {
    /// Its number.
    pub serial: u64,
    /// When something was last applied before it was written; none where nothing was, or it cannot be read.
    pub applied: Option<jiff::Timestamp>,
    /// How many resources it has; none when it cannot be read.
    pub resources: Option<usize>,
    /// How many objects of clouds.
    pub objects: Option<usize>,
}

/// Lists the snapshots that are kept.
pub fn history(world: &World) -> Result<History, Failure> {
    let serials = world.store.generations()?;
    let generations = serials.into_iter().map(|serial| described(world, serial)).collect();
    Ok(History { serial: read(world).ok().map(|state| state.serial), generations })
}

fn described(world: &World, serial: u64) -> Generation {
    let state = generation(world, serial).ok();
    Generation {
        serial,
        applied: state.as_ref().and_then(last_applied),
        resources: state.as_ref().map(|state| state.resources.len()),
        objects: state.as_ref().map(|state| state.objects.len()),
    }
}

fn last_applied(state: &State) -> Option<jiff::Timestamp> {
    let resources = state.resources.values().map(|recorded| recorded.applied);
    resources.chain(state.objects.values().map(|object| object.applied)).max()
}

fn generation(world: &World, serial: u64) -> Result<State, Failure> {
    let bytes = world.store.generation(serial)?.ok_or_else(|| {
        let kept = world.store.generations().unwrap_or_default();
        Failure::NoGeneration { serial, kept: kept.iter().map(ToString::to_string).collect() }
    })?;
    state::parse(&bytes).map_err(|source| Failure::Pushed { from: format!("generation {serial}"), source })
}

/// Goes back to a kept snapshot. What would be forgotten stays in the world with nobody to know of it, so that has to be
/// wished (`is_forced`).
pub fn restore(world: &World, serial: u64, is_forced: bool) -> Result<Edited, Failure> {
    let held = world.store.lock(&world.owner)?;
    let kept = generation(world, serial)?;
    // Where the snapshot is damaged and its journal is not, what the journal knows is still good.
    let rescued = if read(world).is_err() { replayed(kept.clone(), &world.store.journal()?).ok() } else { None };
    let edited = put(world, rescued.unwrap_or(kept), is_forced);
    drop(held);
    edited
}

/// Puts a state from a file in place of the recorded one: of the same lineage and no older, unless that is wished.
pub fn push(world: &World, file: &Path, is_forced: bool) -> Result<Edited, Failure> {
    let bytes = world.files.read(file).map_err(Failure::Unreadable)?.ok_or_else(|| {
        let source = std::io::Error::new(std::io::ErrorKind::NotFound, "there is no such file");
        Failure::Unreadable(FilesError::Read { path: file.to_owned(), source })
    })?;
    let refused = |source| Failure::Pushed { from: format!("`{}`", file.display()), source };
    let pushed = state::parse(&bytes).map_err(refused)?;
    let held = world.store.lock(&world.owner)?;
    if !is_forced {
        let present = read(world)?;
        if !present.lineage.is_empty() && present.lineage != pushed.lineage {
            return Err(Failure::OtherLineage {
                file: file.to_owned(),
                found: pushed.lineage,
                wanted: present.lineage,
            });
        }
        if pushed.serial < present.serial {
            let (found, present) = (pushed.serial, present.serial);
            return Err(Failure::OlderState { file: file.to_owned(), found, present });
        }
    }
    let edited = put(world, pushed, is_forced);
    drop(held);
    edited
}

/// Writes a state with the next serial. A record that cannot be read is set aside, not lost.
fn put(world: &World, mut wanted: State, is_forced: bool) -> Result<Edited, Failure> {
    let present = read(world).ok();
    let changes = present.as_ref().map_or_else(Vec::new, |present| difference(present, &wanted));
    let addresses = forgotten(&changes);
    if !is_forced && !addresses.is_empty() {
        return Err(Failure::WouldForget { addresses });
    }
    match &present {
        Some(state) => {
            wanted.use_up_tokens_of(state);
            take_in(world, state.clone())?;
        }
        None => world.store.set_aside()?,
    }
    let newest = world.store.generations()?.first().copied();
    wanted.serial = wanted.serial.max(newest.unwrap_or_default());
    let serial = Recorder::take_up(world.store.as_ref(), wanted).finish()?.serial;
    Ok(Edited { before: newest.filter(|_| present.is_some()), serial, changes })
}

fn forgotten(changes: &[Change]) -> Vec<String> {
    let is_gone = |change: &Change| match change {
        Change::Forgotten(address) => Some(address.clone()),
        _ => None,
    };
    changes.iter().filter_map(is_gone).collect()
}
