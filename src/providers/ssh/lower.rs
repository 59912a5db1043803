//! One address of an SSH host group as a host.

use super::endpoint::Endpoint;
use super::spec::Spec;
use crate::address::HostAddress;
use crate::graph::{Host, Target, Way};
use crate::project::HostGroup;

const DEFAULT_PREFIX: &str = "/opt/aether";

/// The host at `endpoint`; what the address leaves out comes from the group, then from the user's SSH configuration.
pub(super) fn lower(group: &HostGroup, spec: &Spec, endpoint: &Endpoint) -> Host {
    let address = HostAddress::new(&group.name, endpoint.name());
    let prefix = spec.prefix.as_ref().map_or(DEFAULT_PREFIX, |prefix| prefix.value.trim_end_matches('/'));
    let way = Way::Ssh {
        host: endpoint.host.clone(),
        user: endpoint.user.clone().or_else(|| spec.user.as_ref().map(|user| user.value.clone())),
        port: endpoint.port.or(spec.port),
        identity_file: spec.identity_file.as_ref().map(|path| path.value.clone()),
        jump: spec.jump.as_ref().map(|jump| jump.value.replace(' ', "")),
    };
    Host {
        target: Target { name: address.to_string(), way },
        address,
        platform: group.platform,
        prefix: prefix.to_owned(),
        is_system_managed: spec.system_packages,
    }
}
