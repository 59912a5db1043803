//! The rows of `tables/*.toml` about hardware and builds. Draws no conclusion from them.

use super::{Architecture, Capability, Driver, Framework, Module, Python};
use pep440_rs::{Version, VersionSpecifiers};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A row: its own fields, and what every row has to say about itself.
macro_rules! row {
    ($(#[$about:meta])* $name:ident { $($(#[$says:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$says])* pub $field: $kind,)*
            /// Whether it was read at the source itself; what was not is shown as such.
            pub verified: bool,
            /// Fields of a verified row that were not.
            #[serde(default)]
            pub unconfirmed: Vec<String>,
            /// What else is known.
            pub note: Option<String>,
            /// Where it was read.
            pub source: String,
            /// When it was read.
            pub date: toml::value::Datetime,
        }

        impl $name {
            /// Whether that field was read at the source itself.
            pub fn is_confirmed(&self, field: &str) -> bool {
                self.verified && !self.unconfirmed.iter().any(|name| name == field)
            }
        }
    };
}

row! {
    /// One build of some releases of a framework.
    Build {
        /// Of which framework.
        framework: Framework,
        /// The releases, oldest first.
        versions: Vec<Version>,
        /// For which processor.
        architecture: Architecture,
        /// `cu126`, or `cpu`.
        variant: String,
        /// Who serves it.
        index: Index,
        /// The CUDA release it was built with; none for a CPU build.
        cuda: Option<Version>,
        /// GPUs with machine code; `None` is not known, empty is a CPU build.
        code: Option<Vec<Capability>>,
        /// GPUs with code that the driver compiles for newer ones.
        #[serde(default)]
        ptx: Vec<Capability>,
        /// GPUs from here on are reported to fail.
        below: Option<Capability>,
        /// The pinned cuDNN.
        cudnn: Option<Version>,
        /// The pinned NCCL.
        nccl: Option<Version>,
        /// The cuDNN releases its extra takes, when it pins none.
        cudnn_range: Option<VersionSpecifiers>,
        /// The NCCL releases its extra takes, when it pins none.
        nccl_range: Option<VersionSpecifiers>,
        /// The `NumPy` releases it works with; `None` is any.
        numpy: Option<VersionSpecifiers>,
        /// Where the CUDA libraries come from; none for a CPU build.
        libraries: Option<Libraries>,
        /// The cuDNN the host must have, when the libraries come from the system.
        system_cudnn: Option<Version>,
        /// First and last Python line, where they differ from the release's.
        python: Option<(Python, Python)>,
    }
}

row! {
    /// What belongs to a torch.
    Companion {
        /// The torch release.
        torch: Version,
        /// The torchvision releases, oldest first.
        torchvision: Vec<Version>,
        /// The torchaudio release; none is known to fit when missing.
        torchaudio: Option<Version>,
    }
}

row! {
    /// A CUDA toolkit.
    Toolkit {
        /// `12.6.3`.
        version: Version,
        /// The driver the release names.
        driver: Option<Driver>,
        /// The driver its installer carries.
        installer_driver: Option<Driver>,
        /// The lowest driver on which its major release loads.
        floor: Driver,
        /// What its compiler knows.
        code: Vec<Capability>,
    }
}

row! {
    /// A branch of the driver.
    Branch {
        /// `580`.
        branch: u16,
        /// `production`, `long-term`, `new feature` or `legacy`.
        kind: Option<String>,
        /// A month such as `2028-06`, or `ended`.
        end_of_life: Option<String>,
        /// The newest CUDA major release it runs.
        cuda: Option<u8>,
        /// The first capability it drives and, where known, the last.
        capabilities: Vec<Capability>,
        /// The kernel modules it comes with.
        modules: Vec<Module>,
    }
}

row! {
    /// An NVIDIA accelerator.
    Gpu {
        /// The name as `accelerators` has it: `A100`.
        name: String,
        /// Its compute capability.
        capability: Capability,
        /// `Ampere`.
        generation: String,
        /// GiB of each variant sold.
        memory_gib: Vec<u16>,
        /// The first CUDA release that knows it.
        first_cuda: Version,
        /// The last one, when it is not the newest.
        last_cuda: Option<Version>,
        /// The first driver branch that drives it, when known.
        first_branch: Option<u16>,
        /// The last one, when it is not the newest.
        last_branch: Option<u16>,
        /// The kernel modules that drive it.
        modules: Vec<Module>,
        /// What hosts that join several of them need.
        fabric: Option<Fabric>,
        /// The processor it is sold with, when it is no board for any host.
        host: Option<Architecture>,
        /// Whether it is a data-centre product.
        data_center: bool,
    }
}

row! {
    /// An accelerator of another maker: a name there are no tables for yet.
    OtherAccelerator {
        /// Its name.
        name: String,
        /// `amd` or `intel`.
        vendor: String,
        /// The maker's name for its architecture.
        architecture: String,
        /// GiB of each variant sold.
        memory_gib: Vec<u16>,
    }
}

row! {
    /// An operating system.
    System {
        /// `ubuntu-22.04`.
        name: String,
        /// Its folder in NVIDIA's repositories, where it has one.
        repository: Option<String>,
        /// Systems that are the same in everything that matters here.
        #[serde(default)]
        also: Vec<String>,
        /// Its glibc.
        glibc: Option<Version>,
        /// Its own Python.
        python: Option<Python>,
        /// The last toolkit packaged for it.
        newest_cuda: Option<Version>,
        /// The last major release packaged for it.
        newest_cuda_major: Option<u8>,
        /// Driver branches whose guide lists it.
        branches: Option<Vec<u16>>,
    }
}

row! {
    /// `NumPy` releases that agree in their Pythons.
    NumpyRelease {
        /// The releases, oldest first.
        versions: Vec<Version>,
        /// First and last Python line with a wheel.
        python: (Python, Python),
    }
}

row! {
    /// The `nvidia/cuda` images of a system.
    Image {
        /// Of [`System::name`].
        system: String,
        /// The first CUDA release with an image, when known.
        first: Option<Version>,
        /// The last one.
        last: Version,
    }
}

row! {
    /// How the tags of `nvidia/cuda` spell cuDNN.
    CudnnTag {
        /// From this CUDA release.
        first: Version,
        /// Up to this one; none is open.
        last: Option<Version>,
        /// The word in the tag.
        tag: String,
    }
}

/// Who serves a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Index {
    /// `PyPI`, where `aether lock` looks.
    Pypi,
    /// The `PyTorch` project's own index.
    Pytorch,
}

/// Where a build gets its CUDA libraries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Libraries {
    /// From the wheel or the packages it pins.
    Wheel,
    /// From an extra of the package.
    Extra,
    /// From the host.
    System,
}

/// The service that joins the GPUs of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fabric {
    /// The fabric manager of exactly the driver's version.
    Nvswitch,
    /// The same, with the `NVLink` 5 subnet manager.
    Nvlink5,
    /// The memory export service of multi-node `NVLink`.
    Imex,
}

/// How a build meets a GPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// It has machine code that runs there.
    Code,
    /// The driver compiles its code for the GPU.
    Ptx,
    /// It does not run there.
    Nothing,
    /// It has code for the GPU, and is reported to fail.
    Fails,
    /// What it has is not known.
    Unknown,
}

impl Build {
    /// How this build meets a GPU.
    pub fn coverage(&self, gpu: Capability) -> Coverage {
        let Some(code) = &self.code else { return Coverage::Unknown };
        if self.below.is_some_and(|below| gpu >= below) {
            return Coverage::Fails;
        }
        if code.iter().any(|code| code.runs_on(gpu)) {
            Coverage::Code
        } else if self.ptx.iter().any(|ptx| *ptx <= gpu) {
            Coverage::Ptx
        } else {
            Coverage::Nothing
        }
    }

    /// Whether both are for the same CUDA major release.
    pub(super) fn has_target_of(&self, other: &Self) -> bool {
        let major = |build: &Self| build.cuda.as_ref().map(|cuda| cuda.release()[0]);
        major(self) == major(other)
    }

    /// `CUDA 13`, or `the CPU`: the target that a chain of reasons speaks of.
    pub fn target(&self) -> String {
        self.cuda.as_ref().map_or_else(|| "the CPU".to_owned(), |cuda| format!("CUDA {}", cuda.release()[0]))
    }
}

impl NumpyRelease {
    /// Whether there is a wheel for this Python line.
    pub(super) fn has(&self, python: Python) -> bool {
        (self.python.0..=self.python.1).contains(&python)
    }
}

impl Branch {
    /// Whether this branch drives such a GPU.
    pub fn drives(&self, gpu: Capability) -> bool {
        let first = self.capabilities.first().is_none_or(|first| *first <= gpu);
        first && self.capabilities.get(1).is_none_or(|last| gpu <= *last)
    }
}

impl fmt::Display for Fabric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nvswitch => "nvswitch",
            Self::Nvlink5 => "nvlink5",
            Self::Imex => "imex",
        })
    }
}
