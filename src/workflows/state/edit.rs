//! `state mv` and `state rm`: other names in the record, or none; the world stays as it is.

use super::{read, take_in};
use crate::address::Address;
use crate::apply::Recorder;
use crate::ports::World;
use crate::state::{self, State};
use crate::workflows::Failure;

/// What a change by hand did to the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Edited {
    /// The state before it, which is kept; none where nothing was there or could be read.
    pub before: Option<u64>,
    /// The state after it.
    pub serial: u64,
    /// Name by name.
    pub changes: Vec<Change>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It has another name now.
    Renamed(Address, Address),
    /// It is not recorded any more.
    Forgotten(Address),
    /// It is recorded now and was not before.
    Recorded(Address),
    /// It was recorded differently.
    Replaced(Address),
}

/// Gives something another name.
pub fn rename(world: &World, from: &str, to: &str) -> Result<Edited, Failure> {
    edit(world, |state| {
        let moves = state::rename(state, from, to)?;
        Ok(moves.into_iter().map(|(old, new)| Change::Renamed(old, new)).collect())
    })
}

/// Forgets something.
pub fn forget(world: &World, name: &str) -> Result<Edited, Failure> {
    edit(world, |state| Ok(state::forget(state, name)?.into_iter().map(Change::Forgotten).collect()))
}

fn edit(
    world: &World,
    change: impl FnOnce(&mut State) -> Result<Vec<Change>, state::EditError>,
) -> Result<Edited, Failure> {
    let held = world.store.lock(&world.owner)?;
    // What only the journal knows would be lost to those who go back.
    take_in(world, read(world)?)?;
    let mut state = read(world)?;
    let before = Some(state.serial).filter(|serial| *serial > 0);
    let changes = change(&mut state)?;
    let serial = Recorder::take_up(world.store.as_ref(), state).finish()?.serial;
    drop(held);
    Ok(Edited { before, serial, changes })
}

/// What another state would change.
pub(super) fn difference(old: &State, new: &State) -> Vec<Change> {
    let gone = old.resources.keys().filter(|address| !new.resources.contains_key(address));
    let other = new.resources.iter().filter_map(|(address, recorded)| match old.resources.get(address) {
        None => Some(Change::Recorded(address.clone())),
        Some(before) if before != recorded => Some(Change::Replaced(address.clone())),
        Some(_) => None,
    });
    gone.cloned().map(Change::Forgotten).chain(other).collect()
}
