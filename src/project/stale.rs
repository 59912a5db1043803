//! Whether the lock still answers what the manifest asks.

use super::{Accelerator, Environment, Platform, Project};
use crate::digest::Digest;
use std::fmt;

/// An environment whose lock entry cannot be used as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The environment's name.
    pub environment: String,
    /// The hosts it is for.
    pub platform: Platform,
    /// What is the matter.
    pub reason: StaleReason,
}

/// What is the matter with a lock entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaleReason {
    /// It was never locked for such hosts.
    Missing,
    /// The manifest asks for something else by now.
    Changed,
}

impl fmt::Display for Stale {
    /// ``environment `train` is not locked for x86_64 cuda``.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, platform) = (&self.environment, self.platform);
        match self.reason {
            StaleReason::Missing => write!(f, "environment `{name}` is not locked for {platform}"),
            StaleReason::Changed => write!(f, "environment `{name}` changed since it was locked for {platform}"),
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

    /// `sha256:…` over everything a resolution for such hosts depends on.
    pub fn inputs(&self, platform: Platform) -> String {
        let mut digest = Digest::default();
        for part in [self.python.clone(), platform.to_string()].iter().chain(self.requirements(platform)) {
            digest.add(part);
            digest.add("\n");
        }
        digest.finish_named()
    }
}

impl Project {
    /// The environments that `aether lock` has to resolve before anything can be set up, in the order of the manifest.
    pub fn stale(&self) -> Vec<Stale> {
        let wanted = self.environments.iter().flat_map(|e| e.platforms.iter().map(move |platform| (e, *platform)));
        let stale = wanted.filter_map(|(environment, platform)| {
            let reason = match self.lock.environment(&environment.name, platform) {
                None => StaleReason::Missing,
                Some(locked) if locked.inputs != environment.inputs(platform) => StaleReason::Changed,
                Some(_) => return None,
            };
            Some(Stale { environment: environment.name.clone(), platform, reason })
        });
        stale.collect()
    }
}
