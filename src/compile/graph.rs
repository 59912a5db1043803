//! Asks each provider what its host groups and clusters become, and links the answers.

use super::cost;
use crate::diagnostic::Diagnostics;
use crate::graph::{Graph, link};
use crate::ports::Provider;
use crate::project::Project;
use std::path::Path;

/// The graph of a project whose folder is `root`. Groups of a provider that is not in the table were refused by the project's rules.
pub fn graph(
    project: Project,
    root: &Path,
    providers: &[&'static dyn Provider],
    diagnostics: &mut Diagnostics,
) -> Graph {
    let provider = |name: &str| providers.iter().find(|provider| provider.name() == name);
    let (mut hosts, mut machines, mut objects) = (Vec::new(), Vec::new(), Vec::new());
    for group in &project.groups {
        if let Some(provider) = provider(&group.provider.value) {
            let lowered = provider.lower(group, root, diagnostics);
            hosts.extend(lowered.hosts);
            machines.extend(lowered.machines);
            objects.extend(lowered.objects);
        }
    }
    if !diagnostics.has_errors() {
        cost::check(&project, &machines, diagnostics);
    }
    let clusters = project
        .clusters
        .iter()
        .filter_map(|cluster| provider(&cluster.provider.value)?.lower_cluster(cluster, diagnostics))
        .collect();
    link(project, hosts, machines, objects, clusters)
}
