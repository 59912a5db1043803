//! Reads `infra/ansible` back the way Ansible would, and compares what it says with the graph.

use super::FOLDER;
use super::render::role_files;
use super::view::{Role, aliases, connection, expected, future_host, removals};
use crate::artifacts::group_name::group_name;
use crate::artifacts::roles_in_use::needed;
use crate::graph::{Graph, Host, HostSection};
use crate::playbook::{Entry, Library};
use crate::ports::Rendered;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What differs, one line each; empty when the files say what the graph says.
pub(super) fn verify(graph: &Graph, library: &Library, files: &[Rendered]) -> Vec<String> {
    let mut reading = Reading { files: by_path(files), library, roles: BTreeSet::new(), problems: Vec::new() };
    let future: Vec<Host> = graph.project.groups.iter().filter_map(|group| future_host(graph, group)).collect();
    if graph.hosts.is_empty() && future.is_empty() {
        return reading.problems;
    }
    let inventory = reading.yaml("hosts.yml");
    let (site, remove) = (reading.yaml("site.yml"), reading.yaml("remove.yml"));
    let (site, remove) = (Plays::of(&site), Plays::of(&remove));
    let aliases = aliases(graph);
    let mut proven = HashSet::new();
    for host in &graph.hosts {
        let alias = &aliases[&host.address];
        reading.check_connection(host, alias, &inventory);
        // Hosts of a group that are set up alike are read once: a group may have thousands.
        let has_own = reading.files.contains_key(format!("host_vars/{alias}.yml").as_str());
        if proven.insert((&host.address.group, &host.prefix, host.is_system_managed, has_own)) {
            reading.check_sections(graph, host, alias, &site);
            reading.check_removals(graph, host, &remove);
        }
    }
    for machine in &future {
        reading.check_sections(graph, machine, "", &site);
        reading.check_removals(graph, machine, &remove);
    }
    reading.check_roles();
    reading.problems
}

fn by_path(files: &[Rendered]) -> BTreeMap<&str, &[u8]> {
    let below = |file| -> Option<(&str, &[u8])> {
        let file: &Rendered = file;
        let path = file.path.to_str()?.strip_prefix(FOLDER)?.strip_prefix('/')?;
        Some((path, file.bytes.as_slice()))
    };
    files.iter().filter_map(below).collect()
}

/// The files by path below the family's folder, and what was found wrong with them.
struct Reading<'f> {
    files: BTreeMap<&'f str, &'f [u8]>,
    library: &'f Library,
    /// Roles that the plays run.
    roles: BTreeSet<String>,
    problems: Vec<String>,
}

/// What one file of plays holds: there may be as many as hosts.
struct Plays<'v> {
    by_group: HashMap<&'v str, &'v Value>,
    imports: HashSet<&'v str>,
}

impl<'v> Plays<'v> {
    fn of(plays: &'v Value) -> Self {
        let by_group = items(plays).filter_map(|play| Some((play["hosts"].as_str()?, play)));
        let imports = items(plays).filter_map(|play| play["ansible.builtin.import_playbook"].as_str());
        Self { by_group: by_group.collect(), imports: imports.collect() }
    }
}

impl Reading<'_> {
    fn problem(&mut self, file: &str, what: &str) {
        self.problems.push(format!("`{FOLDER}/{file}` {what}"));
    }

    fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).and_then(|bytes| std::str::from_utf8(bytes).ok())
    }

    fn yaml(&mut self, path: &str) -> Value {
        let Some(text) = self.text(path) else {
            self.problem(path, "is missing or not text");
            return Value::Null;
        };
        serde_yaml::from_str(text).unwrap_or_else(|_| {
            self.problem(path, "is no YAML");
            Value::Null
        })
    }

    fn check_connection(&mut self, host: &Host, alias: &str, inventory: &Value) {
        let listed = &inventory["all"]["children"][group_name(&host.address.group)]["hosts"][alias];
        let wanted: Map<String, Value> =
            connection(&host.target.way).into_iter().map(|variable| (variable.name, variable.value)).collect();
        if listed.is_null() {
            self.problem("hosts.yml", &format!("does not list `{}`", host.address));
        } else if *listed != Value::Object(wanted) {
            self.problem("hosts.yml", &format!("reaches `{}` in another way than the manifest says", host.address));
        }
    }

    fn check_sections(&mut self, graph: &Graph, host: &Host, alias: &str, site: &Plays<'_>) {
        let group = group_name(&host.address.group);
        let Some(play) = site.by_group.get(group.as_str()).copied() else {
            return self.problem("site.yml", &format!("has no play for the hosts of `{}`", host.address.group));
        };
        let of_group = self.yaml(&format!("group_vars/{group}.yml"));
        let own_path = format!("host_vars/{alias}.yml");
        let own = if self.files.contains_key(own_path.as_str()) { self.yaml(&own_path) } else { Value::Null };
        let root = own.get("ansible_become").unwrap_or(&play["become"]);
        if *root != Value::Bool(host.is_system_managed) {
            self.problem("site.yml", &format!("has the wrong `become` for `{}`", host.address));
        }
        let sections = graph.sections(host);
        let mut uses = roles(play);
        for section in &sections {
            match &section.entry {
                Entry::Playbook(path) => self.check_import(site, path),
                Entry::Role(name) => match uses.next().filter(|role| role["role"] == name.as_str()) {
                    Some(role) => {
                        let merged = merge(name, [&of_group, &own, &role["vars"]]);
                        self.check_variables(section, host, name, &merged);
                        self.roles.insert(name.clone());
                    }
                    None => self.problem("site.yml", &format!("does not run `{name}` for `{}`", section.address)),
                },
            }
        }
        if uses.next().is_some() {
            self.problem("site.yml", &format!("runs more on `{}` than the manifest says", host.address));
        }
    }

    fn check_removals(&mut self, graph: &Graph, host: &Host, remove: &Plays<'_>) {
        let play = remove.by_group.get(group_name(&host.address.group).as_str());
        let found = play.map(|play| roles(play).collect::<Vec<_>>());
        let wanted = removals(&graph.sections(host), host);
        let is_same = |(role, wanted): (&&Value, &Role)| {
            let variables = wanted.variables.iter().map(|variable| (variable.name.clone(), variable.value.clone()));
            role["role"] == wanted.name.as_str() && role["vars"] == Value::Object(variables.collect())
        };
        let agrees = |found: &Vec<&Value>| found.len() == wanted.len() && found.iter().zip(&wanted).all(is_same);
        if !found.as_ref().is_some_and(agrees) {
            self.problem("remove.yml", &format!("does not undo what sets up `{}`", host.address));
        }
    }

    fn check_import(&mut self, site: &Plays<'_>, path: &str) {
        if !site.imports.contains(format!("../../{path}").as_str()) {
            self.problem("site.yml", &format!("does not import `{path}`"));
        }
    }

    fn check_variables(&mut self, section: &HostSection, host: &Host, role: &str, merged: &HashMap<&str, &Value>) {
        let wanted = expected(section, host);
        let known = |name: &str| wanted.contains_key(name);
        for name in merged.keys().filter(|name| !known(name)) {
            self.problem("site.yml", &format!("gives `{role}` a `{name}` that nobody asked for"));
        }
        for (name, wanted) in wanted {
            let found = merged.get(name.as_str()).map(|value| self.look_up(value));
            if found.as_ref() != Some(&wanted) {
                let what = format!("and its variables give `{role}` another `{name}` for `{}`", section.address);
                self.problem("site.yml", &what);
            }
        }
    }

    /// The value Ansible would see: the text of a file where the value looks one up.
    fn look_up(&self, value: &Value) -> Value {
        let path = value
            .as_str()
            .and_then(|text| text.strip_prefix("{{ lookup('ansible.builtin.file', playbook_dir ~ '/"))
            .and_then(|rest| rest.strip_suffix("', rstrip=false) }}"));
        path.map_or_else(|| value.clone(), |path| self.text(path).map_or(Value::Null, Value::from))
    }

    fn check_roles(&mut self) {
        for role in needed(self.library, &self.roles) {
            self.check_role(&role);
        }
    }

    fn check_role(&mut self, role: &str) {
        if self.library.has_own_role(role) {
            let prefix = format!("roles/{role}/");
            if let Some(path) = self.files.keys().copied().find(|path| path.starts_with(&prefix)) {
                self.problem(path, "hides the project's own role of that name");
            }
        }
        for wanted in role_files(self.library, role) {
            let path =
                wanted.path.strip_prefix(FOLDER).ok().and_then(|path| path.to_str()).unwrap_or_default().to_owned();
            if self.files.get(path.as_str()) != Some(&wanted.bytes.as_slice()) {
                self.problem(&path, "is not the bundled role's file");
            }
        }
    }
}

fn roles(play: &Value) -> impl Iterator<Item = &Value> {
    items(&play["roles"])
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// The variables of one role, later ones over earlier ones.
fn merge<'v>(role: &str, layers: [&'v Value; 3]) -> HashMap<&'v str, &'v Value> {
    let of_role = |(name, value): (&'v String, &'v Value)| {
        let is_its_own = name.strip_prefix(role).is_some_and(|rest| rest.starts_with('_'));
        is_its_own.then_some((name.as_str(), value))
    };
    layers.into_iter().filter_map(Value::as_object).flatten().filter_map(of_role).collect()
}
