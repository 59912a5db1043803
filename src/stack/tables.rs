//! `tables/*.toml` about hardware and builds, read once. The question what follows from them is asked elsewhere.

use super::rows::{Branch, Build, Companion, CudnnTag, Gpu, Image, NumpyRelease, OtherAccelerator, System, Toolkit};
use pep440_rs::Version;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::LazyLock;

/// Every row, in the order of its file.
#[derive(Debug)]
pub struct Tables {
    /// By framework, newest first, the build that `PyPI` serves before the others.
    pub builds: Vec<Build>,
    /// Newest first.
    pub companions: Vec<Companion>,
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
    /// Newest first.
    pub numpy: Vec<NumpyRelease>,
    /// By system.
    pub images: Vec<Image>,
    /// By CUDA release.
    pub cudnn_tags: Vec<CudnnTag>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Builds {
    build: Vec<Build>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Companions {
    companion: Vec<Companion>,
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
struct NumpyReleases {
    numpy: Vec<NumpyRelease>,
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
            builds: read::<Builds>(include_str!("tables/builds.toml")).build,
            companions: read::<Companions>(include_str!("tables/companions.toml")).companion,
            toolkits: read::<Toolkits>(include_str!("tables/cuda.toml")).toolkit,
            branches: read::<Branches>(include_str!("tables/drivers.toml")).branch,
            gpus: accelerator,
            other_accelerators: other,
            systems: read::<Systems>(include_str!("tables/systems.toml")).system,
            numpy: read::<NumpyReleases>(include_str!("tables/numpy.toml")).numpy,
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

    /// The operating system of that name.
    pub fn system(&self, name: &str) -> Option<&System> {
        self.systems.iter().find(|system| system.name == name)
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

    /// What belongs to a torch release.
    pub fn companion(&self, torch: &Version) -> Option<&Companion> {
        self.companions.iter().find(|companion| companion.torch == *torch)
    }
}

/// A name without what people leave out or put in.
fn spelled(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Framework, table};
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_is_read_and_in_order() {
        let tables = tables();
        assert!(tables.companions.is_sorted_by(|a, b| a.torch > b.torch));
        assert!(tables.toolkits.is_sorted_by(|a, b| a.version > b.version));
        assert!(tables.branches.is_sorted_by(|a, b| a.branch > b.branch));
        assert!(tables.gpus.is_sorted_by(|a, b| a.capability.major <= b.capability.major));
        assert!(tables.numpy.is_sorted_by(|a, b| a.versions > b.versions));
        for framework in [Framework::Pytorch, Framework::Tensorflow] {
            let builds: Vec<_> = tables.builds.iter().filter(|build| build.framework == framework).collect();
            assert!(builds.is_sorted_by(|a, b| a.versions.last() >= b.versions.last()), "{framework:?}");
        }
    }

    #[test]
    fn every_release_has_its_builds_and_every_build_its_release() {
        for framework in [Framework::Pytorch, Framework::Tensorflow] {
            let released: BTreeSet<_> = table().versions(framework).collect();
            let builds = || tables().builds.iter().filter(|build| build.framework == framework);
            let built: BTreeSet<_> = builds().flat_map(|build| &build.versions).collect();
            assert_eq!(released, built, "{framework:?}");
        }
        let torches: Vec<_> = table().versions(Framework::Pytorch).collect();
        let companions: Vec<_> = tables().companions.iter().map(|companion| &companion.torch).collect();
        assert_eq!(torches, companions);
    }

    #[test]
    fn every_cuda_release_that_is_named_is_there() {
        for build in &tables().builds {
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
