//! EC2 behind [`Cloud`]: one file per kind of object, each the four verbs of the port in calls of the SDK.

mod failure;
mod instance;
mod internet_gateway;
mod patience;
mod route_table;
mod security_group;
mod session;
mod subnet;
mod tags;
mod vpc;

use crate::address::CloudAddress;
use crate::graph::{AttributeValue, Attributes, CloudPlace, Found};
use crate::ports::{Cloud, CloudError, Creation, Made};
use patience::{MOVES, patiently};
use session::Session;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The name of the provider.
pub(super) const NAME: &str = "aws";

/// EC2 in every region of one account, as the environment and the user's AWS configuration say.
#[derive(Default)]
pub(super) struct Aws {
    /// Opened when a region is first asked: who has no machines there never needs credentials.
    sessions: Mutex<BTreeMap<String, Arc<Session>>>,
}

/// What can be done with one kind of object.
struct Kind {
    name: &'static str,
    read: fn(&Session, &str) -> Result<Vec<Found>, CloudError>,
    create: fn(&Session, &Creation, Made<'_>) -> Result<(), CloudError>,
    update: fn(&Session, &str, &Attributes) -> Result<(), CloudError>,
    delete: fn(&Session, &str) -> Result<(), CloudError>,
}

const KINDS: &[Kind] =
    &[vpc::KIND, internet_gateway::KIND, subnet::KIND, route_table::KIND, security_group::KIND, instance::KIND];

fn kind(name: &str) -> &'static Kind {
    KINDS.iter().find(|kind| kind.name == name).expect("the provider lowers to kinds of this table")
}

impl Aws {
    fn session(&self, region: &str) -> Result<Arc<Session>, CloudError> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = sessions.get(region) {
            return Ok(Arc::clone(session));
        }
        let session = Arc::new(Session::open(region)?);
        sessions.insert(region.to_owned(), Arc::clone(&session));
        Ok(session)
    }
}

impl Cloud for Aws {
    fn read(&self, place: &CloudPlace, owner: &str, kinds: &[String]) -> Result<Vec<Found>, CloudError> {
        let session = self.session(&place.region)?;
        let mut found = Vec::new();
        for name in kinds {
            found.extend((kind(name).read)(&session, owner)?);
        }
        Ok(found)
    }

    fn create(&self, creation: &Creation, made: Made<'_>) -> Result<(), CloudError> {
        let session = self.session(&creation.address.region)?;
        (kind(&creation.address.kind).create)(&session, creation, made)
    }

    fn update(&self, address: &CloudAddress, id: &str, attributes: &Attributes) -> Result<(), CloudError> {
        (kind(&address.kind).update)(&*self.session(&address.region)?, id, attributes)
    }

    fn delete(&self, address: &CloudAddress, id: &str) -> Result<(), CloudError> {
        let session = self.session(&address.region)?;
        match patiently(failure::waits_for_others, MOVES, || (kind(&address.kind).delete)(&session, id)) {
            Err(error) if failure::is_gone(&error) => Ok(()),
            done => done,
        }
    }
}

/// A kind whose every attribute is made with it.
fn unchangeable(_session: &Session, id: &str, attributes: &Attributes) -> Result<(), CloudError> {
    unreachable!("the plan replaces `{id}` for another {:?}", attributes.keys())
}

/// A wished word; the provider's `objects.rs` gives each kind all of its own.
fn text<'a>(attributes: &'a Attributes, name: &str) -> &'a str {
    match attributes.get(name) {
        Some(AttributeValue::Text(text)) => text,
        _ => "",
    }
}

fn number(attributes: &Attributes, name: &str) -> i32 {
    match attributes.get(name) {
        Some(AttributeValue::Number(number)) => i32::try_from(*number).unwrap_or(i32::MAX),
        _ => 0,
    }
}

fn list<'a>(attributes: &'a Attributes, name: &str) -> &'a [String] {
    match attributes.get(name) {
        Some(AttributeValue::List(words)) => words,
        _ => &[],
    }
}

/// What a kind shows of an object.
fn shown<const N: usize>(attributes: [(&str, AttributeValue); N]) -> Attributes {
    attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
