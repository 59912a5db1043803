//! What a host group's locked stack takes of NVIDIA's apt repositories: which packages, and where each lies.
//!
//! The roles `nvidia_driver`, `cuda_toolkit` and `container_toolkit` install the same names; a test applies a bundle with
//! them. Nothing is resolved here that apt would not resolve again on the host: this only has to bring enough.

mod choose;
mod fetch;
mod index;
mod version;

pub use fetch::Tools;

use super::Pinned;
use crate::ports::{FilesError, HttpError, ProgramError};
use crate::project::{HostGroup, LockedStack, Mirrors};
use crate::stack::{Architecture, Fabric, Module, System};
use choose::{Chosen, Pin};
use fetch::Repository;
use index::{Index, Need, Package};
use std::collections::BTreeSet;
use version::upstream;

const CUDA: &str = "https://developer.download.nvidia.com/compute/cuda/repos";
/// What signs it, in the folder of every Debian system; `cuda-keyring` brings the same key to hosts.
const CUDA_KEY: &str = "3bf863cc.pub";
const CONTAINERS: &str = "https://nvidia.github.io/libnvidia-container";
/// The name under which the key of the container toolkit's repository travels.
const CONTAINERS_KEY: &str = "nvidia-container-toolkit.asc";
/// The first branch that packages of apt preferences pin.
const FIRST_PINNED_BRANCH: &str = "570";
/// Systems on which the branch is a part of the packages' names.
const BRANCH_IN_NAMES: [&str; 2] = ["ubuntu-20.04", "debian-11"];

/// What one host group takes.
#[derive(Debug, Clone, Default)]
pub struct Haul {
    /// Files for the hosts.
    pub files: Vec<Pinned>,
    /// A small file that comes as it is: name and content.
    pub key: Option<(String, Vec<u8>)>,
    /// Packages that the system's own archive must have.
    pub outside: BTreeSet<String>,
}

/// Packages cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum AptError {
    /// The server did not answer as a whole.
    #[error("a list of packages could not be fetched")]
    Http {
        /// Why.
        source: HttpError,
    },
    /// It answered that there is none.
    #[error("a list of packages could not be fetched: the server answered {status} for `{url}`")]
    Status {
        /// `404`.
        status: u16,
        /// Where.
        url: String,
    },
    /// It is not what the repository's key signed.
    #[error("the repository `{repository}` cannot be trusted: {why}")]
    Untrusted {
        /// Where it lies.
        repository: String,
        /// What is wrong with it.
        why: String,
    },
    /// It does not have what is locked.
    #[error("the repository `{repository}` does not offer `{package}`{version}")]
    Lacks {
        /// Where it lies.
        repository: String,
        /// The name.
        package: String,
        /// `` of 580``, or nothing.
        version: String,
    },
    /// Signatures cannot be looked at here.
    #[error("the program `{program}` is not installed, and without it nobody knows who signed the packages")]
    NoGnupg {
        /// `gpgv`.
        program: String,
    },
    /// It could not be run.
    #[error(transparent)]
    Program(ProgramError),
    /// The disk refused.
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// The names that a group's hosts install, as far as they are known beforehand: those of the CUDA repository, and those of
/// the container toolkit's.
pub fn names(group: &HostGroup, locked: &LockedStack, system: &System) -> (Vec<String>, Vec<String>) {
    let mut cuda = Vec::new();
    if let Some(driver) = &locked.driver {
        cuda.extend(driver_names(driver, locked.kernel_modules, system));
    }
    if let Some(version) = &group.software.cuda_toolkit {
        cuda.push(format!("cuda-toolkit-{}", version.to_string().replace('.', "-")));
    }
    if !cuda.is_empty() {
        cuda.push("cuda-keyring".to_owned());
    }
    let is_asked = group.software.container_runtime.is_some();
    let containers = is_asked.then_some("nvidia-container-toolkit".to_owned());
    (cuda, containers.into_iter().collect())
}

/// The driver itself, and the package that pins it where there is one.
fn driver_names(driver: &str, module: Option<Module>, system: &System) -> Vec<String> {
    let branch = driver.split('.').next().unwrap_or(driver);
    let meta = if module == Some(Module::Proprietary) { "cuda-drivers" } else { "nvidia-open" };
    if BRANCH_IN_NAMES.contains(&system.name.as_str()) || branch < FIRST_PINNED_BRANCH {
        vec![format!("{meta}-{branch}")]
    } else {
        vec![meta.to_owned(), format!("nvidia-driver-pinning-{driver}")]
    }
}

/// Looks up everything that the hosts of a group install from NVIDIA's repositories.
pub fn haul(
    group: &HostGroup,
    locked: &LockedStack,
    system: &System,
    mirrors: &Mirrors,
    tools: Tools<'_>,
) -> Result<Haul, AptError> {
    let (cuda, containers) = names(group, locked, system);
    let is_arm = group.platform.architecture == Architecture::Aarch64;
    let mut haul = Haul::default();
    if !cuda.is_empty() {
        let root = mirrors.cuda.as_deref().unwrap_or(CUDA);
        let folder = system.repository.as_deref().unwrap_or_default();
        let url = format!("{root}/{folder}/{}", if is_arm { "sbsa" } else { "x86_64" });
        let repository = Repository { key: format!("{url}/{CUDA_KEY}"), url };
        let index = repository.index(tools)?;
        haul.take(&repository, &index, &cuda, locked)?;
    }
    if !containers.is_empty() {
        let root = mirrors.container_toolkit.as_deref().unwrap_or(CONTAINERS);
        let url = format!("{root}/stable/deb/{}", if is_arm { "arm64" } else { "amd64" });
        let repository = Repository { key: format!("{root}/gpgkey"), url };
        let index = repository.index(tools)?;
        haul.take(&repository, &index, &containers, locked)?;
        haul.key = Some((CONTAINERS_KEY.to_owned(), tools.get(&repository.key)?));
    }
    Ok(haul)
}

impl Haul {
    fn take(
        &mut self,
        repository: &Repository,
        index: &Index,
        names: &[String],
        locked: &LockedStack,
    ) -> Result<(), AptError> {
        let pin = locked.driver.as_deref().map(Pin);
        let needs: Vec<Need> = names.iter().map(|name| Need::any(name)).collect();
        let mut chosen = Chosen::default();
        let mut driver = None;
        for need in &needs {
            let is_pin = need.name.starts_with("nvidia-driver-pinning-");
            // A package that pins has a version of its own.
            let found = chosen.add(need, pin.filter(|_| !is_pin), index).ok_or_else(|| AptError::Lacks {
                repository: repository.url.clone(),
                package: need.name.clone(),
                version: locked.driver.as_deref().map(|driver| format!(" of {driver}")).unwrap_or_default(),
            })?;
            if ["nvidia-open", "cuda-drivers"].iter().any(|meta| need.name.starts_with(meta)) {
                driver = Some(upstream(&found.version));
            }
        }
        let fabric = driver.zip(locked.fabric).map_or_else(Vec::new, |(driver, fabric)| fabric_needs(driver, fabric));
        for (need, version) in &fabric {
            // What a branch calls otherwise, or does not have, is no loss: the role looks for the same names.
            chosen.add(need, version.as_deref().map(Pin), index);
        }
        self.outside.extend(std::mem::take(&mut chosen.outside));
        self.files.extend(chosen.packages().map(|package| pinned(repository, package)));
        Ok(())
    }
}

/// What joins GPUs, by every name it has had; exactly of the driver's version.
fn fabric_needs(version: &str, fabric: Fabric) -> Vec<(Need, Option<String>)> {
    let branch = version.split('.').next().unwrap_or(version);
    let (mut needs, of_driver): (_, &[&str]) = match fabric {
        Fabric::Imex => (Vec::new(), &["nvidia-imex"]),
        Fabric::Nvswitch | Fabric::Nvlink5 => {
            (vec![(Need::any("nvlsm"), None)], &["nvidia-fabricmanager", "nvidia-fabric-manager", "libnvsdm"])
        }
    };
    for name in of_driver.iter().flat_map(|name| [(*name).to_owned(), format!("{name}-{branch}")]) {
        needs.push((Need::any(&name), Some(version.to_owned())));
    }
    needs
}

fn pinned(repository: &Repository, package: &Package) -> Pinned {
    let name = package.file.rsplit('/').next().unwrap_or(&package.file);
    Pinned {
        name: name.to_owned(),
        url: format!("{}/{}", repository.url, package.file),
        sha256: package.sha256.clone(),
    }
}
