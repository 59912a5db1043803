//! What a lock entry was resolved from, as a digest: the lock is stale when it no longer agrees with the manifest.

use super::{Accelerator, Environment, Lock, Platform};
use sha2::{Digest, Sha256};

/// Changes whenever resolving the same wishes may give another kind of result, so that old locks count as stale.
const RULES: &str = "aether resolve 1";

impl Environment {
    /// The PEP 508 requirements for hosts of this kind.
    pub fn requirements(&self, accelerator: Accelerator) -> &[String] {
        match accelerator {
            Accelerator::Cpu => &self.requirements_cpu,
            Accelerator::Cuda => &self.requirements_cuda,
        }
    }

    /// `sha256:…` of everything that resolving for this kind of host depends on, except the package index.
    pub fn inputs(&self, platform: Platform) -> String {
        let mut digest = Sha256::new();
        let head = [RULES.to_owned(), self.python.clone(), platform.to_string()];
        for line in head.iter().chain(self.requirements(platform.accelerator)) {
            digest.update(line);
            digest.update("\n");
        }
        let hex: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256:{hex}")
    }
}

impl Lock {
    /// True when the entry of this environment is there and was resolved from what the manifest asks for now.
    pub fn is_fresh(&self, environment: &Environment, platform: Platform) -> bool {
        self.environment(&environment.name, platform).is_some_and(|entry| entry.inputs == environment.inputs(platform))
    }
}
