//! `aether.lock`: exact versions with hashes. Values and their text form; resolving is `lock/`'s work.

use super::Platform;
use crate::stack::{Fabric, Module};
use serde::{Deserialize, Serialize};

/// Everything that was pinned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// Format version, 1.
    pub version: u32,
    /// Programs that hosts need to build an environment (`uv`).
    #[serde(default, rename = "tool")]
    pub tools: Vec<LockedTool>,
    /// What hosts with GPUs carry beneath their environments: one entry per host group or cluster, sorted.
    #[serde(default, rename = "stack")]
    pub stacks: Vec<LockedStack>,
    /// One entry per environment and platform, sorted.
    #[serde(default, rename = "environment")]
    pub environments: Vec<LockedEnvironment>,
}

/// A pinned tool from the Python package index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedTool {
    /// Package name.
    pub name: String,
    /// Exact version.
    pub version: String,
    /// `sha256:…`, sorted.
    pub hashes: Vec<String>,
}

/// What the hosts of one group, or the nodes of one cluster, carry beneath their environments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedStack {
    /// The host group or cluster.
    pub group: String,
    /// The model of its GPUs as the tables have it: `A100`.
    pub device: String,
    /// The driver to install, a branch `580` or a release `580.65.06`; none when the one that is there is kept.
    pub driver: Option<String>,
    /// The lowest driver that everything here runs on; none when nothing says.
    pub driver_floor: Option<String>,
    /// The first branch that no longer drives these GPUs, where there is one: `590`.
    pub driver_below: Option<String>,
    /// Which kernel modules the driver loads; none when that is left to what is there.
    pub kernel_modules: Option<Module>,
    /// The CUDA release whose compiler is installed: `12.8`.
    pub cuda_toolkit: Option<String>,
    /// The service that joins the GPUs of a host.
    pub fabric: Option<Fabric>,
    /// What this rests on and nobody confirmed, in phrases.
    #[serde(default)]
    pub unconfirmed: Vec<String>,
    /// `sha256:…` of the wishes it was resolved from; another value means the lock is stale.
    pub inputs: String,
}

/// One environment on one platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedEnvironment {
    /// Its name in the manifest.
    pub name: String,
    /// Which hosts it is for.
    pub platform: Platform,
    /// `3.12`.
    pub python: String,
    /// `cpu`, or the CUDA variant of its framework such as `cu126`; none where the tables know none.
    pub variant: Option<String>,
    /// The project index that its wheels of torch come from; none is `PyPI`, where everything else comes from anyway.
    pub index: Option<String>,
    /// `sha256:…` of the wishes it was resolved from; another value means the lock is stale.
    pub inputs: String,
    /// Pinned packages, sorted by name.
    #[serde(default, rename = "package")]
    pub packages: Vec<LockedPackage>,
}

/// One pinned wheel or source distribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedPackage {
    /// Normalized name.
    pub name: String,
    /// Exact version.
    pub version: String,
    /// `sha256:…`, sorted.
    pub hashes: Vec<String>,
}

/// The lock file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Not the format this version reads.
    #[error("`aether.lock` cannot be read")]
    Format(#[source] toml::de::Error),
    /// Written by a newer Aether.
    #[error("`aether.lock` has format version {0}; this Aether reads version 1")]
    Version(u32),
}

impl Lock {
    /// Reads the text of `aether.lock`.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        let lock: Self = toml::from_str(text).map_err(LockError::Format)?;
        if lock.version == 1 { Ok(lock) } else { Err(LockError::Version(lock.version)) }
    }

    /// The entry for an environment on a platform.
    pub fn environment(&self, name: &str, platform: Platform) -> Option<&LockedEnvironment> {
        self.environments.iter().find(|e| e.name == name && e.platform == platform)
    }

    /// What the hosts of a group or the nodes of a cluster carry.
    pub fn stack(&self, group: &str) -> Option<&LockedStack> {
        self.stacks.iter().find(|stack| stack.group == group)
    }

    /// The entry for a tool.
    pub fn tool(&self, name: &str) -> Option<&LockedTool> {
        self.tools.iter().find(|t| t.name == name)
    }
}

/// What every lock file begins with.
const HEADER: &str = "# Written by `aether lock`: commit it, do not edit it.\n";

impl Lock {
    /// The text of `aether.lock`: sorted, one hash per line, the same bytes for the same lock.
    pub fn to_text(&self) -> String {
        let mut text = format!("{HEADER}version = {}\n", self.version);
        let mut tools: Vec<_> = self.tools.iter().collect();
        tools.sort_by_key(|tool| &tool.name);
        for tool in tools {
            text += &pinned("tool", &tool.name, &tool.version, &tool.hashes);
        }
        let mut stacks: Vec<_> = self.stacks.iter().collect();
        stacks.sort_by_key(|stack| &stack.group);
        for stack in stacks {
            text += &stack.to_text();
        }
        let mut environments: Vec<_> = self.environments.iter().collect();
        environments.sort_by_key(|entry| (&entry.name, entry.platform));
        for entry in environments {
            text += &entry.to_text();
        }
        text
    }
}

impl LockedStack {
    fn to_text(&self) -> String {
        let list = match &self.unconfirmed[..] {
            [] => None,
            phrases => {
                let lines: String = phrases.iter().map(|phrase| format!("    {},\n", quoted(phrase))).collect();
                Some(format!("[\n{lines}]"))
            }
        };
        let keys = [
            ("group", Some(quoted(&self.group))),
            ("device", Some(quoted(&self.device))),
            ("driver", self.driver.as_deref().map(quoted)),
            ("driver_floor", self.driver_floor.as_deref().map(quoted)),
            ("driver_below", self.driver_below.as_deref().map(quoted)),
            ("kernel_modules", self.kernel_modules.map(|kind| quoted(&kind.to_string()))),
            ("cuda_toolkit", self.cuda_toolkit.as_deref().map(quoted)),
            ("fabric", self.fabric.map(|fabric| quoted(&fabric.to_string()))),
            ("unconfirmed", list),
            ("inputs", Some(quoted(&self.inputs))),
        ];
        let line = |(key, value): (&str, Option<String>)| value.map(|value| format!("{key} = {value}\n"));
        format!("\n[[stack]]\n{}", keys.into_iter().filter_map(line).collect::<String>())
    }
}

impl LockedEnvironment {
    fn to_text(&self) -> String {
        let Platform { architecture, accelerator } = self.platform;
        let mut text = format!(
            "\n[[environment]]\nname = {}\nplatform = {{ architecture = \"{architecture}\", accelerator = \"{accelerator}\" }}\n\
             python = {}\n",
            quoted(&self.name),
            quoted(&self.python),
        );
        for (key, value) in [("variant", &self.variant), ("index", &self.index), ("inputs", &Some(self.inputs.clone()))]
        {
            text += &value.as_deref().map(|value| format!("{key} = {}\n", quoted(value))).unwrap_or_default();
        }
        let mut packages: Vec<_> = self.packages.iter().collect();
        packages.sort_by_key(|package| &package.name);
        for package in packages {
            text += &pinned("environment.package", &package.name, &package.version, &package.hashes);
        }
        text
    }
}

fn pinned(table: &str, name: &str, version: &str, hashes: &[String]) -> String {
    let mut hashes: Vec<_> = hashes.iter().map(|hash| format!("    {},\n", quoted(hash))).collect();
    hashes.sort();
    let (name, version, hashes) = (quoted(name), quoted(version), hashes.concat());
    format!("\n[[{table}]]\nname = {name}\nversion = {version}\nhashes = [\n{hashes}]\n")
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

impl LockedEnvironment {
    /// The packages as a pip requirements file with hashes, and the index that some of them come from.
    pub fn requirements(&self) -> String {
        let index = self.index.iter().map(|index| format!("--extra-index-url {index}\n"));
        index.chain(self.packages.iter().map(|p| requirement(&p.name, &p.version, &p.hashes))).collect()
    }
}

impl LockedTool {
    /// The tool as a pip requirements file with hashes.
    pub fn requirements(&self) -> String {
        requirement(&self.name, &self.version, &self.hashes)
    }
}

fn requirement(name: &str, version: &str, hashes: &[String]) -> String {
    let hashes: Vec<_> = hashes.iter().map(|hash| format!(" \\\n    --hash={hash}")).collect();
    format!("{name}=={version}{}\n", hashes.concat())
}
