//! The files a playbook may refer to, as values.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// Where the project's own roles lie.
const OWN_ROLES: &str = "playbooks/roles";

/// Files by path: `roles/<role>/tasks/main.yml`, `playbooks/site.yml`, `playbooks/files/motd`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Library {
    files: BTreeMap<String, Vec<u8>>,
}

impl Library {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; a later one of the same path replaces the earlier.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// The bytes of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// Every path, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Every path below a folder, sorted.
    pub fn below(&self, folder: &str) -> impl Iterator<Item = &str> {
        let prefix = format!("{folder}/");
        let from = self.files.range::<str, _>((Bound::Included(prefix.as_str()), Bound::Unbounded));
        from.map(|(path, _)| path.as_str()).take_while(move |path| path.starts_with(&prefix))
    }

    /// True when the project has a role of that name in `playbooks/roles/`.
    pub fn has_own_role(&self, role: &str) -> bool {
        self.below(&format!("{OWN_ROLES}/{role}")).next().is_some()
    }

    /// Lets the project's roles stand for bundled ones of the same name. A role is replaced whole, as Ansible does it:
    /// the first folder of that name wins, and nothing of another is looked at.
    pub fn prefer_own_roles(&mut self) {
        let own: Vec<String> = self.below(OWN_ROLES).map(str::to_owned).collect();
        let name = |path: &str| path[OWN_ROLES.len() + 1..].split_once('/').map(|(role, _)| format!("roles/{role}/"));
        let replaced: BTreeSet<String> = own.iter().filter_map(|path| name(path)).collect();
        self.files.retain(|path, _| !replaced.iter().any(|role| path.starts_with(role)));
        for path in own {
            let bytes = self.files[&path].clone();
            self.files.insert(path["playbooks/".len()..].to_owned(), bytes);
        }
    }
}
