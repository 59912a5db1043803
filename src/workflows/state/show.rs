//! `state list`, `state show`, `state pull`: what is recorded, without touching anything.

use super::read;
use crate::address::Address;
use crate::ports::World;
use crate::state::{self, Recorded, RecordedHost};
use crate::workflows::Failure;

/// What is recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct StateList {
    /// How often it was written.
    pub serial: u64,
    /// Resources with the way they ended.
    pub resources: Vec<(Address, Recorded)>,
}

/// One resource with its host.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Its name.
    pub address: Address,
    /// What is recorded of it.
    pub recorded: Recorded,
    /// What is recorded of its host.
    pub host: Option<RecordedHost>,
}

/// Everything that is recorded.
pub fn list(world: &World) -> Result<StateList, Failure> {
    let state = read(world)?;
    Ok(StateList { serial: state.serial, resources: state.resources.into_iter().collect() })
}

/// One resource.
pub fn show(world: &World, name: &str) -> Result<Shown, Failure> {
    let state = read(world)?;
    let address: Option<Address> = name.parse().ok();
    let found = address.and_then(|address| Some((state.resources.get(&address)?.clone(), address)));
    let (recorded, address) = found.ok_or_else(|| state::unknown(&state, name))?;
    let host = state.hosts.get(address.host()).cloned();
    Ok(Shown { address, recorded, host })
}

/// The whole state in its own form, what a killed run left in the journal taken in.
pub fn pull(world: &World) -> Result<String, Failure> {
    state::to_text(&read(world)?).map_err(|source| Failure::Record(crate::apply::RecordError::State(source)))
}
