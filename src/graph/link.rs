//! From a project and what its providers made of it to the graph: which resources there are and what each needs.

use super::{Cluster, Graph, Host, Machines, Resource};
use crate::address::{Address, HostAddress};
use crate::project::{HostGroup, Project};
use std::collections::BTreeMap;

/// Links everything a project wants to exist.
///
/// Every host carries itself, its environments and its playbooks. An environment needs its host; a playbook needs its
/// host and, because it may use them, every environment there.
pub fn link(project: Project, hosts: Vec<Host>, machines: Vec<Machines>, clusters: Vec<Cluster>) -> Graph {
    let groups: BTreeMap<String, usize> = numbers(project.groups.iter().map(|group| &group.name));
    let made = numbers(machines.iter().map(|machines| &machines.group));
    let (mut resources, mut places) = (Vec::new(), BTreeMap::new());
    for (number, host) in hosts.iter().enumerate() {
        let first = resources.len();
        if let Some(group) = groups.get(&host.address.group) {
            resources.extend(on_host(&project.groups[*group], &host.address));
        }
        places.insert(host.address.clone(), (number, first..resources.len()));
    }
    Graph { project, hosts, machines, clusters, resources, places, groups, made }
}

fn numbers<'a>(names: impl Iterator<Item = &'a String>) -> BTreeMap<String, usize> {
    names.enumerate().map(|(number, name)| (name.clone(), number)).collect()
}

/// The resources on one host of a group, in the order in which they are set up.
pub(super) fn on_host(group: &HostGroup, host: &HostAddress) -> Vec<Resource> {
    let itself = Address::Host(host.clone());
    let environments: Vec<Address> =
        group.environments.iter().map(|name| Address::Environment(host.clone(), name.clone())).collect();
    let below: Vec<Address> = std::iter::once(&itself).chain(&environments).cloned().collect();
    let playbooks = group
        .playbooks
        .iter()
        .map(|path| Resource { address: Address::Playbook(host.clone(), path.value.clone()), needs: below.clone() });
    let stacks = environments.iter().map(|address| Resource { address: address.clone(), needs: vec![itself.clone()] });
    std::iter::once(Resource { address: itself.clone(), needs: Vec::new() }).chain(stacks).chain(playbooks).collect()
}

impl Graph {
    /// The host of that address.
    pub fn host(&self, address: &HostAddress) -> Option<&Host> {
        self.places.get(address).map(|(number, _)| &self.hosts[*number])
    }

    /// The host group of that name.
    pub fn group(&self, name: &str) -> Option<&HostGroup> {
        self.groups.get(name).map(|number| &self.project.groups[*number])
    }

    /// The machines that a cloud has yet to make for a host group.
    pub fn machines_of(&self, group: &str) -> Option<&Machines> {
        self.made.get(group).map(|number| &self.machines[*number])
    }

    /// The resources on one host, in the order in which they are set up.
    pub fn on(&self, host: &HostAddress) -> &[Resource] {
        self.places.get(host).map_or(&[], |(_, range)| &self.resources[range.clone()])
    }

    /// The resource of that address.
    pub fn resource(&self, address: &Address) -> Option<&Resource> {
        self.on(address.host()).iter().find(|resource| resource.address == *address)
    }
}
