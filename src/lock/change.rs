//! How one lock differs from another, for a person to read.

use crate::project::{Lock, LockedEnvironment, Platform};
use std::collections::{BTreeMap, BTreeSet};

/// One package that came, went or moved.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// In which environment.
    pub environment: String,
    /// For which hosts.
    pub platform: Platform,
    /// Its name.
    pub package: String,
    /// The version it had; none when it came.
    pub from: Option<String>,
    /// The version it has; none when it went.
    pub to: Option<String>,
}

/// Every difference between two locks, in the order of the lock file.
pub fn changes(old: &Lock, new: &Lock) -> Vec<Change> {
    let entries = [old, new].into_iter().flat_map(|lock| &lock.environments);
    let keys: BTreeSet<_> = entries.map(|entry| (&entry.name, entry.platform)).collect();
    let of = |(name, platform): (&String, Platform)| {
        in_environment(name, platform, old.environment(name, platform), new.environment(name, platform))
    };
    keys.into_iter().flat_map(of).collect()
}

fn in_environment(
    name: &str,
    platform: Platform,
    old: Option<&LockedEnvironment>,
    new: Option<&LockedEnvironment>,
) -> Vec<Change> {
    let (old, new) = (versions(old), versions(new));
    let names: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
    let moved = names.into_iter().filter(|package| old.get(package) != new.get(package));
    let change = |package: &str| Change {
        environment: name.to_owned(),
        platform,
        package: package.to_owned(),
        from: old.get(package).map(|v| (*v).to_owned()),
        to: new.get(package).map(|v| (*v).to_owned()),
    };
    moved.map(change).collect()
}

fn versions(entry: Option<&LockedEnvironment>) -> BTreeMap<&str, &str> {
    entry.into_iter().flat_map(|entry| &entry.packages).map(|p| (p.name.as_str(), p.version.as_str())).collect()
}
