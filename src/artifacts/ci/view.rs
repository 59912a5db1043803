//! Graph → what the workflow template shows. All decisions of the family are here.

use crate::graph::{Graph, Way};
use serde::Serialize;

/// Where GitHub looks for workflows; the project's folder is taken to be the repository's.
pub(super) const PATH: &str = ".github/workflows/aether.yml";

/// The one action the workflow uses, by commit: a tag can be moved, a commit cannot. It is release v5.0.0.
const CHECKOUT: &str = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0";

/// The workflow.
#[derive(Debug, Serialize)]
pub(super) struct Workflow {
    /// Also the name of the deployment environment that may hold an apply back.
    project: String,
    checkout: &'static str,
    /// Whether there is anything that a runner could plan and apply.
    has_hosts: bool,
}

/// The workflow of a project.
pub(super) fn workflow(graph: &Graph) -> Workflow {
    Workflow { project: graph.project.name.clone(), checkout: CHECKOUT, has_hosts: has_hosts(graph) }
}

/// `local` hosts are the machine of whoever runs Aether: a runner must not mistake itself for one.
pub(super) fn has_hosts(graph: &Graph) -> bool {
    graph.hosts.iter().any(|host| matches!(host.target.way, Way::Ssh { .. }))
}
