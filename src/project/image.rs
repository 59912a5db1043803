//! What the image of an environment is called and who runs in it: the words on which whoever builds one and whoever
//! starts one must agree. Knows neither Docker nor Kubernetes.

use super::{Accelerator, Lock, LockedEnvironment, Project};
use crate::digest::{Digest, sha256};

/// User and group id in every image: high enough that no account of a host has it by chance.
pub const IMAGE_USER: u32 = 10001;

/// How many digits of the digest a tag shows.
const TAG_DIGITS: usize = 12;

/// How many digits of the digest a short name shows.
const NAME_DIGITS: usize = 8;

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
        let mut digest = Digest::default();
        for tool in &self.lock.tools {
            digest.add(tool.requirements());
        }
        for entry in self.lock.image(environment, accelerator) {
            digest.add(format!("{} {}\n{}", entry.platform.architecture, entry.python, entry.requirements()));
        }
        format!("{accelerator}-{}", &digest.finish()[..TAG_DIGITS])
    }
}

/// A short name that follows from `content`: eight hexadecimal digits.
pub fn short_name(content: &str) -> String {
    sha256(content)[..NAME_DIGITS].to_owned()
}
