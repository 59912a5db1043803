//! What one host gets, as roles and playbooks with their variables.
//!
//! The rendered Ansible project and Aether's own host programs are both made from these sections: that is why the two
//! do the same.

use super::link::on_host;
use super::mirrored::mirrored;
use super::{Graph, Host};
use crate::address::Address;
use crate::playbook::Entry;
use crate::project::{DriverWish, LockedTool};
use crate::stack::{Fabric, tables};
use serde_json::{Map, Value, json};

/// The lowest version there can be: any driver that runs stays.
const ANY_DRIVER: &str = "1";

/// A role or playbook on one host, on behalf of one resource.
#[derive(Debug, Clone, PartialEq)]
pub struct HostSection {
    /// The resource it sets up or removes.
    pub address: Address,
    /// What to run.
    pub entry: Entry,
    /// Its variables.
    pub variables: Map<String, Value>,
    /// Whether it runs as root.
    pub r#become: bool,
}

impl Graph {
    /// What sets up one host, in order: the host itself, each environment with its proof, each playbook. The host may be
    /// one that its cloud has yet to make; a host of no group of the project gets nothing.
    ///
    /// # Panics
    /// When an environment of the host is not in the lock: nothing may be planned or rendered from a stale lock.
    pub fn sections(&self, host: &Host) -> Vec<HostSection> {
        self.group(&host.address.group)
            .map_or_else(Vec::new, |group| on_host(group, host))
            .iter()
            .flat_map(|resource| match &resource.address {
                Address::Host(_) => vec![base(host, &resource.address)],
                Address::Driver(_) => self.driver(host, &resource.address),
                Address::CudaToolkit(_, version) => vec![toolkit(host, &resource.address, version)],
                Address::ContainerToolkit(_, runtime) => vec![containers(host, &resource.address, runtime)],
                Address::Environment(_, name) => self.environment(host, &resource.address, name),
                Address::Playbook(_, path) => vec![playbook(&resource.address, path)],
            })
            .map(|section| mirrored(section, &self.project.mirrors))
            .collect()
    }

    /// The driver as it is locked. What is there and fits stays, unless one is asked for by its number.
    fn driver(&self, host: &Host, address: &Address) -> Vec<HostSection> {
        let (Some(group), Some(locked)) =
            (self.group(&host.address.group), self.project.lock.stack(&host.address.group))
        else {
            return Vec::new();
        };
        let driver = locked.driver.as_deref().unwrap_or_default();
        let branch = driver.split('.').next().filter(|branch| !branch.is_empty());
        let lowest = locked.driver_floor.as_deref().unwrap_or(ANY_DRIVER);
        let mut variables = json!({
            "nvidia_driver_state": if locked.driver.is_some() { "present" } else { "kept" },
            "nvidia_driver_version": if driver.contains('.') { driver } else { "" },
            "nvidia_driver_keep_from": if matches!(group.software.driver, DriverWish::Exactly(_)) { "" } else { lowest },
            "nvidia_driver_keep_below": locked.driver_below.as_deref().unwrap_or_default(),
            "nvidia_driver_supply": supply(host),
        });
        if let Some(branch) = branch {
            variables["nvidia_driver_branch"] = json!(branch);
        }
        if let Some(kind) = locked.kernel_modules {
            variables["nvidia_driver_module"] = json!(kind.to_string());
        }
        if locked.fabric == Some(Fabric::Imex) {
            variables["nvidia_driver_imex_nodes"] = json!(self.domain(&host.address.group));
        }
        vec![role("nvidia_driver", address, variables, true)]
    }

    /// The addresses of all hosts of a group, in an order that every host is told alike; none where there is one host.
    fn domain(&self, group: &str) -> Vec<&str> {
        let hosts = self.hosts.iter().filter(|host| host.address.group == group);
        let mut addresses: Vec<&str> = hosts.filter_map(|host| host.target.way.address()).collect();
        addresses.sort_unstable();
        if addresses.len() > 1 { addresses } else { Vec::new() }
    }

    fn environment(&self, host: &Host, address: &Address, name: &str) -> Vec<HostSection> {
        let lock = &self.project.lock;
        let locked = lock.environment(name, host.platform).expect("a stale lock is refused before the graph is linked");
        let uv = lock.tool("uv").expect("a lock with an environment pins uv");
        let frameworks = self.project.environment(name).map_or(&[][..], |environment| &environment.imports);
        // What free packages are imported as is not known: without a framework, the interpreter itself has to start.
        let imports = if frameworks.is_empty() { vec!["sys"] } else { frameworks.iter().map(String::as_str).collect() };
        let build = json!({
            "environment_prefix": host.prefix,
            "environment_name": name,
            "environment_python": locked.python,
            "environment_requirements": locked.requirements(),
            "environment_uv_version": uv.version,
            "environment_uv_requirements": LockedTool::requirements(uv),
        });
        let mut prove = json!({ "verify_prefix": host.prefix, "verify_environment": name, "verify_imports": imports });
        if let Some(count) = self.gpus(host) {
            prove["verify_gpus"] = json!(count);
        }
        vec![
            role("environment", address, build, host.is_system_managed),
            role("verify", address, prove, host.is_system_managed),
        ]
    }
}

impl Graph {
    /// How many NVIDIA GPUs a host is said to have; whether frameworks see others is not known here.
    fn gpus(&self, host: &Host) -> Option<u32> {
        let (name, count) = self.group(&host.address.group)?.accelerators.as_ref()?;
        tables().other_accelerator(name).is_none().then_some(*count)
    }
}

fn toolkit(host: &Host, address: &Address, version: &str) -> HostSection {
    let variables = json!({ "cuda_toolkit_version": version, "cuda_toolkit_supply": supply(host) });
    role("cuda_toolkit", address, variables, true)
}

fn containers(host: &Host, address: &Address, runtime: &str) -> HostSection {
    let variables = json!({ "container_toolkit_runtime": runtime, "container_toolkit_supply": supply(host) });
    role("container_toolkit", address, variables, true)
}

/// Where a host finds what a bundle brought; the roles `base` and `environment` know it by its name below the prefix.
fn supply(host: &Host) -> String {
    format!("{}/supply", host.prefix)
}

fn base(host: &Host, address: &Address) -> HostSection {
    let variables = json!({ "base_prefix": host.prefix, "base_system_packages": host.is_system_managed });
    role("base", address, variables, host.is_system_managed)
}

/// What takes a resource off a host that has it. `None` for a playbook, which only its author could undo, and for the
/// driver, which others on the host may use (decision 0010).
pub fn removal(address: &Address, host: &Host) -> Option<HostSection> {
    let (name, variables) = match address {
        Address::Host(_) => {
            let variables = json!({
                "base_prefix": host.prefix,
                "base_system_packages": host.is_system_managed,
                "base_state": "absent",
            });
            ("base", variables)
        }
        Address::Environment(_, name) => {
            let variables = json!({
                "environment_prefix": host.prefix,
                "environment_name": name,
                "environment_state": "absent",
            });
            ("environment", variables)
        }
        Address::CudaToolkit(_, version) => {
            ("cuda_toolkit", json!({ "cuda_toolkit_version": version, "cuda_toolkit_state": "absent" }))
        }
        Address::ContainerToolkit(_, runtime) => {
            let variables = json!({ "container_toolkit_runtime": runtime, "container_toolkit_state": "absent" });
            ("container_toolkit", variables)
        }
        Address::Driver(_) | Address::Playbook(..) => return None,
    };
    Some(role(name, address, variables, host.is_system_managed))
}

/// Runs as the login user: whatever needs root says `become` itself, as under Ansible.
fn playbook(address: &Address, path: &str) -> HostSection {
    HostSection {
        address: address.clone(),
        entry: Entry::Playbook(path.to_owned()),
        variables: Map::new(),
        r#become: false,
    }
}

fn role(name: &str, address: &Address, variables: Value, r#become: bool) -> HostSection {
    let Value::Object(variables) = variables else { unreachable!("role variables are written as an object") };
    HostSection { address: address.clone(), entry: Entry::Role(name.to_owned()), variables, r#become }
}
