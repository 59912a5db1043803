//! Whether the lock still answers what the manifest asks.

use super::{Accelerator, Build, Environment, LockedStack, Platform, Project};
use crate::digest::Digest;
use std::fmt;

/// A lock entry that cannot be used as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// Of what.
    pub subject: StaleSubject,
    /// What is the matter.
    pub reason: StaleReason,
}

/// What a lock entry is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaleSubject {
    /// An environment by its name, on one kind of host.
    Environment(String, Platform),
    /// What the hosts of a group or the nodes of a cluster carry beneath their environments.
    Stack(String),
}

/// What is the matter with a lock entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaleReason {
    /// It was never locked for such hosts.
    Missing,
    /// The manifest asks for something else by now.
    Changed,
}

impl fmt::Display for StaleSubject {
    /// `train for x86_64 cuda`, or `driver of lab`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(name, platform) => write!(f, "{name} for {platform}"),
            Self::Stack(group) => write!(f, "driver of {group}"),
        }
    }
}

impl fmt::Display for Stale {
    /// ``environment `train` is not locked for x86_64 cuda``.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.subject, self.reason) {
            (StaleSubject::Environment(name, platform), StaleReason::Missing) => {
                write!(f, "environment `{name}` is not locked for {platform}")
            }
            (StaleSubject::Environment(name, platform), StaleReason::Changed) => {
                write!(f, "environment `{name}` changed since it was locked for {platform}")
            }
            (StaleSubject::Stack(group), StaleReason::Missing) => write!(f, "the driver of `{group}` is not locked"),
            (StaleSubject::Stack(group), StaleReason::Changed) => {
                write!(f, "what `{group}` asks of its driver changed since it was locked")
            }
        }
    }
}

impl Environment {
    /// What is asked of the package index for such hosts.
    pub fn requirements(&self, platform: Platform) -> &[String] {
        match platform.accelerator {
            Accelerator::Cpu => &self.requirements_cpu,
            Accelerator::Cuda => &self.requirements_cuda,
        }
    }

    /// What is asked of the package index for such hosts: as the resolver answered, else as written.
    pub fn build(&self, platform: Platform) -> Build {
        let known = self.builds.iter().find(|build| build.platform == platform);
        known.cloned().unwrap_or_else(|| Build::as_written(platform, self.requirements(platform).to_vec()))
    }

    /// `sha256:…` over everything a resolution for such hosts depends on.
    pub fn inputs(&self, platform: Platform) -> String {
        let mut digest = Digest::default();
        let of_hosts = self.build(platform).wishes;
        let asked = self.requirements(platform).iter().chain(&of_hosts);
        for part in [self.python.clone(), platform.to_string()].iter().chain(asked) {
            digest.add(part);
            digest.add("\n");
        }
        digest.finish_named()
    }
}

impl Project {
    /// What `aether lock` has to resolve before anything can be set up, in the order of the manifest.
    pub fn stale(&self) -> Vec<Stale> {
        let wanted = self.environments.iter().flat_map(|e| e.platforms.iter().map(move |platform| (e, *platform)));
        let environments = wanted.filter_map(|(environment, platform)| {
            let locked = self.lock.environment(&environment.name, platform).map(|entry| &entry.inputs);
            let reason = reason(locked, &environment.inputs(platform))?;
            Some(Stale { subject: StaleSubject::Environment(environment.name.clone(), platform), reason })
        });
        let stacks = self.stacks().filter_map(|stack| {
            let reason = reason(self.lock.stack(&stack.group).map(|entry| &entry.inputs), &stack.inputs)?;
            Some(Stale { subject: StaleSubject::Stack(stack.group.clone()), reason })
        });
        environments.chain(stacks).collect()
    }

    /// What is beneath the environments of every group and cluster with GPUs, as it would be locked today.
    pub fn stacks(&self) -> impl Iterator<Item = &LockedStack> {
        let of_groups = self.groups.iter().filter_map(|group| group.stack.as_ref());
        of_groups.chain(self.clusters.iter().filter_map(|cluster| cluster.stack.as_ref()))
    }
}

fn reason(locked: Option<&String>, wanted: &str) -> Option<StaleReason> {
    match locked {
        None => Some(StaleReason::Missing),
        Some(inputs) => (inputs != wanted).then_some(StaleReason::Changed),
    }
}
