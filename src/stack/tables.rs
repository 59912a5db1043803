//! `tables/*.toml` about hardware, drivers and systems, read once. The question what follows from them is asked elsewhere.

use super::Driver;
use super::rows::{Branch, CudnnTag, Gpu, Image, OtherAccelerator, System, Toolkit};
use pep440_rs::Version;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::LazyLock;

/// Every row, in the order of its file.
#[derive(Debug)]
pub struct Tables {
    /// Newest first.
    pub toolkits: Vec<Toolkit>,
    /// Newest first.
    pub branches: Vec<Branch>,
    /// NVIDIA's, by generation.
    pub gpus: Vec<Gpu>,
    /// Those of other makers.
    pub other_accelerators: Vec<OtherAccelerator>,
    /// By family.
    pub systems: Vec<System>,
    /// By system.
    pub images: Vec<Image>,
    /// By CUDA release.
    pub cudnn_tags: Vec<CudnnTag>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Toolkits {
    toolkit: Vec<Toolkit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Branches {
    branch: Vec<Branch>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Accelerators {
    accelerator: Vec<Gpu>,
    other: Vec<OtherAccelerator>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Systems {
    system: Vec<System>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Images {
    image: Vec<Image>,
    cudnn_tag: Vec<CudnnTag>,
}

/// The tables this Aether was built with.
pub fn tables() -> &'static Tables {
    static TABLES: LazyLock<Tables> = LazyLock::new(|| {
        let Accelerators { accelerator, other } = read(include_str!("tables/accelerators.toml"));
        let Images { image, cudnn_tag } = read(include_str!("tables/images.toml"));
        Tables {
            toolkits: read::<Toolkits>(include_str!("tables/cuda.toml")).toolkit,
            branches: read::<Branches>(include_str!("tables/drivers.toml")).branch,
            gpus: accelerator,
            other_accelerators: other,
            systems: read::<Systems>(include_str!("tables/systems.toml")).system,
            images: image,
            cudnn_tags: cudnn_tag,
        }
    });
    &TABLES
}

fn read<T: DeserializeOwned>(text: &str) -> T {
    toml::from_str(text).expect("a test reads the embedded tables")
}

impl Tables {
    /// The GPU of that name, however it is spelled: `RTX 4090`, `rtx-4090`.
    pub fn gpu(&self, name: &str) -> Option<&Gpu> {
        let wanted = spelled(name);
        self.gpus.iter().find(|gpu| spelled(&gpu.name) == wanted)
    }

    /// The accelerator of another maker of that name.
    pub fn other_accelerator(&self, name: &str) -> Option<&OtherAccelerator> {
        let wanted = spelled(name);
        self.other_accelerators.iter().find(|other| spelled(&other.name) == wanted)
    }

    /// The operating system of that name, however it is spelled: `ubuntu-24.04`, `ubuntu2404`, `rocky-9`.
    pub fn system(&self, name: &str) -> Option<&System> {
        let wanted = spelled(name);
        let names = |system: &System| {
            let own = [Some(&system.name), system.repository.as_ref()].into_iter().flatten();
            own.chain(&system.also).any(|name| spelled(name) == wanted)
        };
        self.systems.iter().find(|system| names(system))
    }

    /// The row of a driver branch.
    pub fn branch(&self, branch: u16) -> Option<&Branch> {
        self.branches.iter().find(|row| row.branch == branch)
    }

    /// The first toolkit of a CUDA release such as `12.6`.
    pub fn toolkit(&self, cuda: &Version) -> Option<&Toolkit> {
        let line = |version: &Version| version.release()[..2].to_vec();
        self.toolkits.iter().rev().find(|toolkit| line(&toolkit.version) == line(cuda))
    }

    /// The lowest driver of a CUDA major release, also where the very toolkit is not in the tables.
    pub(super) fn floor(&self, cuda: &Version) -> Option<Driver> {
        let of_major = |toolkit: &&Toolkit| toolkit.version.release()[0] == cuda.release()[0];
        self.toolkits.iter().find(of_major).map(|toolkit| toolkit.floor)
    }
}

/// A name without what people leave out or put in.
fn spelled(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Wheels;
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_is_read_and_in_order() {
        let tables = tables();
        assert!(tables.toolkits.is_sorted_by(|a, b| a.version > b.version));
        assert!(tables.branches.is_sorted_by(|a, b| a.branch > b.branch));
        assert!(tables.gpus.is_sorted_by(|a, b| a.capability.major <= b.capability.major));
    }

    #[test]
    fn every_cuda_release_that_is_named_is_there() {
        for build in &Wheels::embedded().builds {
            if let Some(cuda) = &build.cuda {
                assert!(tables().toolkit(cuda).is_some(), "{:?} {cuda}", build.versions);
            }
            assert_eq!(build.cuda.is_none(), build.variant == "cpu");
            assert_eq!(build.cuda.is_none(), build.libraries.is_none());
        }
        for image in &tables().images {
            assert!(tables().system(&image.system).is_some() && tables().toolkit(&image.last).is_some());
        }
    }

    #[test]
    fn names_are_unique_however_they_are_spelled() {
        let gpus = tables().gpus.iter().map(|gpu| spelled(&gpu.name));
        let others = tables().other_accelerators.iter().map(|other| spelled(&other.name));
        let all: Vec<String> = gpus.chain(others).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert!(tables().gpu("rtx-4090").is_some() && tables().gpu("RTX 4090").is_some());
        assert!(tables().gpu("A1000").is_none());
        for name in ["ubuntu-24.04", "ubuntu2404", "Ubuntu 24.04"] {
            assert_eq!(tables().system(name).map(|system| &system.name[..]), Some("ubuntu-24.04"));
        }
        assert_eq!(tables().system("rocky-9").map(|system| &system.name[..]), Some("rhel-9"));
    }

    #[test]
    fn every_gpu_has_a_branch_that_drives_it() {
        for gpu in &tables().gpus {
            let fits = |branch: &&Branch| {
                branch.drives(gpu.capability)
                    && gpu.first_branch.is_none_or(|first| first <= branch.branch)
                    && gpu.last_branch.is_none_or(|last| branch.branch <= last)
                    && branch.modules.iter().any(|module| gpu.modules.contains(module))
            };
            assert!(tables().branches.iter().any(|branch| fits(&branch)), "{}", gpu.name);
            assert!(gpu.last_branch.is_none_or(|last| tables().branch(last).is_some()), "{}", gpu.name);
        }
    }
}
