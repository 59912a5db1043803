//! The examples are what newcomers copy: each is valid, and the first one renders as it lies there.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

fn aether(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aether"));
    command.arg("-C").arg(folder).args(arguments).output().expect("aether starts")
}

#[test]
fn every_example_is_valid_without_a_warning() {
    let mut folders: Vec<_> = std::fs::read_dir(examples()).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    assert!(folders.len() >= 3, "{folders:?}");
    for folder in folders {
        let output = aether(&folder, &["validate"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && !said.contains("warning"), "{}:\n{said}", folder.display());
    }
}

/// Renders a copy of an example, twice: the second time there is nothing left to write.
fn rendered(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["aether.yaml", "aether.lock"] {
        std::fs::copy(examples().join(name).join(file), folder.path().join(file)).unwrap();
    }
    for arguments in [&["render"][..], &["render", "--check"]] {
        let output = aether(folder.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    folder
}

#[test]
fn the_quickstart_renders_from_the_lock_that_lies_beside_it() {
    let folder = rendered("quickstart");
    assert!(folder.path().join("infra/docker/sklearn/Dockerfile").exists());
    assert!(folder.path().join(".github/workflows/aether.yml").exists());
}

#[test]
fn the_gpu_machines_get_the_software_that_their_keys_ask_for() {
    let folder = rendered("gpus");
    let variables = |group: &str| {
        let file = folder.path().join(format!("infra/ansible/group_vars/{group}.yml"));
        std::fs::read_to_string(file).unwrap()
    };
    let (a100, grace) = (variables("a100"), variables("grace"));
    assert!(a100.contains("nvidia_driver_branch: \"580\"") && a100.contains("container_toolkit_runtime: \"docker\""));
    assert!(grace.contains("cuda_toolkit_version: \"13.0\"") && !grace.contains("container_toolkit_runtime"));
    let arm = folder.path().join("infra/docker/train/requirements-cuda-aarch64.txt");
    assert!(std::fs::read_to_string(arm).unwrap().contains("torch==2.11"), "the processor of GH200");
}
