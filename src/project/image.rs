//! What the image of an environment is called and who runs in it: the words on which whoever builds one and whoever
//! starts one must agree. Knows neither Docker nor Kubernetes.

use super::{Accelerator, Lock, LockedEnvironment, Project};
use sha2::{Digest, Sha256};

/// User and group id in every image: high enough that no account of a host has it by chance.
pub const IMAGE_USER: u32 = 10001;

/// How many bytes of the digest a tag shows.
const TAG_BYTES: usize = 6;

/// How many bytes of the digest a short name shows.
const NAME_BYTES: usize = 4;

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
        format!("{accelerator}-{}", hex(&digest.finalize()[..TAG_BYTES]))
    }
}

/// A short name that follows from `content`: eight hexadecimal digits.
pub fn short_name(content: &str) -> String {
    hex(&Sha256::digest(content)[..NAME_BYTES])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
