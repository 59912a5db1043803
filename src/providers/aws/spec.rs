//! The keys of a host group with `provider: aws`.

use super::catalog;
use crate::diagnostic::Diagnostics;
use crate::manifest::Implied;
use crate::project::HostGroup;
use crate::yaml::{Field, Map, Node, Spanned, Wanted};

/// What can be said about machines of EC2.
pub(super) const FIELDS: &[Field] = &[
    field("region", Wanted::Text, true, "such as `us-west-2`"),
    field("machine", Wanted::Text, false, "instance type; left out, the cheapest one with the wanted `accelerators`"),
    field("count", Wanted::Integer(1, 1000), false, "how many; 1 when left out"),
    field("spot", Wanted::Bool, false, "whether to take spare capacity that AWS may take back; false when left out"),
    field("image", Wanted::Text, false, "machine image `ami-…`; left out, the newest Ubuntu 24.04 of Canonical"),
    field("key_name", Wanted::Text, false, "name of an EC2 key pair that may log in"),
    field("ssh_from", Wanted::TextList, true, "address ranges that may reach port 22, such as `203.0.113.7/32`"),
    field("disk_gib", Wanted::Integer(30, 16_384), false, "size of the system disk in GiB; 200 when left out"),
];

const fn field(name: &'static str, wanted: Wanted, is_required: bool, about: &'static str) -> Field {
    Field { name, wanted, is_required, about }
}

/// A section as written, defaults applied.
#[derive(Debug)]
pub(super) struct Spec {
    pub(super) region: Option<Spanned<String>>,
    pub(super) machine: Option<Spanned<String>>,
    pub(super) count: u32,
    pub(super) spot: bool,
    pub(super) image: Option<Spanned<String>>,
    pub(super) key_name: Option<Spanned<String>>,
    pub(super) ssh_from: Vec<Spanned<String>>,
    pub(super) disk_gib: i64,
}

/// Reads the section; mistakes of form become diagnostics.
pub(super) fn read(group: &HostGroup, diagnostics: &mut Diagnostics) -> Option<Spec> {
    let map = Map::read(&group.section, &format!("host group `{}`", group.name), FIELDS, diagnostics)?;
    Some(Spec {
        region: map.text("region"),
        machine: map.text("machine"),
        count: map.integer("count").and_then(|count| u32::try_from(count.value).ok()).unwrap_or(1),
        spot: map.bool("spot").is_some_and(|spot| spot.value),
        image: map.text("image"),
        key_name: map.text("key_name"),
        ssh_from: map.texts("ssh_from"),
        disk_gib: map.integer("disk_gib").map_or(200, |size| size.value),
    })
}

/// What the Terraform module takes when no image is named.
const DEFAULT_SYSTEM: &str = "ubuntu-24.04";

/// What the machine type says, and the system where no image of somebody's own is named. Nothing is
/// known of types that are not in the catalog.
pub(super) fn implied(section: &Node) -> Implied {
    let row = section.get("machine").and_then(Node::as_text).and_then(catalog::find);
    Implied {
        accelerators: row.map(|row| (row.gpu, row.count)),
        architecture: row.map(|row| row.architecture),
        system: section.get("image").is_none().then_some(DEFAULT_SYSTEM),
        is_system_managed: true,
    }
}
