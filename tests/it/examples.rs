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

#[test]
fn the_quickstart_renders_from_the_lock_that_lies_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["aether.yaml", "aether.lock"] {
        std::fs::copy(examples().join("quickstart").join(file), folder.path().join(file)).unwrap();
    }
    for arguments in [&["render"][..], &["render", "--check"]] {
        let output = aether(folder.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(folder.path().join("infra/docker/sklearn/Dockerfile").exists());
    assert!(folder.path().join(".github/workflows/aether.yml").exists());
}
