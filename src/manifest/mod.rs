//! `aether.yaml` as typed values, each with its place.
//!
//! Says what was written, not what it means: no defaults of other rooms, no clouds, no disk. A provider's own keys stay
//! a raw subtree ([`HostGroup::section`]) which that provider reads.

pub mod fields;
mod name;
mod overlay;
mod read;
mod reference;
mod schema;
mod section;
mod variables;

pub use read::read;
pub use reference::reference;
pub use schema::schema;
pub use section::{Implied, Section};
pub use variables::VariableSource;

use crate::yaml::{Node, Spanned};

/// One manifest: base file, profile and variables already merged.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// The project's name.
    pub name: Spanned<String>,
    /// Software stacks, in the order of the file.
    pub environments: Vec<Environment>,
    /// Host groups, in the order of the file.
    pub hosts: Vec<HostGroup>,
    /// Clusters, in the order of the file.
    pub clusters: Vec<Cluster>,
    /// USD per hour that all machines together may cost.
    pub max_hourly_cost: Option<Spanned<f64>>,
    /// Places that stand in for those of the internet.
    pub mirrors: Mirrors,
}

/// Places that stand in for those of the internet, as written.
#[derive(Debug, Clone, Default)]
pub struct Mirrors {
    /// Python package index.
    pub index: Option<Spanned<String>>,
    /// Stands for `download.pytorch.org/whl`.
    pub torch_index: Option<Spanned<String>>,
    /// Stands for `developer.download.nvidia.com/compute/cuda/repos`.
    pub cuda: Option<Spanned<String>>,
    /// Stands for `nvidia.github.io/libnvidia-container`.
    pub container_toolkit: Option<Spanned<String>>,
    /// Hub of models and datasets; stands for `huggingface.co`.
    pub huggingface: Option<Spanned<String>>,
    /// Stands for `docker.io` and `nvcr.io`; no URL, but the beginning of an image's name.
    pub registry: Option<Spanned<String>>,
}

impl Mirrors {
    /// Those that are URLs.
    pub fn urls(&self) -> impl Iterator<Item = &Spanned<String>> {
        [&self.index, &self.torch_index, &self.cuda, &self.container_toolkit, &self.huggingface].into_iter().flatten()
    }
}

/// A software stack as asked for; the lock says what it became.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Its name.
    pub name: Spanned<String>,
    /// `3.12`; left out means the stack room chooses.
    pub python: Option<Spanned<String>>,
    /// `pytorch: "2.10"` and its siblings, with the version specifier as written (`*` when left out).
    pub frameworks: Vec<(Spanned<Framework>, Spanned<String>)>,
    /// PEP 508 requirements.
    pub packages: Vec<Spanned<String>>,
    /// Another environment whose frameworks and packages it starts from.
    pub extends: Option<Spanned<String>>,
}

/// The frameworks that have a key of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Framework {
    /// `pytorch`, the package torch.
    Pytorch,
    /// `tensorflow`.
    Tensorflow,
    /// `jax`.
    Jax,
    /// `scikit-learn`.
    ScikitLearn,
}

impl Framework {
    /// All of them, in the order they are listed in.
    pub const ALL: &[Self] = &[Self::Pytorch, Self::Tensorflow, Self::Jax, Self::ScikitLearn];

    /// Its key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Pytorch => "pytorch",
            Self::Tensorflow => "tensorflow",
            Self::Jax => "jax",
            Self::ScikitLearn => "scikit-learn",
        }
    }
}

/// What is said about the software of hosts or nodes themselves: their system, and what of NVIDIA's is to be there.
#[derive(Debug, Clone, Default)]
pub struct Software {
    /// `ubuntu-24.04`.
    pub system: Option<Spanned<String>>,
    /// `580`, `580.65.06` or `keep`.
    pub driver: Option<Spanned<String>>,
    /// `open` or `proprietary`.
    pub kernel_modules: Option<Spanned<String>>,
    /// `12.8`.
    pub cuda_toolkit: Option<Spanned<String>>,
    /// `docker`, `containerd` or `crio`.
    pub container_runtime: Option<Spanned<String>>,
}

/// A group of like hosts.
#[derive(Debug, Clone)]
pub struct HostGroup {
    /// Its name.
    pub name: Spanned<String>,
    /// `local`, `ssh`, `aws`, …
    pub provider: Spanned<String>,
    /// Environments its hosts carry.
    pub environments: Vec<Spanned<String>>,
    /// The project's own playbooks, paths relative to the manifest.
    pub playbooks: Vec<Spanned<String>>,
    /// `A100:8`, or `none`; decides between CPU and CUDA builds.
    pub accelerators: Option<Spanned<String>>,
    /// `x86_64` or `aarch64`.
    pub architecture: Option<Spanned<String>>,
    /// USD per hour that its machines together may cost.
    pub max_hourly_cost: Option<Spanned<f64>>,
    /// Their own software.
    pub software: Software,
    /// The remaining keys, a mapping that the provider reads.
    pub section: Node,
}

/// A Kubernetes cluster to run environments on.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// Its name.
    pub name: Spanned<String>,
    /// `kubernetes`.
    pub provider: Spanned<String>,
    /// Environments that get a workload there.
    pub environments: Vec<Spanned<String>>,
    /// As for host groups.
    pub accelerators: Option<Spanned<String>>,
    /// `x86_64` or `aarch64`.
    pub architecture: Option<Spanned<String>>,
    /// Their own software.
    pub software: Software,
    /// The remaining keys, a mapping that the provider reads.
    pub section: Node,
}
