//! `state mv` and `state rm`: other names in the record, or none; the world stays as it is.

use super::{read, take_in};
use crate::address::{Address, CloudAddress};
use crate::apply::Recorder;
use crate::ports::World;
use crate::state::{self, OpenIntent, RecordedObject, State};
use crate::workflows::Failure;
use std::collections::BTreeMap;

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
    /// A resource or an object of a cloud is not recorded any more.
    Forgotten(String),
    /// It is recorded now and was not before.
    Recorded(String),
    /// It was recorded differently.
    Replaced(String),
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
    let resources = between(&old.resources, &new.resources);
    resources.into_iter().chain(between(&objects(old), &objects(new))).collect()
}

/// What is recorded of objects of clouds. What was begun may stand as well: whoever forgets that forgets an object.
fn objects(state: &State) -> BTreeMap<&CloudAddress, (Option<&RecordedObject>, Option<&OpenIntent>)> {
    let all = state.objects.keys().chain(state.open.keys());
    all.map(|address| (address, (state.objects.get(address), state.open.get(address)))).collect()
}

fn between<Name: Ord + ToString, Record: PartialEq>(
    old: &BTreeMap<Name, Record>,
    new: &BTreeMap<Name, Record>,
) -> Vec<Change> {
    let gone = old.keys().filter(|name| !new.contains_key(name)).map(|name| Change::Forgotten(name.to_string()));
    let other = new.iter().filter_map(|(name, recorded)| match old.get(name) {
        None => Some(Change::Recorded(name.to_string())),
        Some(before) if before != recorded => Some(Change::Replaced(name.to_string())),
        Some(_) => None,
    });
    gone.chain(other).collect()
}
