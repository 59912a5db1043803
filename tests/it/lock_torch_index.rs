//! Where torch comes from: its own index, or the mirror that stands for it, and nothing else from there. The real `uv`
//! against two indexes on loopback.

use crate::support::project::Project;
use crate::support::wheel::Index;
use std::fs;

/// V100 needs torch from its own index: `PyPI` has it for CUDA 13 alone.
fn manifest(mirrors: &str) -> String {
    format!(
        "aether: 1\nname: volta\nmirrors:\n{mirrors}environments:\n  train:\n    python: \"3.11\"\n    pytorch: \"2.14.1\"\n    \
         packages: [alpha]\nhosts:\n  gpu:\n    provider: ssh\n    addresses: [a.example.com]\n    system: ubuntu-22.04\n    \
         accelerators: V100:4\n    environments: [train]\n"
    )
}

/// An index with everything but the torch that fits, and one with torch alone, as that of `PyTorch` lays it out.
fn indexes() -> (Index, Index) {
    let (plain, torch) = (Index::new(), Index::new());
    for name in ["uv", "alpha", "torch"] {
        plain.package(name, &[]);
    }
    torch.release("/whl/cu126", "torch", "2.14.1+cu126", &[("torch/lib/libtorch.so", "for CUDA 12")]);
    torch.release("/whl/cu126", "alpha", "9.0", &[]);
    (plain, torch)
}

fn paths(index: &Index) -> Vec<String> {
    index.web.asked().into_iter().map(|asked| asked.path).collect()
}

#[test]
fn torch_comes_from_the_mirror_of_its_own_index_and_all_else_from_the_other() {
    let (plain, torch) = indexes();
    let mirrors = format!("  index: {}\n  torch_index: {}\n", plain.url(), torch.web.url("/whl"));
    let project = Project::with_manifest(&manifest(&mirrors));
    // What `uv` is told otherwise binds less than the manifest.
    let output = project.aether(&["lock"]).env("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple").output().unwrap();
    let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{told}");
    let lock = fs::read_to_string(project.path().join("aether.lock")).unwrap();
    for line in ["variant = \"cu126\"", "index = \"https://download.pytorch.org/whl/cu126\"", "2.14.1+cu126"] {
        assert!(lock.contains(line), "{line} is not in\n{lock}");
    }
    assert!(!lock.contains("127.0.0.1"), "a lock names no mirror:\n{lock}");
    let (of_plain, of_torch) = (paths(&plain), paths(&torch));
    assert!(of_torch.contains(&"/whl/cu126/torch/".to_owned()), "{of_torch:?}");
    assert!(of_torch.iter().all(|path| !path.contains("alpha")), "{of_torch:?}");
    assert!(of_plain.contains(&"/simple/alpha/".to_owned()), "{of_plain:?}");
    assert!(of_plain.iter().all(|path| !path.contains("torch")), "{of_plain:?}");
}

#[test]
fn a_mirror_of_torch_that_lacks_the_release_is_told() {
    let (plain, _) = indexes();
    let torch = Index::new();
    torch.release("/whl/cu126", "torch", "2.13.0+cu126", &[]);
    let mirrors = format!("  index: {}\n  torch_index: {}\n", plain.url(), torch.web.url("/whl/"));
    let project = Project::with_manifest(&manifest(&mirrors));
    let output = project.aether(&["lock"]).output().unwrap();
    let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("there is no version of torch==2.14.1"), "{told}");
}
