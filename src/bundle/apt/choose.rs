//! What has to be brought so that some packages can be installed: they, and everything they need that the repository has.

use super::index::{Index, Need, Package};
use super::version::upstream;
use std::collections::{BTreeMap, BTreeSet};

/// Packages to bring.
#[derive(Debug, Default)]
pub(super) struct Chosen<'a> {
    /// By name and version.
    packages: BTreeMap<(&'a str, &'a str), &'a Package>,
    /// Names that the repository does not have: the system's own archive must.
    pub(super) outside: BTreeSet<String>,
}

/// A wish for packages of a driver: `580`, or `580.65.06`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pin<'a>(pub(super) &'a str);

impl<'a> Chosen<'a> {
    /// Chooses a package and what it needs; none when the repository does not have it.
    pub(super) fn add(&mut self, need: &Need, pin: Option<Pin<'_>>, index: &'a Index) -> Option<&'a Package> {
        let first = best(index, need, pin)?;
        let mut open = vec![first];
        while let Some(package) = open.pop() {
            if self.packages.insert((&package.name, &package.version), package).is_some() {
                continue;
            }
            for group in &package.needs {
                match group.iter().find_map(|need| best(index, need, pin)) {
                    Some(found) => open.push(found),
                    // The first alternative is the one that apt would take.
                    None => self.outside.extend(group.first().map(|need| need.name.clone())),
                }
            }
        }
        Some(first)
    }

    /// Every one of them.
    pub(super) fn packages(&self) -> impl Iterator<Item = &'a Package> {
        self.packages.values().copied()
    }
}

/// The newest package that meets a need; of a driver's packages, the newest that the pin lets through.
fn best<'a>(index: &'a Index, need: &Need, pin: Option<Pin<'_>>) -> Option<&'a Package> {
    index.meeting(need).find(|package| pin.is_none_or(|pin| !is_of_a_driver(package) || pin.is_met_by(package)))
}

impl Pin<'_> {
    fn is_met_by(self, package: &Package) -> bool {
        let version = upstream(&package.version);
        version == self.0 || version.strip_prefix(self.0).is_some_and(|rest| rest.starts_with('.'))
    }
}

/// All parts of a driver carry its version, whatever their names; the role `nvidia_driver` tells them by the same signs.
fn is_of_a_driver(package: &Package) -> bool {
    let name = &package.name;
    let is_named = name.contains("nvidia")
        || ["cuda-drivers", "libnv", "libcuda", "libxnvctrl"].iter().any(|start| name.starts_with(start));
    let branch = upstream(&package.version).split_once('.').map_or("", |(branch, _)| branch);
    is_named && branch.len() == 3 && branch >= "300" && branch.bytes().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(entries: &[(&str, &str, &str)]) -> Index {
        let entry = |(name, version, depends): &(&str, &str, &str)| {
            format!(
                "Package: {name}\nVersion: {version}\nDepends: {depends}\nFilename: ./{name}_{version}.deb\nSHA256: 0\n"
            )
        };
        Index::read(&entries.iter().map(entry).collect::<Vec<_>>().join("\n"))
    }

    fn chosen(index: &Index, name: &str, pin: Option<&str>) -> (Vec<String>, Vec<String>) {
        let need = Need::any(name);
        let mut chosen = Chosen::default();
        chosen.add(&need, pin.map(Pin), index);
        let files = chosen.packages().map(|package| format!("{} {}", package.name, package.version)).collect();
        (files, chosen.outside.iter().cloned().collect())
    }

    #[test]
    fn what_a_package_needs_is_chosen_within_the_branch_and_the_rest_is_named() {
        let index = index(&[
            ("nvidia-open", "590.48.01-1", "nvidia-dkms (= 590.48.01-1)"),
            ("nvidia-open", "580.65.06-1", "nvidia-dkms (= 580.65.06-1)"),
            ("nvidia-open", "580.95.05-1", "nvidia-dkms (>= 580), nvlsm | nothing, libc6 (>= 2.17)"),
            ("nvidia-dkms", "590.48.01-1", "dkms"),
            ("nvidia-dkms", "580.95.05-1", "dkms:any, nvidia-open"),
            ("nvlsm", "2025.06-1", ""),
        ]);
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let (files, outside) = chosen(&index, "nvidia-open", Some("580"));
        assert_eq!(files, names(&["nvidia-dkms 580.95.05-1", "nvidia-open 580.95.05-1", "nvlsm 2025.06-1"]));
        assert_eq!(outside, names(&["dkms", "libc6"]));
        assert_eq!(chosen(&index, "nvidia-open", Some("58")), (Vec::new(), Vec::new()));
        assert_eq!(
            chosen(&index, "nvidia-open", None).0,
            names(&["nvidia-dkms 590.48.01-1", "nvidia-open 590.48.01-1"])
        );
        // A part of the exact version that the repository no longer has.
        assert_eq!(chosen(&index, "nvidia-open", Some("580.65.06")).1, names(&["nvidia-dkms"]));
    }
}
