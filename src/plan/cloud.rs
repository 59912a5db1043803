//! Objects of clouds: the wish, the record and what the cloud shows → steps with reasons.

use super::{Action, Parent, Plan, Unseen, Wish};
use crate::address::CloudAddress;
use crate::digest::named_sha256;
use crate::graph::{AttributeValue, Attributes, Change, CloudObject, CloudPlace, Found, Graph};
use crate::state::{State, Verb};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What each place shows of a project, or why it could not be asked.
pub type CloudLooks = BTreeMap<CloudPlace, Result<Vec<Found>, Unseen>>;

/// What happens to one object of a cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloudStep {
    /// Which one.
    #[schemars(with = "String")]
    pub address: CloudAddress,
    /// What.
    pub action: Action,
    /// Why, or why nothing: a lower-case phrase.
    pub reason: String,
    /// Its id, where it stands.
    pub id: Option<String>,
    /// What differs from the wish, by name.
    pub changes: Vec<AttributeChange>,
    /// What is wanted of it; nothing of what goes away.
    pub attributes: Attributes,
    /// What must stand before it, and must not go before it.
    #[schemars(with = "Vec<String>")]
    pub needs: Vec<CloudAddress>,
}

/// An attribute that is not as wished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributeChange {
    /// Its name.
    pub name: String,
    /// How it is.
    pub from: String,
    /// How it is to be.
    pub to: String,
    /// Whether the object must be replaced for it.
    pub replaces: bool,
}

impl Plan {
    /// The same plan with the objects of clouds.
    #[must_use]
    pub fn with_objects(self, graph: &Graph, state: &State, looks: &CloudLooks) -> Self {
        let wanted = match self.wish {
            Wish::Present => &graph.objects[..],
            Wish::Absent => &[],
        };
        let objects = cloud_steps(wanted, state, looks, self.wish);
        let parent = Parent { clouds: digest(looks), ..self.parent };
        Self { parent, objects, ..self }
    }
}

/// A fingerprint of what was seen of all places.
pub(super) fn digest(looks: &CloudLooks) -> String {
    if looks.is_empty() {
        return String::new();
    }
    let seen: Vec<&Found> = looks.values().flatten().flatten().collect();
    named_sha256(serde_json::to_vec(&seen).expect("objects are texts and numbers"))
}

/// Decides about every object that is wanted, recorded or begun: what goes first, then what is wanted, in its order.
fn cloud_steps(wanted: &[CloudObject], state: &State, looks: &CloudLooks, wish: Wish) -> Vec<CloudStep> {
    let kept: BTreeSet<&CloudAddress> = wanted.iter().map(|object| &object.address).collect();
    let known: BTreeSet<&CloudAddress> = state.objects.keys().chain(state.open.keys()).collect();
    let world = Seen { state, looks };
    let mut steps: Vec<CloudStep> =
        known.into_iter().filter(|address| !kept.contains(address)).map(|address| world.leave(address, wish)).collect();
    let mut ids = BTreeMap::new();
    for object in wanted {
        let step = world.want(object, &ids);
        if !matches!(step.action, Action::Create | Action::Replace | Action::Blocked) {
            ids.extend(step.id.clone().map(|id| (object.address.clone(), id)));
        }
        steps.push(step);
    }
    steps
}

/// What is known of an object that was made or begun.
struct Known<'a> {
    id: String,
    attributes: &'a Attributes,
    needs: &'a [CloudAddress],
    /// Begun, and nobody wrote down its end.
    is_open: bool,
}

struct Seen<'a> {
    state: &'a State,
    looks: &'a CloudLooks,
}

impl<'a> Seen<'a> {
    fn place(&self, address: &CloudAddress) -> Result<&'a [Found], String> {
        match self.looks.get(&CloudPlace::of(address)) {
            Some(Ok(found)) => Ok(found),
            Some(Err(unseen)) => Err(unseen.why.clone()),
            None => Err("its region was not looked at".to_owned()),
        }
    }

    /// The record, or what a run that was killed has made: it carries the token of its intent.
    fn known(&self, address: &CloudAddress, found: &[Found]) -> Option<Known<'a>> {
        let open = self.state.open.get(address).filter(|intent| intent.verb == Verb::Create);
        if let Some(intent) = open {
            let made = found.iter().find(|found| found.address == *address && found.token == intent.token);
            let id = intent.id.clone().or(made.map(|found| found.id.clone()))?;
            return Some(Known { id, attributes: &intent.attributes, needs: &intent.needs, is_open: true });
        }
        let recorded = self.state.objects.get(address)?;
        let is_open = self.state.open.contains_key(address);
        Some(Known { id: recorded.id.clone(), attributes: &recorded.attributes, needs: &recorded.needs, is_open })
    }

    /// An object that is wanted; `ids` are those of the objects before it that stay.
    fn want(&self, object: &CloudObject, ids: &BTreeMap<CloudAddress, String>) -> CloudStep {
        let step = |action, reason: &str, id: Option<String>, changes| CloudStep {
            address: object.address.clone(),
            action,
            reason: reason.to_owned(),
            id,
            changes,
            attributes: object.attributes(),
            needs: object.needs.clone(),
        };
        let found = match self.place(&object.address) {
            Ok(found) => found,
            Err(why) => return step(Action::Blocked, &why, None, Vec::new()),
        };
        let Some(known) = self.known(&object.address, found) else {
            return step(Action::Create, "not there yet", None, Vec::new());
        };
        let Some(there) = found.iter().find(|found| found.id == known.id) else {
            return step(Action::Create, "gone from the cloud since it was made", None, Vec::new());
        };
        let changes = changes(object, &known, there, ids);
        let (action, reason) = decide(object, &known, &changes);
        step(action, &reason, Some(known.id), changes)
    }

    /// An object that nobody wants any more.
    fn leave(&self, address: &CloudAddress, wish: Wish) -> CloudStep {
        let why = match wish {
            Wish::Present => "no longer in the manifest",
            Wish::Absent => "everything is to go",
        };
        let step = |action, reason: String, known: Option<Known<'_>>| CloudStep {
            address: address.clone(),
            action,
            reason,
            needs: known.as_ref().map_or_else(Vec::new, |known| known.needs.to_vec()),
            id: known.map(|known| known.id),
            changes: Vec::new(),
            attributes: Attributes::new(),
        };
        let found = match self.place(address) {
            Ok(found) => found,
            Err(why) => return step(Action::Blocked, why, None),
        };
        match self.known(address, found) {
            Some(known) if found.iter().any(|found| found.id == known.id) => {
                step(Action::Delete, why.to_owned(), Some(known))
            }
            _ => step(Action::Forget, format!("{why}; it is gone from the cloud"), None),
        }
    }
}

/// What differs: from what the cloud shows, and where it shows nothing, from what was applied.
fn changes(
    object: &CloudObject,
    known: &Known<'_>,
    there: &Found,
    ids: &BTreeMap<CloudAddress, String>,
) -> Vec<AttributeChange> {
    let wished = object.wishes.iter().filter_map(|(name, wish)| {
        let expected = resolved(&wish.value, ids);
        let (seen, applied) = (there.attributes.get(name), known.attributes.get(name));
        let is_same = match (&expected, seen) {
            (None, _) => false,
            (Some(expected), Some(seen)) => expected == seen,
            (Some(_), None) => applied == Some(&wish.value),
        };
        let from = seen.or(applied).map_or_else(|| "nothing".to_owned(), ToString::to_string);
        let replaces = wish.change == Change::Replace;
        (!is_same).then(|| AttributeChange { name: name.clone(), from, to: wish.value.to_string(), replaces })
    });
    let dropped =
        known.attributes.iter().filter(|(name, _)| !object.wishes.contains_key(*name)).map(|(name, value)| {
            AttributeChange { name: name.clone(), from: value.to_string(), to: "nothing".to_owned(), replaces: true }
        });
    wished.chain(dropped).collect()
}

/// A value with the id of what it refers to; `None` while that is not known.
fn resolved(value: &AttributeValue, ids: &BTreeMap<CloudAddress, String>) -> Option<AttributeValue> {
    match value {
        AttributeValue::Reference(other) => ids.get(other).map(|id| AttributeValue::Text(id.clone())),
        value => Some(value.clone()),
    }
}

fn decide(object: &CloudObject, known: &Known<'_>, changes: &[AttributeChange]) -> (Action, String) {
    if changes.is_empty() {
        let adopted = (Action::Adopt, "an earlier run did not report its end; stands as wanted".to_owned());
        return if known.is_open { adopted } else { (Action::Keep, "as wanted".to_owned()) };
    }
    let reason = match (known.is_open, object.attributes() == *known.attributes) {
        (true, _) => "an earlier run was interrupted here",
        (_, false) => "wanted differently than it was applied",
        (_, true) => "not as it was applied",
    };
    let replacing: Vec<&str> = changes.iter().filter(|one| one.replaces).map(|one| one.name.as_str()).collect();
    match replacing.as_slice() {
        [] => (Action::Update, reason.to_owned()),
        names => {
            (Action::Replace, format!("{reason}; another {} takes another {}", names.join(", "), object.address.kind))
        }
    }
}
