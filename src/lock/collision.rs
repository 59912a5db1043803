//! Packages whose names alone say that they install the same files. `ownership` reads the files themselves and speaks
//! first; this is for servers that hand out no list, such as a mirror without range requests.

use crate::project::LockedPackage;

/// Libraries that NVIDIA packages once per CUDA major release, all into one folder: `nvidia/cudnn` and `nvidia/nccl`. cuBLAS
/// and the runtime have a folder of their own from CUDA 13 on. Source: file lists of the wheels on `PyPI`, 2026-11-21.
const LIBRARIES: [&str; 2] = ["nvidia-cudnn-cu", "nvidia-nccl-cu"];

/// The first two packages that install the same library.
pub(super) fn find(packages: &[LockedPackage]) -> Option<(String, String)> {
    LIBRARIES.iter().find_map(|library| {
        let is_release =
            |name: &str| name.strip_prefix(library).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
        let mut of_library = packages.iter().map(|package| &package.name).filter(|name| is_release(name));
        Some((of_library.next()?.clone(), of_library.next()?.clone()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str]) -> Option<(String, String)> {
        let package =
            |name: &&str| LockedPackage { name: (*name).to_owned(), version: "1".to_owned(), hashes: Vec::new() };
        find(&names.iter().map(package).collect::<Vec<_>>())
    }

    #[test]
    fn one_library_of_two_cuda_releases_is_found() {
        let both = Some(("nvidia-cudnn-cu12".to_owned(), "nvidia-cudnn-cu13".to_owned()));
        assert_eq!(found(&["jax", "nvidia-cudnn-cu12", "nvidia-cudnn-cu13"]), both);
        assert_eq!(
            found(&["nvidia-nccl-cu12", "nvidia-nccl-cu13"]).map(|pair| pair.0).as_deref(),
            Some("nvidia-nccl-cu12")
        );
    }

    #[test]
    fn libraries_with_folders_of_their_own_are_left_alone() {
        for names in [&["nvidia-cudnn-cu12", "nvidia-nccl-cu12"][..], &["nvidia-cublas-cu12", "nvidia-cublas"], &[]] {
            assert_eq!(found(names), None, "{names:?}");
        }
    }
}
