//! A local host group as one host.

use crate::address::HostAddress;
use crate::graph::{Host, Target, Way};
use crate::project::HostGroup;
use std::path::Path;

/// The host `<group>/here`, which lives below the project's folder.
pub(super) fn lower(group: &HostGroup, root: &Path) -> Host {
    let address = HostAddress::new(&group.name, "here");
    let prefix = root.join(".aether/hosts").join(&group.name);
    Host {
        target: Target { name: address.to_string(), way: Way::Local },
        address,
        platform: group.platform,
        prefix: prefix.display().to_string(),
        is_system_managed: false,
    }
}
