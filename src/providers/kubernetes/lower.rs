//! A section → the cluster of the graph, defaults applied.

use super::spec::Spec;
use crate::graph::{Cluster as Lowered, Workload, WorkloadKind};
use crate::project::Cluster;
use crate::yaml::Spanned;

/// Processors per GPU when nothing is said: enough to load data beside it.
const CPU_PER_GPU: u32 = 4;

/// Memory per GPU in GiB when nothing is said.
const MEMORY_PER_GPU_GIB: u32 = 16;

/// What runs on the cluster; nothing without a context, which was reported as missing.
pub(super) fn lower(cluster: &Cluster, spec: &Spec<'_>) -> Option<Lowered> {
    Some(Lowered {
        name: cluster.name.clone(),
        provider: cluster.provider.value.clone(),
        platform: cluster.platform,
        context: text(spec.context.as_ref())?,
        namespace: text(spec.namespace.as_ref()),
        registry: text(spec.registry.as_ref()),
        workloads: cluster.environments.iter().map(|name| workload(cluster, spec, name)).collect(),
    })
}

fn workload(cluster: &Cluster, spec: &Spec<'_>, environment: &str) -> Workload {
    let gpus = cluster.accelerators.as_ref().map_or(0, |(_, count)| *count);
    let (cpu, memory_gib) =
        if gpus > 0 { (gpus.saturating_mul(CPU_PER_GPU), gpus.saturating_mul(MEMORY_PER_GPU_GIB)) } else { (1, 2) };
    Workload {
        environment: environment.to_owned(),
        digest: digest(spec, environment),
        kind: if spec.is_deployment() { WorkloadKind::Deployment } else { WorkloadKind::Job },
        replicas: spec.replicas.as_ref().and_then(|count| u32::try_from(count.value).ok()).unwrap_or(1),
        command: spec.command.iter().map(|word| word.value.clone()).collect(),
        port: spec.port.as_ref().and_then(|port| u16::try_from(port.value).ok()),
        cpu: text(spec.cpu.as_ref()).unwrap_or_else(|| cpu.to_string()),
        memory: text(spec.memory.as_ref()).unwrap_or_else(|| format!("{memory_gib}Gi")),
        gpus,
    }
}

fn text(value: Option<&Spanned<String>>) -> Option<String> {
    value.map(|text| text.value.clone())
}

fn digest(spec: &Spec<'_>, environment: &str) -> Option<String> {
    let (_, digest) = spec.digests.iter().find(|(name, _)| name.value == environment)?;
    digest.as_text().map(str::to_owned)
}
