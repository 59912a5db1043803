//! The recorded world as the last run left it, however that run ended.

mod edit;
mod past;
mod show;

pub use edit::{Change, Edited, forget, rename};
pub use past::{Generation, History, history, push, restore};
pub use show::{Shown, StateList, list, pull, show};

use super::Failure;
use crate::apply::Recorder;
use crate::ports::World;
use crate::state::{self, Entry, FormatError, JournalError, State};

/// Reads snapshot and journal. The snapshot is left as it is: only a run that holds the lock writes.
pub(super) fn read(world: &World) -> Result<State, Failure> {
    let journal = world.store.journal()?;
    let state = snapshot(world, &journal)?;
    replayed(state, &journal).map_err(|source| Failure::Journal {
        location: world.store.location(),
        newest_sound: newest_sound(world),
        source,
    })
}

fn snapshot(world: &World, journal: &[u8]) -> Result<State, Failure> {
    let parsed = match world.store.load()? {
        Some(bytes) => state::parse(&bytes),
        // A lineage is given by the first run, so that a plan made before it still fits it.
        None if world.store.generations()?.is_empty() || is_first(journal) => Ok(State::new("")),
        None => Err(FormatError::Missing),
    };
    parsed.map_err(|source| Failure::State {
        location: world.store.location(),
        newest_sound: newest_sound(world),
        source,
    })
}

/// Whether a journal is that of a first run, whose snapshot may have been kept and not put in force yet.
fn is_first(journal: &[u8]) -> bool {
    let entries = state::entries(journal).unwrap_or_default();
    matches!(entries.first(), Some(Entry::Run { serial: 0, .. }))
}

fn replayed(mut state: State, journal: &[u8]) -> Result<State, JournalError> {
    let entries = state::entries(journal)?;
    // A first run that was killed before its first snapshot has left its lineage in the journal only.
    if let (0, Some(Entry::Run { lineage, .. })) = (state.serial, entries.first()) {
        state.lineage.clone_from(lineage);
    }
    state::replay(&mut state, entries)?;
    Ok(state)
}

/// Makes a snapshot of what a killed run left in its journal only, where it left anything. Whoever calls holds the lock.
pub(super) fn take_in(world: &World, state: State) -> Result<(), Failure> {
    if !world.store.journal()?.is_empty() {
        Recorder::take_up(world.store.as_ref(), state).finish()?;
    }
    Ok(())
}

/// The newest kept generation that can be read.
fn newest_sound(world: &World) -> Option<u64> {
    let is_sound = |serial: &u64| {
        let bytes = world.store.generation(*serial).ok().flatten();
        bytes.is_some_and(|bytes| state::parse(&bytes).is_ok())
    };
    world.store.generations().ok()?.into_iter().find(is_sound)
}
