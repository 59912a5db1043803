//! What is asked of the resolver: the tuple that makes a stack, each part of it open or wished for.

use super::rows::{Fabric, Gpu, Index, System};
use super::{Architecture, Capability, Driver, Module, Python};
use pep440_rs::{Version, VersionSpecifiers};
use std::fmt;

/// A stack in part: what is `None` is left to the resolver, and a framework that is `None` is not wanted.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The GPU; none when the stack need not use one.
    pub device: Option<Device>,
    /// The host's processor.
    pub architecture: Option<Architecture>,
    /// The host's operating system.
    pub system: Option<&'static System>,
    /// The environment's Python.
    pub python: Option<Python>,
    /// The driver on the host.
    pub driver: Option<Driver>,
    /// The kernel modules on the host.
    pub module: Option<Module>,
    /// Where packages may come from; none is any index the tables know.
    pub index: Option<Index>,
    /// The build of torch, such as `cu126`.
    pub variant: Option<String>,
    /// The cuDNN that the frameworks bring.
    pub cudnn: Option<VersionSpecifiers>,
    /// The NCCL that the frameworks bring.
    pub nccl: Option<VersionSpecifiers>,
    /// torch.
    pub torch: Option<VersionSpecifiers>,
    /// torchvision, which wants a torch.
    pub torchvision: Option<VersionSpecifiers>,
    /// torchaudio, which wants a torch.
    pub torchaudio: Option<VersionSpecifiers>,
    /// `TensorFlow`.
    pub tensorflow: Option<VersionSpecifiers>,
    /// JAX.
    pub jax: Option<VersionSpecifiers>,
    /// `NumPy`.
    pub numpy: Option<VersionSpecifiers>,
    /// The CUDA release of the `nvidia/cuda` image that containers start from.
    pub image: Option<Version>,
    /// Whether a forward-compatibility package stands in for a newer driver.
    pub has_compatibility_package: bool,
}

/// A GPU, by name or by what it can do.
#[derive(Debug, Clone, Copy)]
pub enum Device {
    /// One of the tables.
    Model(&'static Gpu),
    /// Any with this compute capability.
    Capability(Capability),
}

impl Device {
    /// Its compute capability.
    pub fn capability(self) -> Capability {
        match self {
            Self::Model(gpu) => gpu.capability,
            Self::Capability(capability) => capability,
        }
    }

    /// The processor it is sold with, when it is no board for any host.
    pub(super) fn host(self) -> Option<Architecture> {
        match self {
            Self::Model(gpu) => gpu.host,
            Self::Capability(_) => None,
        }
    }

    /// What hosts with several of them need.
    pub(super) fn fabric(self) -> Option<Fabric> {
        match self {
            Self::Model(gpu) => gpu.fabric,
            Self::Capability(_) => None,
        }
    }

    /// Whether it is known to be a data-centre product.
    pub(super) fn is_data_center(self) -> bool {
        matches!(self, Self::Model(gpu) if gpu.data_center)
    }

    /// The kernel modules that drive it.
    pub(super) fn modules(self) -> &'static [Module] {
        match self {
            Self::Model(gpu) => &gpu.modules,
            Self::Capability(Capability { major: 0..7, .. } | Capability { major: 7, minor: 0..5 }) => {
                &[Module::Proprietary]
            }
            Self::Capability(Capability { major: 10.., .. }) => &[Module::Open],
            Self::Capability(_) => &[Module::Open, Module::Proprietary],
        }
    }
}

impl fmt::Display for Device {
    /// `V100 (7.0)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Model(gpu) => write!(f, "{} ({})", gpu.name, gpu.capability),
            Self::Capability(capability) => write!(f, "a GPU of compute capability {capability}"),
        }
    }
}
