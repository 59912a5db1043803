//! What was recorded of the objects of clouds, and what was begun there.

use super::State;
use crate::address::CloudAddress;
use crate::digest::sha256;
use crate::graph::Attributes;
use serde::{Deserialize, Serialize};

/// How many characters of a digest make a token: 160 bits, and below the 64 characters that clouds take.
const TOKEN: usize = 40;

/// An object as last applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedObject {
    /// Its id in its cloud.
    pub id: String,
    /// What was wanted of it.
    pub attributes: Attributes,
    /// What must go after it, when it goes.
    pub needs: Vec<CloudAddress>,
    /// When, UTC.
    pub applied: jiff::Timestamp,
}

/// Something that was begun in a cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenIntent {
    /// What.
    pub verb: Verb,
    /// The token it was asked with; what was made carries it.
    pub token: String,
    /// The object, as soon as its id is known.
    pub id: Option<String>,
    /// The request: what was wanted of the object.
    pub attributes: Attributes,
    /// What must go after it, when it goes.
    pub needs: Vec<CloudAddress>,
    /// When, UTC.
    pub at: jiff::Timestamp,
}

/// What can be done to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// Made.
    Create,
    /// Changed where it stands.
    Update,
    /// Taken away.
    Delete,
}

impl Verb {
    /// As in the record.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

impl State {
    /// The token for making an object now: the same again until the end of this attempt is known.
    pub fn token(&self, address: &CloudAddress) -> String {
        let attempt = self.attempts.get(address).copied().unwrap_or_default();
        let digest = sha256(format!("{}\n{address}\n{attempt}", self.lineage));
        format!("aether-{}", &digest[..TOKEN])
    }

    /// Goes on counting where another state of the same lineage has counted to: a token that was used there for something
    /// that this one does not know would bring that something back.
    pub fn use_up_tokens_of(&mut self, other: &Self) {
        for (address, attempts) in other.attempts.iter().filter(|_| self.lineage == other.lineage) {
            let own = self.attempts.entry(address.clone()).or_default();
            *own = (*own).max(*attempts);
        }
    }

    /// What was begun.
    pub(super) fn begin(&mut self, address: CloudAddress, intent: OpenIntent) {
        self.open.insert(address, intent);
    }

    /// The id of what is being made is known.
    pub(super) fn made(&mut self, address: &CloudAddress, id: String) {
        if let Some(intent) = self.open.get_mut(address) {
            intent.id = Some(id);
        }
    }

    /// What was begun has ended: so the object stands now, or is gone.
    pub(super) fn ended(&mut self, address: CloudAddress, recorded: Option<RecordedObject>) {
        if self.open.remove(&address).is_some_and(|intent| intent.verb == Verb::Create) {
            *self.attempts.entry(address.clone()).or_default() += 1;
        }
        match recorded {
            Some(recorded) => _ = self.objects.insert(address, recorded),
            None => _ = self.objects.remove(&address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_has_one_token_until_its_end_is_known() {
        let address: CloudAddress = "aws/us-west-2/vpc/main".parse().expect("an address");
        let mut state = State::new("lineage");
        let first = state.token(&address);
        let intent = OpenIntent {
            verb: Verb::Create,
            token: first.clone(),
            id: None,
            attributes: Attributes::new(),
            needs: Vec::new(),
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        state.begin(address.clone(), intent);
        assert_eq!(state.token(&address), first);
        state.ended(address.clone(), None);
        assert_ne!(state.token(&address), first);
        assert!(first.len() <= 64 && State::new("other").token(&address) != first);
    }

    #[test]
    fn a_state_of_before_uses_no_token_again() {
        let address: CloudAddress = "aws/us-west-2/vpc/main".parse().expect("an address");
        let (mut before, mut present) = (State::new("lineage"), State::new("lineage"));
        present.attempts.insert(address.clone(), 2);
        before.use_up_tokens_of(&present);
        assert_eq!(before.token(&address), present.token(&address));
        let mut other = State::new("other");
        other.use_up_tokens_of(&present);
        assert_eq!(other, State::new("other"));
    }
}
