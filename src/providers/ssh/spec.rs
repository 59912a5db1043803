//! The keys of a host group with `provider: ssh`.

use crate::diagnostic::Diagnostics;
use crate::manifest::Implied;
use crate::project::HostGroup;
use crate::yaml::{Field, Kind, Map, Node, Spanned, Wanted};

/// What can be said about machines that exist.
pub(super) const FIELDS: &[Field] = &[
    field("addresses", Wanted::TextList, true, "where the hosts are: `host`, `host:port`, `user@host`, `[::1]:22`"),
    field("user", Wanted::Text, false, "login name; otherwise as your SSH configuration says"),
    field("port", Wanted::Integer(1, 65_535), false, "TCP port; otherwise as your SSH configuration says"),
    field("identity_file", Wanted::Text, false, "path of a private key; otherwise agent and SSH configuration"),
    field("jump", Wanted::Text, false, "jump hosts on the way, `[user@]host[:port]`, several with commas"),
    field("prefix", Wanted::Text, false, "folder on the hosts that everything goes to; `/opt/aether` when left out"),
    field("system_packages", Wanted::Bool, false, "whether system packages may be installed; true when left out"),
];

const fn field(name: &'static str, wanted: Wanted, is_required: bool, about: &'static str) -> Field {
    Field { name, wanted, is_required, about }
}

/// A section as written.
#[derive(Debug)]
pub(super) struct Spec {
    pub(super) addresses: Vec<Spanned<String>>,
    pub(super) user: Option<Spanned<String>>,
    pub(super) port: Option<u16>,
    pub(super) identity_file: Option<Spanned<String>>,
    pub(super) jump: Option<Spanned<String>>,
    pub(super) prefix: Option<Spanned<String>>,
    pub(super) system_packages: bool,
}

/// Reads the section; mistakes of form become diagnostics.
pub(super) fn read(group: &HostGroup, diagnostics: &mut Diagnostics) -> Option<Spec> {
    let map = Map::read(&group.section, &format!("host group `{}`", group.name), FIELDS, diagnostics)?;
    Some(Spec {
        addresses: map.texts("addresses"),
        user: map.text("user"),
        port: map.integer("port").and_then(|port| u16::try_from(port.value).ok()),
        identity_file: map.text("identity_file"),
        jump: map.text("jump"),
        prefix: map.text("prefix"),
        system_packages: map.bool("system_packages").is_none_or(|allowed| allowed.value),
    })
}

/// All that the section says about the hosts is whether their system may be touched.
pub(super) fn implied(section: &Node) -> Implied {
    let is_refused = section.get("system_packages").is_some_and(|node| node.kind == Kind::Bool(false));
    Implied { is_system_managed: !is_refused, ..Implied::default() }
}
