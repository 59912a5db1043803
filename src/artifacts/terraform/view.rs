//! Graph → what the Terraform templates show. All decisions of the family are here.

use crate::artifacts::group_name::group_name;
use crate::graph::{Graph, Machines};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};

/// Everything the templates show.
#[derive(Debug, Serialize)]
pub(super) struct View {
    /// In the order of the manifest.
    pub(super) groups: Vec<Group>,
    /// Providers that must be downloaded.
    pub(super) providers: Vec<Provider>,
}

/// A host group with hosts, or with machines to be made.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    /// Its name in the manifest.
    pub(super) title: String,
    /// Its name in Terraform and in Ansible.
    pub(super) name: String,
    /// What makes its machines; `None` when its hosts exist.
    pub(super) module: Option<Module>,
}

/// One use of a module.
#[derive(Debug, Serialize)]
pub(super) struct Module {
    /// `aws/gpu_host`.
    pub(super) path: String,
    pub(super) arguments: Vec<Argument>,
}

/// One argument of a module.
#[derive(Debug, Serialize)]
pub(super) struct Argument {
    /// Its name, padded so that the `=` of all stand below each other, as `terraform fmt` wants it.
    pub(super) name: String,
    pub(super) value: Value,
}

/// A provider with its pin.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Provider {
    pub(super) name: &'static str,
    pub(super) source: &'static str,
    pub(super) version: &'static str,
}

/// Looks at the graph once for all templates.
pub(super) fn view(graph: &Graph) -> View {
    let inhabited: HashSet<&str> = graph.hosts.iter().map(|host| host.address.group.as_str()).collect();
    let mut groups = Vec::new();
    for group in &graph.project.groups {
        let machines = graph.machines_of(&group.name);
        if machines.is_none() && !inhabited.contains(group.name.as_str()) {
            continue;
        }
        groups.push(Group {
            title: group.name.clone(),
            name: group_name(&group.name),
            module: machines.map(|machines| module(&graph.project.name, machines)),
        });
    }
    let providers: BTreeSet<Provider> = graph.machines.iter().filter_map(|m| provider(&m.provider)).collect();
    View { groups, providers: providers.into_iter().collect() }
}

fn module(project: &str, machines: &Machines) -> Module {
    let path = format!("{}/gpu_host", machines.provider);
    let mut arguments = arguments(project, machines);
    arguments.insert(0, ("source".to_owned(), format!("./modules/{path}").into()));
    let width = arguments.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let padded = |(name, value)| Argument { name: format!("{name:<width$}"), value };
    Module { path, arguments: arguments.into_iter().map(padded).collect() }
}

/// What a module is given: its own name and size, and the provider's settings that have a value.
pub(super) fn arguments(project: &str, machines: &Machines) -> Vec<(String, Value)> {
    let tags = serde_json::json!({ "aether:project": project, "aether:group": machines.group });
    let own = [
        ("name".to_owned(), format!("{project}-{}", machines.group).into()),
        ("machine_count".to_owned(), machines.count.into()),
        ("tags".to_owned(), tags),
    ];
    own.into_iter().chain(machines.settings.iter().filter(|(_, value)| !value.is_null()).cloned()).collect()
}

fn provider(name: &str) -> Option<Provider> {
    match name {
        "aws" => Some(Provider { name: "aws", source: "hashicorp/aws", version: "~> 6.0" }),
        _ => None,
    }
}
