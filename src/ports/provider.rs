//! Where hosts come from. One implementation per folder of `providers/`, one row in its table.

use crate::diagnostic::Diagnostics;
use crate::graph::{self, Host, Machines};
use crate::project::{Cluster, HostGroup};
use crate::yaml::Field;

/// What a host group becomes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lowered {
    /// Hosts that exist already.
    pub hosts: Vec<Host>,
    /// Machines to be made.
    pub machines: Option<Machines>,
}

/// One place hosts come from.
pub trait Provider: Sync {
    /// The word in `provider:`.
    fn name(&self) -> &'static str;
    /// One line for docs and prompts.
    fn summary(&self) -> &'static str;
    /// The keys of a host group (or cluster) that are this provider's own.
    fn fields(&self) -> &'static [Field];
    /// Reads and checks the group's section and says what it becomes.
    fn lower(&self, group: &HostGroup, diagnostics: &mut Diagnostics) -> Lowered;
    /// Reads and checks a cluster's section and says what runs there; a provider without clusters refuses it.
    fn lower_cluster(&self, cluster: &Cluster, diagnostics: &mut Diagnostics) -> Option<graph::Cluster>;
    /// True when Aether itself can make and end this provider's machines.
    fn provisions(&self) -> bool;
}
