//! The standard lock format (PEP 751) as far as `uv` speaks it: read for names, versions and hashes, written for names
//! and versions. Addresses of files stay behind: a lock of ours names no host.

use super::{Located, ResolveError};
use crate::project::LockedPackage;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Pylock {
    #[serde(default)]
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: Option<String>,
    #[serde(default)]
    wheels: Vec<Artifact>,
    sdist: Option<Artifact>,
}

#[derive(Deserialize)]
struct Artifact {
    url: Option<String>,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
}

/// A package and its wheel on a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) url: String,
    pub(super) sha256: String,
}

/// The first wheel of each package that lies on a server, as `uv` prefers them.
pub(super) fn owners(text: &str) -> Vec<Owner> {
    let pylock: Pylock = toml::from_str(text).unwrap_or(Pylock { packages: Vec::new() });
    let wheel = |package: Package| {
        let wheel = package.wheels.into_iter().next()?;
        let url = wheel.url.filter(|url| url.starts_with("http"))?;
        let sha256 = wheel.hashes.get("sha256")?.clone();
        Some(Owner { name: package.name, version: package.version?, url, sha256 })
    };
    pylock.packages.into_iter().filter_map(wheel).collect()
}

/// The packages of an answer, sorted. `uv` lists only wheels that fit the platform asked for; the source counts only
/// where there is none, so that a host never builds what it could unpack.
pub(super) fn packages(text: &str, subject: &str) -> Result<Vec<LockedPackage>, ResolveError> {
    let subject = || subject.to_owned();
    let pylock: Pylock = toml::from_str(text).map_err(|source| ResolveError::Answer { subject: subject(), source })?;
    let mut packages = Vec::new();
    for package in pylock.packages {
        let hashes = hashes(&package);
        match package.version {
            Some(version) if !hashes.is_empty() => packages.push(LockedPackage { name: package.name, version, hashes }),
            _ => return Err(ResolveError::NotFromIndex { subject: subject(), package: package.name }),
        }
    }
    packages.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(packages)
}

fn hashes(package: &Package) -> Vec<String> {
    let sha256 = |artifact: &Artifact| artifact.hashes.get("sha256").map(|hex| format!("sha256:{hex}"));
    let mut hashes: Vec<_> = package.wheels.iter().filter_map(sha256).collect();
    if hashes.is_empty() {
        hashes.extend(package.sdist.as_ref().and_then(sha256));
    }
    hashes.sort();
    hashes.dedup();
    hashes
}

/// Every wheel of an answer that lies at an address.
pub(super) fn wheels(text: &str, subject: &str) -> Result<Vec<Located>, ResolveError> {
    let subject = || subject.to_owned();
    let pylock: Pylock = toml::from_str(text).map_err(|source| ResolveError::Answer { subject: subject(), source })?;
    let located = |wheel: &Artifact| {
        let url = wheel.url.clone()?;
        Some(Located { name: file_name(&url), sha256: wheel.hashes.get("sha256")?.clone(), url })
    };
    Ok(pylock.packages.iter().flat_map(|package| &package.wheels).filter_map(located).collect())
}

/// The last part of an address; a `+` of a local version is often written `%2B` there.
fn file_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.rsplit('/').next().unwrap_or(path).replace("%2B", "+").replace("%2b", "+")
}

/// An answer with these versions and nothing else, for `uv` to prefer them.
pub(super) fn preferences(packages: &[LockedPackage]) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned());
    let entry =
        |p: &LockedPackage| format!("\n[[packages]]\nname = {}\nversion = {}\n", quoted(&p.name), quoted(&p.version));
    let entries = match packages {
        [] => "packages = []\n".to_owned(),
        _ => packages.iter().map(entry).collect(),
    };
    format!("lock-version = \"1.0\"\ncreated-by = \"aether\"\n{entries}")
}
