//! The keys of a cluster with `provider: kubernetes`.

use crate::diagnostic::Diagnostics;
use crate::project::Cluster;
use crate::yaml::{Entry, Field, Map, Spanned, Wanted};

/// What can be said about a cluster and its workloads.
pub(super) const FIELDS: &[Field] = &[
    field("context", Wanted::Text, true, "context of your kubeconfig that leads to the cluster"),
    field("namespace", Wanted::Text, false, "namespace of every object; the project's name when left out"),
    field("registry", Wanted::Text, false, "where images are pulled from, such as `registry.example.com/team`"),
    field("digests", Wanted::Mapping, false, "digest `sha256:…` of the pushed image, by environment"),
    field("workload", Wanted::Word(&["job", "deployment"]), false, "`deployment` when there is a `port`, else `job`"),
    field("command", Wanted::TextList, false, "program and arguments; a job without one proves that all imports work"),
    field("port", Wanted::Integer(1, 65_535), false, "TCP port that a deployment serves; it gets a service"),
    field("replicas", Wanted::Integer(1, 1000), false, "copies of a deployment; 1 when left out"),
    field("cpu", Wanted::Text, false, "processors per copy, such as `\"4\"` or `500m`; 1, or 4 per GPU, when left out"),
    field("memory", Wanted::Text, false, "memory per copy, such as `16Gi`; 2Gi, or 16Gi per GPU, when left out"),
];

const fn field(name: &'static str, wanted: Wanted, is_required: bool, about: &'static str) -> Field {
    Field { name, wanted, is_required, about }
}

/// A section as written.
#[derive(Debug)]
pub(super) struct Spec<'a> {
    pub(super) context: Option<Spanned<String>>,
    pub(super) namespace: Option<Spanned<String>>,
    pub(super) registry: Option<Spanned<String>>,
    pub(super) digests: &'a [Entry],
    pub(super) workload: Option<Spanned<String>>,
    pub(super) command: Vec<Spanned<String>>,
    pub(super) port: Option<Spanned<i64>>,
    pub(super) replicas: Option<Spanned<i64>>,
    pub(super) cpu: Option<Spanned<String>>,
    pub(super) memory: Option<Spanned<String>>,
}

impl Spec<'_> {
    /// Whether the workload stays up: as written, else a port means that somebody is to be served.
    pub(super) fn is_deployment(&self) -> bool {
        self.workload.as_ref().map_or(self.port.is_some(), |word| word.value == "deployment")
    }
}

/// Reads the section; mistakes of form become diagnostics.
pub(super) fn read<'a>(cluster: &'a Cluster, diagnostics: &mut Diagnostics) -> Option<Spec<'a>> {
    let map = Map::read(&cluster.section, &format!("cluster `{}`", cluster.name), FIELDS, diagnostics)?;
    Some(Spec {
        context: map.text("context"),
        namespace: map.text("namespace"),
        registry: map.text("registry"),
        digests: map.map("digests"),
        workload: map.text("workload"),
        command: map.texts("command"),
        port: map.integer("port"),
        replicas: map.integer("replicas"),
        cpu: map.text("cpu"),
        memory: map.text("memory"),
    })
}
