//! Which roles a rendered project takes, the ones that roles and playbooks ask for themselves included.
//!
//! Reads only who is named: whether that is right is the compiler's and Ansible's business.

use crate::diagnostic::{Diagnostics, Source};
use crate::playbook::Library;
use crate::yaml::{self, Kind, Node};
use std::collections::BTreeSet;

/// The roles of the plays, and every role of the library that one of them or a playbook of the project names.
pub(super) fn needed(library: &Library, in_plays: &BTreeSet<String>) -> BTreeSet<String> {
    let own_playbooks = library.below("playbooks").filter(|path| is_yaml(path));
    let mut open: Vec<String> = in_plays.iter().cloned().collect();
    open.extend(own_playbooks.flat_map(|path| named_in(library, path)));
    let mut needed = BTreeSet::new();
    while let Some(role) = open.pop() {
        let folder = format!("roles/{role}");
        if library.below(&folder).next().is_some() && needed.insert(role) {
            open.extend(library.below(&folder).filter(|path| is_yaml(path)).flat_map(|path| named_in(library, path)));
        }
    }
    needed
}

fn is_yaml(path: &str) -> bool {
    [".yml", ".yaml"].iter().any(|ending| path.ends_with(ending))
}

/// The roles a file of tasks, plays or dependencies names. A text that is no YAML names none: the compiler says so.
fn named_in(library: &Library, path: &str) -> Vec<String> {
    let text = String::from_utf8_lossy(library.get(path).unwrap_or_default()).into_owned();
    let mut names = Vec::new();
    if let Some(tree) = yaml::parse(&Source::new(path, text), &mut Diagnostics::new()) {
        collect(&tree, &mut names);
    }
    names
}

fn collect(node: &Node, names: &mut Vec<String>) {
    match &node.kind {
        Kind::List(items) => items.iter().for_each(|item| collect(item, names)),
        Kind::Map(entries) => {
            for (key, value) in entries {
                let word = key.value.rsplit('.').next().unwrap_or_default();
                match word {
                    "include_role" | "import_role" => names.extend(name_of(value)),
                    "roles" | "dependencies" => {
                        names.extend(value.as_list().unwrap_or_default().iter().filter_map(name_of));
                    }
                    _ => collect(value, names),
                }
            }
        }
        _ => {}
    }
}

/// `name`, `role: name` or `name: name`.
fn name_of(node: &Node) -> Option<String> {
    let text = node.as_text().or_else(|| node.get("role").or_else(|| node.get("name")).and_then(Node::as_text));
    text.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_brings_the_roles_it_names_and_a_playbook_of_the_project_its_own() {
        let mut library = Library::new();
        for (path, text) in [
            (
                "roles/driver/tasks/main.yml",
                "- block:\n    - ansible.builtin.include_role:\n        name: repository\n",
            ),
            ("roles/repository/meta/main.yml", "dependencies:\n  - role: keys\n"),
            ("roles/repository/tasks/main.yml", "[\n"),
            ("roles/keys/tasks/main.yml", "- include_role: {name: driver}\n"),
            ("roles/other/tasks/main.yml", ""),
            ("roles/aside/tasks/main.yml", ""),
            ("playbooks/site.yml", "- hosts: all\n  roles: [aside, nowhere]\n"),
        ] {
            library.insert(path, text);
        }
        let needed = needed(&library, &BTreeSet::from(["driver".to_owned()]));
        assert_eq!(needed.iter().map(String::as_str).collect::<Vec<_>>(), ["aside", "driver", "keys", "repository"]);
    }
}
