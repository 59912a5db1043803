//! Objects that a cloud is to keep, as wished. Knows the words of no cloud: kinds and attributes are its provider's.

use crate::address::CloudAddress;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// One object as wished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudObject {
    /// Its name.
    pub address: CloudAddress,
    /// What it is to be like.
    pub wishes: BTreeMap<String, AttributeWish>,
    /// What must stand before it, whatever its attributes refer to included.
    pub needs: Vec<CloudAddress>,
}

/// One attribute as wished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeWish {
    /// What it is to be.
    pub value: AttributeValue,
    /// What it takes to change it.
    pub change: Change,
}

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttributeValue {
    /// A word.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Words in no order, sorted.
    List(Vec<String>),
    /// The id of another object, which is known when that stands.
    Reference(#[schemars(with = "String")] CloudAddress),
}

/// What it takes to change an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The object stays.
    InPlace,
    /// Another object takes its place.
    Replace,
}

/// Where objects lie: one account's share of one region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CloudPlace {
    /// `aws`.
    pub provider: String,
    /// `us-west-2`.
    pub region: String,
}

/// An object as its cloud shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The address that it was made for.
    pub address: CloudAddress,
    /// Its id.
    pub id: String,
    /// The token that it was made with.
    pub token: String,
    /// What can change behind our back, in the form of the wish; references as ids.
    pub attributes: Attributes,
}

/// The attributes of an object, by name.
pub type Attributes = BTreeMap<String, AttributeValue>;

impl CloudObject {
    /// An object without attributes.
    pub fn new(address: CloudAddress) -> Self {
        Self { address, wishes: BTreeMap::new(), needs: Vec::new() }
    }

    /// With an attribute; whatever it refers to must stand before the object.
    #[must_use]
    pub fn with(mut self, name: &str, value: AttributeValue, change: Change) -> Self {
        if let AttributeValue::Reference(other) = &value {
            self.needs.push(other.clone());
        }
        self.wishes.insert(name.to_owned(), AttributeWish { value, change });
        self
    }

    /// After something that no attribute refers to.
    #[must_use]
    pub fn after(mut self, other: &CloudAddress) -> Self {
        self.needs.push(other.clone());
        self
    }

    /// The wished values alone.
    pub fn attributes(&self) -> Attributes {
        self.wishes.iter().map(|(name, wish)| (name.clone(), wish.value.clone())).collect()
    }
}

impl CloudPlace {
    /// Where the object of that address lies.
    pub fn of(address: &CloudAddress) -> Self {
        Self { provider: address.provider.clone(), region: address.region.clone() }
    }
}

impl AttributeValue {
    /// Words in no order.
    pub fn list(words: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut words: Vec<String> = words.into_iter().map(Into::into).collect();
        words.sort();
        words.dedup();
        Self::List(words)
    }
}

impl From<&str> for AttributeValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl fmt::Display for AttributeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) if text.is_empty() => f.write_str("nothing"),
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::List(words) if words.is_empty() => f.write_str("nothing"),
            Self::List(words) => f.write_str(&words.join(", ")),
            Self::Reference(other) => write!(f, "{}/{}", other.kind, other.name),
        }
    }
}
