//! What a look at each host tells about its GPU stack, and what must not be begun because of it.

use super::{Action, Look, Seen, Step};
use crate::address::HostAddress;
use crate::graph::{Graph, Host};
use crate::playbook::Entry;
use crate::project::{LockedEnvironment, LockedPackage};
use crate::stack::{Finding, Framework, HostFacts, HostWish, Pinned, Weight, host_findings};
use pep440_rs::Version;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something to know of a host before anything is done there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HostFinding {
    /// Which host.
    #[schemars(with = "String")]
    pub host: HostAddress,
    /// `AE0341`.
    pub code: String,
    /// `driver-not-running`; `aether explain` prints its page.
    pub name: String,
    /// What follows from it.
    pub weight: FindingWeight,
    /// The reasons, each following from the one before it or meeting it.
    pub chain: Vec<String>,
    /// What to do, or what this plan does.
    pub way_out: String,
}

/// What follows from a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingWeight {
    /// Nothing is set up on the host.
    Refusal,
    /// It may work.
    Warning,
    /// This plan deals with it, or it is merely good to know.
    Note,
}

/// What there is to say of every host that was looked at, in the order of the manifest.
pub(super) fn findings(graph: &Graph, looks: &BTreeMap<HostAddress, Look>) -> Vec<HostFinding> {
    let seen = graph.hosts.iter().filter_map(|host| match looks.get(&host.address) {
        Some(Look::Seen(seen)) => Some((host, seen)),
        _ => None,
    });
    seen.flat_map(|(host, seen)| of_host(graph, host, seen)).collect()
}

fn of_host(graph: &Graph, host: &Host, seen: &Seen) -> Vec<HostFinding> {
    let facts = HostFacts::read(&seen.facts.0);
    let found = host_findings(&graph.project.wheels, &facts, &wish(graph, host));
    found.into_iter().map(|finding| shown(host, finding)).collect()
}

fn wish(graph: &Graph, host: &Host) -> HostWish {
    let group = graph.group(&host.address.group);
    let environments = group.map_or(&[][..], |group| &group.environments);
    let lock = &graph.project.lock;
    let entries = environments.iter().filter_map(|name| lock.environment(name, host.platform));
    let frameworks = entries.flat_map(|entry| entry.packages.iter().filter_map(|package| pinned(entry, package)));
    HostWish {
        accelerators: group.and_then(|group| group.accelerators.clone()),
        installs_driver: graph.sections(host).iter().any(|section| {
            section.entry == Entry::Role("nvidia_driver".to_owned())
                && section.variables.get("nvidia_driver_state").is_none_or(|state| state == "present")
        }),
        architecture: host.platform.architecture,
        frameworks: frameworks.collect(),
    }
}

/// A package that is a framework; a release of torch's own index says its variant too, `2.14.1+cu126`.
fn pinned(entry: &LockedEnvironment, package: &LockedPackage) -> Option<Pinned> {
    let version: Version = package.version.parse().ok()?;
    let framework = framework(&package.name)?;
    Some(Pinned { framework, version: version.without_local(), variant: entry.variant.clone() })
}

fn framework(package: &str) -> Option<Framework> {
    match package {
        "torch" => Some(Framework::Pytorch),
        "tensorflow" | "tensorflow-cpu" => Some(Framework::Tensorflow),
        "jax" => Some(Framework::Jax),
        _ => None,
    }
}

fn shown(host: &Host, finding: Finding) -> HostFinding {
    HostFinding {
        host: host.address.clone(),
        code: finding.code.id.to_owned(),
        name: finding.code.name.to_owned(),
        weight: match finding.weight {
            Weight::Refusal => FindingWeight::Refusal,
            Weight::Warning => FindingWeight::Warning,
            Weight::Note => FindingWeight::Note,
        },
        chain: finding.chain,
        way_out: finding.way_out,
    }
}

/// Takes back what would set something up on a host that cannot become what is wanted.
pub(super) fn refuse(steps: &mut [Step], findings: &[HostFinding]) {
    for step in steps.iter_mut().filter(|step| matches!(step.action, Action::Create | Action::Update | Action::Adopt)) {
        let is_reason =
            |finding: &&HostFinding| finding.weight == FindingWeight::Refusal && finding.host == *step.address.host();
        if let Some(finding) = findings.iter().find(is_reason) {
            step.action = Action::Blocked;
            step.reason = format!("{} ({})", finding.chain.join(" → "), finding.name);
            step.tasks.clear();
        }
    }
}
