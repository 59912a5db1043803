//! `provider: kubernetes`: a cluster that exists. Aether says what is to run there; `kubectl` takes it there.

mod check;
mod lower;
mod spec;

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::graph;
use crate::ports::{Lowered, Provider};
use crate::project::{Cluster, HostGroup};
use crate::yaml::Field;
use std::path::Path;

/// A cluster of Kubernetes.
#[derive(Debug)]
pub(super) struct Kubernetes;

impl Provider for Kubernetes {
    fn name(&self) -> &'static str {
        "kubernetes"
    }

    fn summary(&self) -> &'static str {
        "jobs and deployments on a Kubernetes cluster that exists"
    }

    fn fields(&self) -> &'static [Field] {
        spec::FIELDS
    }

    fn lower(&self, group: &HostGroup, _root: &Path, diagnostics: &mut Diagnostics) -> Lowered {
        let summary = format!("provider `kubernetes` has no hosts, and `{}` asks for some", group.name);
        let problem = Diagnostic::error(&code::NO_HOSTS, &group.provider.span, summary);
        diagnostics.push(problem.fix("move the section to `clusters`"));
        Lowered::default()
    }

    fn lower_cluster(&self, cluster: &Cluster, diagnostics: &mut Diagnostics) -> Option<graph::Cluster> {
        let spec = spec::read(cluster, diagnostics)?;
        check::check(cluster, &spec, diagnostics);
        lower::lower(cluster, &spec)
    }
}
