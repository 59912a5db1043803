//! What the image of an environment is called and who runs in it: the words on which whoever builds one and whoever
//! starts one must agree. Knows neither Docker nor Kubernetes.

use super::{Accelerator, Lock, LockedEnvironment, Project};
use sha2::{Digest, Sha256};

/// User and group id in every image: high enough that no account of a host has it by chance.
pub const IMAGE_USER: u32 = 10001;

/// How many bytes of the digest a tag shows.
const TAG_BYTES: usize = 6;

impl Lock {
    /// The entries of one image, one per architecture: an image of many architectures has one name.
    pub fn image(&self, environment: &str, accelerator: Accelerator) -> impl Iterator<Item = &LockedEnvironment> {
        self.environments.iter().filter(move |e| e.name == environment && e.platform.accelerator == accelerator)
    }
}

impl Project {
    /// The name of an image without registry and tag: `sentiment-train`.
    pub fn image_name(&self, environment: &str) -> String {
        format!("{}-{environment}", self.name)
    }

    /// The tag of an image: `cuda-3f2a9c01d4e5`. It follows from what is locked, so other content has another name.
    pub fn image_tag(&self, environment: &str, accelerator: Accelerator) -> String {
        let mut digest = Sha256::new();
        for tool in &self.lock.tools {
            digest.update(tool.requirements());
        }
        for entry in self.lock.image(environment, accelerator) {
            digest.update(format!("{} {}\n{}", entry.platform.architecture, entry.python, entry.requirements()));
        }
        let hex: String = digest.finalize().iter().take(TAG_BYTES).map(|byte| format!("{byte:02x}")).collect();
        format!("{accelerator}-{hex}")
    }
}
