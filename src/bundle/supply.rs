//! What a host wants of a bundle, and the way it gets there.

use super::list::Listed;
use super::push::{Pusher, quoted};
use super::{Bundle, BundleError};
use crate::graph::Host;
use crate::playbook::{Facts, Task};
use crate::ports::{Remote, Supply, SupplyError, Wants};
use crate::project::Lock;
use std::collections::BTreeSet;

/// Modules that fetch.
const FETCHES: [&str; 6] = ["apt", "apt_repository", "dnf", "get_url", "package", "rpm_key"];
/// Roles that know what to do with a supply.
const SUPPLIED: [&str; 8] = [
    "base",
    "container_toolkit",
    "cuda_repository",
    "cuda_toolkit",
    "environment",
    "nvidia_driver",
    "supply",
    "verify",
];

/// A bundle for the hosts of one lock.
pub struct Supplies {
    /// The bundle.
    pub bundle: Bundle,
    /// What decides which wheels a host wants.
    pub lock: Lock,
}

impl Supply for Supplies {
    fn refusal(&self, host: &Host, tasks: &[Task]) -> Option<String> {
        let is_supplied = |task: &Task| SUPPLIED.iter().any(|role| task.name.starts_with(&format!("{role} : ")));
        let elsewhere = |task: &&Task| FETCHES.contains(&short(&task.module)) && !is_supplied(task);
        tasks.iter().find(elsewhere).map(|task| {
            format!(
                "task `{}` on `{}` uses `{}`, which fetches from elsewhere, and only the bundle may be asked",
                task.name,
                host.address,
                short(&task.module)
            )
        })
    }

    fn bring(&self, to: &Wants<'_>, remote: &mut dyn Remote) -> Result<u64, SupplyError> {
        let folder = folder(to.host);
        let mut pusher = pusher(to, remote)?;
        let there = look(&folder, &mut pusher)?;
        let mut bytes = 0;
        for (place, part) in self.wanted(to) {
            let target = format!("{place}/{}", name(&part.path));
            if there.contains(&format!("{}  {target}", part.sha256)) {
                continue;
            }
            let source = |error: BundleError| SupplyError::Source { file: part.path.clone(), source: error.into() };
            let from = self.bundle.part(&part.path).map_err(source)?;
            pusher.send(&format!("{folder}/{target}"), &part.sha256, from)?;
            bytes += part.bytes;
        }
        Ok(bytes)
    }

    fn clear(&self, to: &Wants<'_>, remote: &mut dyn Remote) -> Result<(), SupplyError> {
        let folder = folder(to.host);
        let mut pusher = pusher(to, remote)?;
        let (_, ending) = pusher.run(&format!("rm -rf {}", quoted(&folder)), &[])?;
        pusher.must(&folder, &ending)
    }
}

impl Supplies {
    /// Folder and part of everything the host wants.
    fn wanted<'a>(&'a self, to: &'a Wants<'_>) -> Vec<(&'static str, &'a Listed)> {
        let platform = to.host.platform;
        let entries = to.environments.iter().filter_map(|name| self.lock.environment(name, platform));
        let hashes: BTreeSet<&str> = entries
            .flat_map(|entry| &entry.packages)
            .flat_map(|package| &package.hashes)
            .map(|hash| hash.trim_start_matches("sha256:"))
            .collect();
        let mut wanted: Vec<(&str, &Listed)> = Vec::new();
        if !hashes.is_empty() {
            let tools = self.bundle.tools(&self.lock, platform);
            let own = self.bundle.list.files.iter().filter(|file| hashes.contains(file.sha256.as_str()));
            wanted.extend(own.chain(tools).map(|part| ("wheels", part)));
        }
        let system = system(to.facts);
        let packages = self.bundle.list.files.iter().filter(|part| {
            to.host.is_system_managed && part.path.strip_prefix("packages/").is_some_and(|path| is_for(path, &system))
        });
        wanted.extend(packages.map(|part| ("packages", part)));
        wanted
    }
}

/// Makes the folders, and lists what is in them with its checksums. What a role made of an earlier supply goes.
fn look(folder: &str, pusher: &mut Pusher<'_>) -> Result<BTreeSet<String>, SupplyError> {
    let place = quoted(folder);
    let script = format!(
        "set -e; umask 022; mkdir -p {place}/wheels {place}/packages; cd {place}; \
         rm -rf -- apt */*.part; for file in */*; do if [ -f \"$file\" ]; then sha256sum \"$file\"; fi; done"
    );
    let (lines, ending) = pusher.run(&script, &[])?;
    pusher.must(folder, &ending)?;
    Ok(lines.into_iter().collect())
}

fn pusher<'a>(to: &'a Wants<'_>, remote: &'a mut dyn Remote) -> Result<Pusher<'a>, SupplyError> {
    let is_superuser = to.facts.0.get("user_uid").and_then(serde_json::Value::as_i64) == Some(0);
    Ok(Pusher::new(&to.host.target.name, to.host.is_system_managed && !is_superuser, remote)?)
}

/// Where a host finds what was brought; the roles know it by this name.
fn folder(host: &Host) -> String {
    format!("{}/supply", host.prefix)
}

/// `debian-12`, `ubuntu-24.04`.
fn system(facts: &Facts) -> String {
    let text = |name: &str| facts.0.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    let name = text("distribution").to_lowercase();
    let version = if name == "ubuntu" { text("distribution_version") } else { text("distribution_major_version") };
    format!("{name}-{version}")
}

/// Packages lie in a folder of their system, or at the top when they are for all hosts.
fn is_for(path: &str, system: &str) -> bool {
    path.split_once('/').is_none_or(|(folder, _)| folder == system)
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn short(module: &str) -> &str {
    name(module).rsplit('.').next().unwrap_or(module)
}
