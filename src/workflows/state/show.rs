//! `state list`, `state show`, `state pull`: what is recorded, without touching anything.

use super::read;
use crate::address::Address;
use crate::ports::World;
use crate::state::{self, OpenIntent, Recorded, RecordedHost, RecordedObject};
use crate::workflows::Failure;
use crate::workflows::status::{StatusObject, objects};

/// What is recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct StateList {
    /// How often it was written.
    pub serial: u64,
    /// Resources with the way they ended.
    pub resources: Vec<(Address, Recorded)>,
    /// Objects of clouds.
    pub objects: Vec<StatusObject>,
}

/// One entry of the record.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// A resource with its host.
    Resource {
        /// Its name.
        address: Address,
        /// What is recorded of it.
        recorded: Recorded,
        /// What is recorded of its host.
        host: Option<Box<RecordedHost>>,
    },
    /// An object of a cloud.
    Object {
        /// Its name, its id, how it stands.
        object: StatusObject,
        /// What was last applied, where that came to its end.
        recorded: Option<RecordedObject>,
        /// What was begun and whose end nobody has heard.
        open: Option<OpenIntent>,
    },
}

/// Everything that is recorded.
pub fn list(world: &World) -> Result<StateList, Failure> {
    let state = read(world)?;
    let objects = objects(&state);
    Ok(StateList { serial: state.serial, resources: state.resources.into_iter().collect(), objects })
}

/// One resource, or one object of a cloud.
pub fn show(world: &World, name: &str) -> Result<Shown, Failure> {
    let state = read(world)?;
    let address: Option<Address> = name.parse().ok();
    if let Some((recorded, address)) =
        address.and_then(|address| Some((state.resources.get(&address)?.clone(), address)))
    {
        let host = state.hosts.get(address.host()).cloned().map(Box::new);
        return Ok(Shown::Resource { address, recorded, host });
    }
    let found = objects(&state).into_iter().find(|object| object.address.to_string() == name);
    let object = found.ok_or_else(|| state::unknown(&state, name))?;
    let (recorded, open) = (state.objects.get(&object.address).cloned(), state.open.get(&object.address).cloned());
    Ok(Shown::Object { object, recorded, open })
}

/// The whole state in its own form, what a killed run left in the journal taken in.
pub fn pull(world: &World) -> Result<String, Failure> {
    state::to_text(&read(world)?).map_err(|source| Failure::Record(crate::apply::RecordError::State(source)))
}
