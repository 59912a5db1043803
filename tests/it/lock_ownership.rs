//! Two packages that bring the same file cannot share an environment: `aether lock` with the real `uv` against an index
//! on loopback.

use crate::support::project::Project;
use crate::support::wheel::Index;

const MANIFEST: &str = "aether: 1\nname: small\nenvironments:\n  tools:\n    python: \"3.11\"\n    packages: [alpha, beta]\n\
                        hosts:\n  here:\n    provider: local\n    environments: [tools]\n";
const LIBRARY: &str = "shared/lib/libshared.so.1";

fn index(alpha: &[(&str, &str)], beta: &[(&str, &str)]) -> Index {
    let index = Index::new();
    index.package("uv", &[]);
    index.package("alpha", alpha);
    index.package("beta", beta);
    index
}

fn lock(project: &Project, index: &Index, flags: &[&str]) -> (Option<i32>, String) {
    let arguments = [&["lock"], flags].concat();
    let output = project.aether(&arguments).env("UV_DEFAULT_INDEX", index.url()).output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

/// How often Aether itself, and not `uv`, asked for a piece of a wheel.
fn pieces(index: &Index) -> usize {
    let is_own = |agent: &String| agent.starts_with("aether/");
    index.web.asked().iter().filter(|asked| asked.headers.get("user-agent").is_some_and(is_own)).count()
}

#[test]
fn a_library_of_two_packages_is_refused_with_its_name() {
    let index = index(&[(LIBRARY, "for CUDA 12")], &[(LIBRARY, "for CUDA 13")]);
    let project = Project::with_manifest(MANIFEST);
    let (status, told) = lock(&project, &index, &[]);
    assert_eq!(status, Some(1), "{told}");
    let expected =
        "environment `tools` for x86_64 cpu: alpha 1.0 and beta 1.0 both install `shared/lib/libshared.so.1`";
    assert!(
        told.contains(expected) && told.contains("fix: put them into two environments; one host can carry both"),
        "{told}"
    );
    assert!(!project.path().join("aether.lock").exists());
}

#[test]
fn files_that_are_the_same_or_say_nothing_collide_with_nobody() {
    let alpha =
        [(LIBRARY, "same"), ("shared/__init__.py", "# alpha"), ("tests/conftest.py", "alpha"), ("alpha.py", "1")];
    let beta = [(LIBRARY, "same"), ("shared/__init__.py", "# beta"), ("tests/conftest.py", "beta"), ("beta.py", "1")];
    let index = index(&alpha, &beta);
    let project = Project::with_manifest(MANIFEST);
    let (status, told) = lock(&project, &index, &[]);
    assert!(status == Some(0) && !told.contains("not compared"), "{told}");
    let first = pieces(&index);
    assert_eq!(first, 2, "one piece of each wheel");
    assert_eq!(lock(&project, &index, &["--upgrade"]).0, Some(0));
    assert_eq!(pieces(&index), first, "a second lock asks for nothing that is known");
}

#[test]
fn scripts_and_data_folders_are_followed_to_where_they_go() {
    let index = index(&[("alpha-1.0.data/scripts/train", "a")], &[("beta-1.0.data/scripts/train", "b")]);
    let (status, told) = lock(&Project::with_manifest(MANIFEST), &index, &[]);
    assert!(status == Some(1) && told.contains("both install `bin/train`"), "{told}");
}

#[test]
fn a_wheel_that_cannot_be_listed_is_named_and_stops_nobody() {
    let index = index(&[], &[]);
    index.web.change("/files/beta-1.0-py3-none-any.whl", |page| page.body = b"no archive".to_vec());
    let (status, told) = lock(&Project::with_manifest(MANIFEST), &index, &[]);
    assert_eq!(status, Some(0), "{told}");
    assert!(
        told.contains("files not compared: beta 1.0: ") && told.contains("the end of the archive is missing"),
        "{told}"
    );
}

#[test]
fn a_server_without_lists_is_held_to_the_names_of_the_packages() {
    let index = Index::new();
    index.package("uv", &[]);
    let manifest = MANIFEST.replace("alpha, beta", "nvidia-cudnn-cu12, nvidia-cudnn-cu13");
    for name in ["nvidia-cudnn-cu12", "nvidia-cudnn-cu13"] {
        index.package(name, &[]);
        let wheel = format!("/files/{}-1.0-py3-none-any.whl", name.replace('-', "_"));
        index.web.change(&wheel, |page| page.body = b"no archive".to_vec());
    }
    let (status, told) = lock(&Project::with_manifest(&manifest), &index, &[]);
    assert_eq!(status, Some(1), "{told}");
    assert!(
        told.contains("`nvidia-cudnn-cu12` and `nvidia-cudnn-cu13` install the same library into the same folder")
            && told.contains("fix: put them into two environments"),
        "{told}"
    );
}
