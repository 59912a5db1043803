//! From a project and what its providers made of it to the graph: which resources there are and what each needs.

use super::{CloudObject, Cluster, Graph, Host, Machines, Resource};
use crate::address::{Address, HostAddress};
use crate::project::{HostGroup, Project};
use std::collections::{BTreeMap, BTreeSet};

/// Links everything a project wants to exist.
///
/// Every host carries itself, what its GPUs need, its environments and its playbooks. Each needs all that is set up before
/// it, except that environments do not need each other and neither do playbooks.
///
/// Host groups share objects of their cloud, such as a network: each of them is taken once, from the first that names it.
pub fn link(
    project: Project,
    hosts: Vec<Host>,
    machines: Vec<Machines>,
    mut objects: Vec<CloudObject>,
    clusters: Vec<Cluster>,
) -> Graph {
    let mut seen = BTreeSet::new();
    objects.retain(|object| seen.insert(object.address.clone()));
    let groups: BTreeMap<String, usize> = numbers(project.groups.iter().map(|group| &group.name));
    let made = numbers(machines.iter().map(|machines| &machines.group));
    let (mut resources, mut places) = (Vec::new(), BTreeMap::new());
    for (number, host) in hosts.iter().enumerate() {
        let first = resources.len();
        if let Some(group) = groups.get(&host.address.group) {
            resources.extend(on_host(&project.groups[*group], host));
        }
        places.insert(host.address.clone(), (number, first..resources.len()));
    }
    Graph { project, hosts, machines, objects, clusters, resources, places, groups, made }
}

fn numbers<'a>(names: impl Iterator<Item = &'a String>) -> BTreeMap<String, usize> {
    names.enumerate().map(|(number, name)| (name.clone(), number)).collect()
}

/// The resources on one host of a group, in the order in which they are set up.
pub(super) fn on_host(group: &HostGroup, host: &Host) -> Vec<Resource> {
    let address = &host.address;
    let mut resources: Vec<Resource> = Vec::new();
    let mut add = |addresses: Vec<Address>| {
        let needs: Vec<Address> = resources.iter().map(|resource| resource.address.clone()).collect();
        let resource = |address| Resource { address, needs: needs.clone() };
        resources.extend(addresses.into_iter().map(resource));
    };
    add(vec![Address::Host(address.clone())]);
    for thing in beneath(group, host) {
        add(vec![thing]);
    }
    add(group.environments.iter().map(|name| Address::Environment(address.clone(), name.clone())).collect());
    add(group.playbooks.iter().map(|path| Address::Playbook(address.clone(), path.value.clone())).collect());
    resources
}

/// What is beneath the environments of a host with GPUs: system packages all of it, so none where they are not managed.
fn beneath(group: &HostGroup, host: &Host) -> Vec<Address> {
    if group.stack.is_none() || !host.is_system_managed {
        return Vec::new();
    }
    let software = &group.software;
    let addresses = [
        Some(Address::Driver(host.address.clone())),
        software.cuda_toolkit.as_ref().map(|version| Address::CudaToolkit(host.address.clone(), version.to_string())),
        software.container_runtime.clone().map(|runtime| Address::ContainerToolkit(host.address.clone(), runtime)),
    ];
    addresses.into_iter().flatten().collect()
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
