//! The keys of a host group with `provider: local`.

use crate::diagnostic::Diagnostics;
use crate::project::HostGroup;
use crate::yaml::{Field, Map};

/// This machine is what it is: nothing to say about it.
pub(super) const FIELDS: &[Field] = &[];

/// Refuses every key.
pub(super) fn read(group: &HostGroup, diagnostics: &mut Diagnostics) {
    Map::read(&group.section, &format!("host group `{}`", group.name), FIELDS, diagnostics);
}
