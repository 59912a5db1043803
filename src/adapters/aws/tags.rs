//! The tags by which what was made is found again, and known for whose it is.

use crate::graph::{Attributes, Found};
use crate::ports::Creation;
use aws_sdk_ec2::types::builders::FilterBuilder;
use aws_sdk_ec2::types::{Filter, ResourceType, Tag, TagSpecification};

const PROJECT: &str = "aether:project";
const OWNER: &str = "aether:state";
const ADDRESS: &str = "aether:address";
const TOKEN: &str = "aether:token";

/// The tags of a new object, set in the call that makes it: there is no moment in which it is nobody's.
pub(super) fn specification(kind: ResourceType, creation: &Creation) -> TagSpecification {
    let Creation { project, owner, token, address, .. } = creation;
    let tags = [
        (PROJECT, project.clone()),
        (OWNER, owner.clone()),
        (ADDRESS, address.to_string()),
        (TOKEN, token.clone()),
        ("Name", name(creation)),
    ];
    let tag = |(key, value): (&str, String)| Tag::builder().key(key).value(value).build();
    TagSpecification::builder().resource_type(kind).set_tags(Some(tags.map(tag).to_vec())).build()
}

/// What people see in the console: `demo-trainers-0`.
pub(super) fn name(creation: &Creation) -> String {
    format!("{}-{}", creation.project, creation.address.name.replace('/', "-"))
}

/// Only what belongs to the state of that lineage.
pub(super) fn of_owner(owner: &str) -> Filter {
    filter(&format!("tag:{OWNER}"), [owner])
}

/// Only what has one of these values.
pub(super) fn filter<'a>(name: &str, values: impl IntoIterator<Item = &'a str>) -> Filter {
    values.into_iter().fold(Filter::builder().name(name), FilterBuilder::values).build()
}

/// An object of ours; `None` when somebody took its tags.
pub(super) fn found(id: Option<&str>, tags: &[Tag], attributes: Attributes) -> Option<Found> {
    let value = |key: &str| tags.iter().find(|tag| tag.key() == Some(key)).and_then(Tag::value);
    let address = value(ADDRESS)?.parse().ok()?;
    let token = value(TOKEN).unwrap_or_default().to_owned();
    Some(Found { address, id: id?.to_owned(), token, attributes })
}
