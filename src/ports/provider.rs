//! Where hosts come from. One implementation per folder of `providers/`, one row in its table.

use super::Offers;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::graph::{self, CloudObject, Host, Machines};
use crate::manifest::{Implied, Section};
use crate::project::{Cluster, HostGroup};
use crate::yaml::{Field, Node};
use std::path::Path;

/// What a host group becomes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lowered {
    /// Hosts that exist already.
    pub hosts: Vec<Host>,
    /// Machines to be made.
    pub machines: Option<Machines>,
    /// What a cloud is to keep for them, each after everything that it needs.
    pub objects: Vec<CloudObject>,
}

/// One place hosts come from.
pub trait Provider: Sync {
    /// The word in `provider:`.
    fn name(&self) -> &'static str;
    /// One line for docs and prompts.
    fn summary(&self) -> &'static str;
    /// The keys of a host group (or cluster) that are this provider's own.
    fn fields(&self) -> &'static [Field];
    /// Its part of a host group or cluster, as the manifest room wants to know it.
    fn section(&self) -> Section {
        Section { provider: self.name(), about: self.summary(), fields: self.fields(), implied: self.implied() }
    }
    /// What its keys say about the hosts: a pure function of the section, well-formed or not. A provider whose keys say
    /// nothing, and on whose hosts nobody is root, keeps this silence.
    fn implied(&self) -> fn(&Node) -> Implied {
        |_| Implied::default()
    }
    /// The machine types it has on offer. A provider that makes no machines keeps this silence.
    fn offers(&self) -> Option<Offers> {
        None
    }
    /// Reads and checks the group's section and says what it becomes. `root` is the project's folder, absolute.
    fn lower(&self, group: &HostGroup, root: &Path, diagnostics: &mut Diagnostics) -> Lowered;
    /// Reads and checks a cluster's section and says what runs there. A provider without clusters keeps this refusal.
    fn lower_cluster(&self, cluster: &Cluster, diagnostics: &mut Diagnostics) -> Option<graph::Cluster> {
        let summary = format!("provider `{}` has no clusters, and `{}` asks for one", self.name(), cluster.name);
        let problem = Diagnostic::error(&code::NO_CLUSTERS, &cluster.provider.span, summary);
        diagnostics.push(problem.fix("write `provider: kubernetes`"));
        None
    }
}
