//! What the resolver answers.

use super::driver::{Driver, Module};
use super::rows::{Fabric, Index};
use super::{Architecture, Python, Reason};
use pep440_rs::{Version, VersionSpecifiers};

/// Yes, not known, or no.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolution {
    /// A stack that keeps every rule.
    Answer(Box<Answer>),
    /// The tables are silent on a release that was asked for.
    Unknown(Reason),
    /// It cannot work: the chain of reasons, and the ways out, cheapest first.
    Refused(Reason),
}

/// A stack: the question with every gap filled.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The processor.
    pub architecture: Architecture,
    /// The Python line.
    pub python: Python,
    /// The driver and its modules; none when nothing asks for a driver.
    pub driver: Option<DriverChoice>,
    /// torch.
    pub torch: Option<Choice>,
    /// The torchvision that belongs to it.
    pub torchvision: Option<Version>,
    /// The torchaudio that belongs to it, where one is known.
    pub torchaudio: Option<Version>,
    /// `TensorFlow`.
    pub tensorflow: Option<Choice>,
    /// JAX.
    pub jax: Option<Version>,
    /// `NumPy`.
    pub numpy: Version,
    /// What hosts with several such GPUs need.
    pub fabric: Option<Fabric>,
    /// What this rests on without being confirmed, in phrases.
    pub unconfirmed: Vec<String>,
}

/// A driver, and which of its kernel modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DriverChoice {
    /// The one on the host, or the branch to install.
    pub driver: Driver,
    /// The modules; none when the driver's branch is not in the tables.
    pub module: Option<Module>,
}

/// A release of a framework in one of its builds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The release.
    pub version: Version,
    /// `cu126`, or `cpu`.
    pub variant: String,
    /// Who serves it.
    pub index: Index,
    /// The CUDA release of the build.
    pub cuda: Option<Version>,
    /// The cuDNN it brings, where it pins one.
    pub cudnn: Option<Version>,
    /// The NCCL it brings, where it pins one.
    pub nccl: Option<Version>,
    /// The lowest driver it runs on with the GPU asked about, when it needs one.
    pub driver_floor: Option<Driver>,
    /// The `NumPy` releases it works with, where not all do.
    pub numpy: Option<VersionSpecifiers>,
    /// CUDA and cuDNN releases that the host itself must have.
    pub from_host: Option<(Version, Version)>,
}
