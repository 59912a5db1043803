//! Clouds: objects with ids, asked for and made over the network. Knows the words of none of them.

use super::http::Cause;
use crate::address::CloudAddress;
use crate::graph::{Attributes, CloudPlace, Found};
use std::collections::BTreeMap;

/// What is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creation {
    /// Its address.
    pub address: CloudAddress,
    /// The project it is for, for people's eyes.
    pub project: String,
    /// The lineage of the state that owns it; with it, everything that a state owns is found again.
    pub owner: String,
    /// The same for every attempt that may have happened already, so that it happens once.
    pub token: String,
    /// What it is to be like; references as ids.
    pub attributes: Attributes,
}

/// Hears the id of a new object the moment it is known, while more is still to be done to it. An error stops there.
pub type Made<'a> = &'a mut dyn FnMut(&str) -> Result<(), CloudError>;

/// Keeps objects.
pub trait Cloud: Send + Sync {
    /// Every object that stands and belongs to the state of that lineage, of these kinds; as few calls as there are
    /// kinds and pages.
    fn read(&self, place: &CloudPlace, owner: &str, kinds: &[String]) -> Result<Vec<Found>, CloudError>;
    /// Makes an object and brings it to its attributes.
    fn create(&self, creation: &Creation, made: Made<'_>) -> Result<(), CloudError>;
    /// Brings an object that stands to `attributes`, which are those that differ; references as ids.
    fn update(&self, address: &CloudAddress, id: &str, attributes: &Attributes) -> Result<(), CloudError>;
    /// Takes an object away and returns when it is gone; no error when it was gone already.
    fn delete(&self, address: &CloudAddress, id: &str) -> Result<(), CloudError>;
}

/// Clouds by the name of their provider.
pub type Clouds = BTreeMap<String, std::sync::Arc<dyn Cloud>>;

/// The cloud did not do it.
#[derive(Debug, thiserror::Error)]
pub enum CloudError {
    /// Left out when this program was built.
    #[error("this aether was built without the feature `{provider}`")]
    NotBuilt {
        /// Whose.
        provider: String,
    },
    /// Nothing says who asks.
    #[error("there are no credentials for `{endpoint}`")]
    NoCredentials {
        /// Who would have been asked.
        endpoint: String,
        /// How to give some.
        fix: String,
        /// Why not.
        source: Cause,
    },
    /// It answered, and said no: nothing was done.
    #[error("`{endpoint}` refused {call}: {code}: {message}")]
    Refused {
        /// Who.
        endpoint: String,
        /// What was asked: `RunInstances`.
        call: &'static str,
        /// Its word for the reason.
        code: String,
        /// In its own words.
        message: String,
        /// What to do about it.
        fix: Option<String>,
    },
    /// No answer came: whether it was done is not known.
    #[error("`{endpoint}` did not answer {call}")]
    Unanswered {
        /// Who.
        endpoint: String,
        /// What was asked.
        call: &'static str,
        /// Why.
        source: Cause,
    },
    /// It was waited for in vain.
    #[error("`{id}` is {state} and does not become {wanted}")]
    Elsewhere {
        /// What.
        id: String,
        /// How it is.
        state: String,
        /// How it was to be.
        wanted: String,
    },
    /// What was made could not be written down; nothing more is done to it.
    #[error("what was made could not be written down")]
    Unrecorded(#[source] Cause),
}

impl CloudError {
    /// What to do about it.
    pub fn fix(&self) -> Option<String> {
        match self {
            Self::NotBuilt { provider } => Some(format!(
                "build with `cargo build --features {provider}`, or take the Terraform of `aether render`"
            )),
            Self::NoCredentials { fix, .. } => Some(fix.clone()),
            Self::Refused { fix, .. } => fix.clone(),
            Self::Unanswered { endpoint, .. } => Some(format!(
                "see whether `region` is written rightly and `{endpoint}` can be reached from here, then `aether resume`"
            )),
            Self::Elsewhere { .. } | Self::Unrecorded(_) => None,
        }
    }

    /// Whether it is sure that nothing was done.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::NotBuilt { .. } | Self::NoCredentials { .. } | Self::Refused { .. })
    }
}
