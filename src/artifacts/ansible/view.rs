//! Graph → what the Ansible templates show. All decisions of the family are here.

use crate::address::{Address, HostAddress};
use crate::artifacts::group_name::group_name;
use crate::graph::{Graph, Host, HostSection, Target, Way, removal};
use crate::playbook::Entry;
use crate::project::{Accelerator, Architecture, HostGroup, Platform};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Variables that say which environment; all others of a role are the same for a whole group.
const OF_ENVIRONMENT: [&str; 5] =
    ["environment_name", "environment_python", "environment_requirements", "verify_environment", "verify_imports"];

/// Everything the templates show.
#[derive(Debug, Serialize)]
pub(super) struct View {
    pub(super) project: String,
    pub(super) groups: Vec<Group>,
    /// The project's own playbooks, relative to `site.yml`, each once.
    pub(super) playbooks: Vec<Import>,
    #[serde(skip)]
    pub(super) requirements: Vec<Requirements>,
    /// Names of the roles that the plays run, sorted.
    #[serde(skip)]
    pub(super) roles: BTreeSet<String>,
}

/// A host group: a play, its variables, its part of the inventory.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    /// Its name in the manifest.
    pub(super) title: String,
    /// Its name in Ansible.
    pub(super) name: String,
    pub(super) r#become: bool,
    /// Its machines are listed by Terraform once they exist.
    pub(super) is_provisioned: bool,
    pub(super) roles: Vec<Role>,
    /// What `remove.yml` runs: the last one set up goes first.
    pub(super) removals: Vec<Role>,
    pub(super) variables: Vec<Variable>,
    pub(super) hosts: Vec<Member>,
}

/// One role of a play.
#[derive(Debug, Serialize)]
pub(super) struct Role {
    pub(super) name: String,
    pub(super) variables: Vec<Variable>,
}

/// A variable with its value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Variable {
    pub(super) name: String,
    /// ` !unsafe` before a text that Ansible would take for a template.
    pub(super) tag: &'static str,
    pub(super) value: Value,
    pub(super) is_list: bool,
}

/// One host of the inventory.
#[derive(Debug, Serialize)]
pub(super) struct Member {
    /// Its name in Ansible, unique over all groups.
    pub(super) alias: String,
    pub(super) variables: Vec<Variable>,
    /// What differs from its group, for `host_vars`.
    #[serde(skip)]
    pub(super) own: Vec<Variable>,
}

/// A playbook of the project.
#[derive(Debug, Serialize)]
pub(super) struct Import {
    pub(super) title: String,
    pub(super) path: String,
}

/// A requirements file.
#[derive(Debug)]
pub(super) struct Requirements {
    /// `requirements/train-x86_64-cpu.txt`, below the family's folder.
    pub(super) path: String,
    pub(super) text: String,
}

/// Looks at the graph once for all templates.
pub(super) fn view(graph: &Graph) -> View {
    let aliases = aliases(graph);
    let mut members: HashMap<&str, Vec<&Host>> = HashMap::new();
    for host in &graph.hosts {
        members.entry(&host.address.group).or_default().push(host);
    }
    let mut view = View {
        project: graph.project.name.clone(),
        groups: Vec::new(),
        playbooks: Vec::new(),
        requirements: Vec::new(),
        roles: BTreeSet::new(),
    };
    for group in &graph.project.groups {
        let hosts = members.get(group.name.as_str()).map_or(&[][..], Vec::as_slice);
        if let Some(first) = hosts.first().copied().cloned().or_else(|| future_host(graph, group)) {
            add_group(&mut view, graph, group, &first, hosts, &aliases);
        }
    }
    view.requirements.sort_by(|a, b| a.path.cmp(&b.path));
    view.requirements.dedup_by(|a, b| a.path == b.path);
    view
}

fn add_group(
    view: &mut View,
    graph: &Graph,
    group: &HostGroup,
    first: &Host,
    hosts: &[&Host],
    aliases: &HashMap<HostAddress, String>,
) {
    let sections = graph.sections(first);
    for section in &sections {
        match &section.entry {
            Entry::Role(name) => _ = view.roles.insert(name.clone()),
            Entry::Playbook(path) => import(&mut view.playbooks, path),
        }
        view.requirements.extend(requirements(section, group.platform));
    }
    let variables = shared(&sections, first);
    view.groups.push(Group {
        title: group.name.clone(),
        name: group_name(&group.name),
        r#become: first.is_system_managed,
        is_provisioned: graph.machines_of(&group.name).is_some(),
        roles: sections.iter().filter_map(|section| role(section, group.platform)).collect(),
        removals: removals(&sections, first),
        hosts: hosts
            .iter()
            .map(|host| member(graph, host, first, &variables, aliases[&host.address].clone()))
            .collect(),
        variables,
    });
}

/// A machine as it will be when its cloud has made it, for a group that has none yet.
pub(super) fn future_host(graph: &Graph, group: &HostGroup) -> Option<Host> {
    graph.machines_of(&group.name).map(|_| Host {
        address: HostAddress::new(&group.name, "0"),
        target: Target { name: group.name.clone(), way: Way::Local },
        platform: group.platform,
        prefix: "/opt/aether".to_owned(),
        is_system_managed: true,
    })
}

fn import(playbooks: &mut Vec<Import>, path: &str) {
    if !playbooks.iter().any(|known| known.title == path) {
        playbooks.push(Import { title: path.to_owned(), path: format!("../../{path}") });
    }
}

fn requirements(section: &HostSection, platform: Platform) -> Vec<Requirements> {
    let file = |variable: &str| {
        let text = section.variables.get(variable)?.as_str()?.to_owned();
        Some(Requirements { path: requirements_path(&section.address, variable, platform)?, text })
    };
    ["environment_requirements", "environment_uv_requirements"].into_iter().filter_map(file).collect()
}

/// Where the text of a variable lies as a file of its own: readable, and diffed line by line.
fn requirements_path(address: &Address, variable: &str, platform: Platform) -> Option<String> {
    match (variable, address) {
        ("environment_requirements", Address::Environment(_, name)) => {
            Some(format!("requirements/{name}-{}.txt", platform_name(platform)))
        }
        ("environment_uv_requirements", _) => Some("requirements/uv.txt".to_owned()),
        _ => None,
    }
}

fn platform_name(platform: Platform) -> String {
    let architecture = match platform.architecture {
        Architecture::X86_64 => "x86_64",
        Architecture::Aarch64 => "aarch64",
    };
    let accelerator = match platform.accelerator {
        Accelerator::Cpu => "cpu",
        Accelerator::Cuda => "cuda",
    };
    format!("{architecture}-{accelerator}")
}

fn role(section: &HostSection, platform: Platform) -> Option<Role> {
    let Entry::Role(name) = &section.entry else { return None };
    let of_environment = section.variables.iter().filter(|(name, _)| OF_ENVIRONMENT.contains(&name.as_str()));
    let variables = of_environment
        .map(|(name, value)| match requirements_path(&section.address, name, platform) {
            Some(path) => lookup(name, &path),
            None => variable(name, value.clone()),
        })
        .collect();
    Some(Role { name: name.clone(), variables })
}

/// The roles that undo the sections, the last one set up first.
pub(super) fn removals(sections: &[HostSection], host: &Host) -> Vec<Role> {
    let mut addresses: Vec<&Address> = sections.iter().map(|section| &section.address).collect();
    addresses.dedup();
    let is_particular = |name: &str| OF_ENVIRONMENT.contains(&name) || name.ends_with("_state");
    let role = |section: HostSection| {
        let Entry::Role(name) = section.entry else { return None };
        let variables = section.variables.into_iter().filter(|(name, _)| is_particular(name));
        Some(Role { name, variables: variables.map(|(name, value)| variable(&name, value)).collect() })
    };
    addresses.into_iter().rev().filter_map(|address| removal(address, host)).filter_map(role).collect()
}

/// The variables of all roles that are the same for every environment of a host, sorted.
fn shared(sections: &[HostSection], host: &Host) -> Vec<Variable> {
    let mut shared = BTreeMap::new();
    for section in sections {
        for (name, value) in section.variables.iter().filter(|(name, _)| !OF_ENVIRONMENT.contains(&name.as_str())) {
            shared.insert(name, (section, value));
        }
    }
    let of_section = |(name, (section, value)): (&String, (&HostSection, &Value))| {
        if value.as_str() == Some(&host.prefix) {
            return prefix(name, host);
        }
        match requirements_path(&section.address, name, host.platform) {
            Some(path) => lookup(name, &path),
            None => variable(name, value.clone()),
        }
    };
    shared.into_iter().map(of_section).collect()
}

fn member(graph: &Graph, host: &Host, first: &Host, of_group: &[Variable], alias: String) -> Member {
    let is_like_the_first = host.prefix == first.prefix && host.is_system_managed == first.is_system_managed;
    let own = if is_like_the_first { Vec::new() } else { own(graph, host, of_group) };
    Member { alias, variables: connection(&host.target.way), own }
}

/// What a host has that its group has not.
fn own(graph: &Graph, host: &Host, of_group: &[Variable]) -> Vec<Variable> {
    let differing = shared(&graph.sections(host), host).into_iter().filter(|variable| !of_group.contains(variable));
    std::iter::once(variable("ansible_become", host.is_system_managed.into())).chain(differing).collect()
}

/// How Ansible gets to a host.
pub(super) fn connection(way: &Way) -> Vec<Variable> {
    let Way::Ssh { host, user, port, identity_file, jump } = way else {
        return vec![
            variable("ansible_connection", "local".into()),
            expression("ansible_python_interpreter", "{{ ansible_playbook_python }}".to_owned()),
        ];
    };
    let text = |name, value: &Option<String>| value.as_ref().map(|value| variable(name, value.clone().into()));
    let jump = jump.as_ref().map(|jump| format!("-o ProxyJump={}", shell_word(jump)));
    [
        Some(variable("ansible_host", host.clone().into())),
        port.map(|port| variable("ansible_port", port.into())),
        text("ansible_ssh_common_args", &jump),
        text("ansible_ssh_private_key_file", identity_file),
        text("ansible_user", user),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./-_[]".contains(c);
    if text.chars().all(is_plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

fn lookup(name: &str, path: &str) -> Variable {
    let text = format!("{{{{ lookup('ansible.builtin.file', playbook_dir ~ '/{path}', rstrip=false) }}}}");
    expression(name, text)
}

/// The prefix of a host. On this machine it lies in the project's folder, wherever that was checked out.
fn prefix(name: &str, host: &Host) -> Variable {
    match below_project(host) {
        Some(path) => expression(name, format!("{{{{ (playbook_dir ~ '/../..') | realpath }}}}/{path}")),
        None => variable(name, host.prefix.clone().into()),
    }
}

/// The part of a local prefix that is below the project's folder.
pub(super) fn below_project(host: &Host) -> Option<&str> {
    if host.target.way != Way::Local {
        return None;
    }
    host.prefix.rfind("/.aether/").map(|start| &host.prefix[start + 1..])
}

fn variable(name: &str, value: Value) -> Variable {
    let tag = if looks_like_a_template(&value) { " !unsafe" } else { "" };
    Variable { name: name.to_owned(), tag, is_list: value.as_array().is_some_and(|list| !list.is_empty()), value }
}

fn expression(name: &str, text: String) -> Variable {
    Variable { name: name.to_owned(), tag: "", value: text.into(), is_list: false }
}

fn looks_like_a_template(value: &Value) -> bool {
    match value {
        Value::String(text) => ["{{", "{%", "{#"].iter().any(|opening| text.contains(opening)),
        Value::Array(list) => list.iter().any(looks_like_a_template),
        _ => false,
    }
}

/// Ansible's name for each host. A name that two groups use, or that is also a group's, is told apart by its group.
pub(super) fn aliases(graph: &Graph) -> HashMap<HostAddress, String> {
    let plain = |name: &str| name.replace(|c: char| !c.is_ascii_alphanumeric() && !".-_".contains(c), "-");
    let mut uses: HashMap<String, usize> = HashMap::new();
    for host in &graph.hosts {
        *uses.entry(plain(&host.address.name)).or_default() += 1;
    }
    for group in &graph.project.groups {
        *uses.entry(group_name(&group.name)).or_default() += 1;
    }
    let alias = |host: &Host| {
        let name = plain(&host.address.name);
        let is_unique = uses.get(&name) == Some(&1);
        if is_unique { name } else { format!("{}.{name}", host.address.group) }
    };
    graph.hosts.iter().map(|host| (host.address.clone(), alias(host))).collect()
}

/// The variables of a section as Ansible must see them once the group's, the host's and the role's are merged.
pub(super) fn expected(section: &HostSection, host: &Host) -> Map<String, Value> {
    let local = |name: &String, value: &Value| {
        let is_prefix = value.as_str() == Some(&host.prefix);
        if is_prefix { prefix(name, host).value } else { value.clone() }
    };
    section.variables.iter().map(|(name, value)| (name.clone(), local(name, value))).collect()
}
