//! `aether stack refresh` against an index on loopback: what it reads, what it writes, and every bad answer.

use crate::support::project::Project;
use crate::support::web::Page;
use crate::support::wheel::Index;
use std::fs;

const TORCH: &str = "Metadata-Version: 2.4\nName: torch\nVersion: 9.1.0\n\
    Requires-Dist: filelock\n\
    Requires-Dist: cuda-toolkit[cudart,nvrtc]==13.2.2; platform_system == \"Linux\"\n\
    Requires-Dist: nvidia-cudnn-cu13==9.99.0.1; platform_system == \"Linux\"\n\
    Requires-Dist: nvidia-nccl-cu13==2.99.1; platform_system == \"Linux\"\n\nA description.\n";
const X86: &str = "torch-9.1.0-cp312-cp312-manylinux_2_28_x86_64.whl";
const TENSORFLOW: &str =
    "Name: tensorflow\nRequires-Dist: nvidia-cuda-runtime-cu12<13.0,>=12.5.82; extra == \"and-cuda\"\n\n";

/// An index with releases far above every table.
fn index() -> Index {
    let index = Index::new();
    let torch = [
        "torch-2.9.0-cp312-cp312-manylinux_2_28_x86_64.whl",
        X86,
        "torch-9.1.0-cp313-cp313-manylinux_2_28_x86_64.whl",
        "torch-9.1.0-cp313-cp313t-manylinux_2_28_x86_64.whl",
        "torch-9.1.0-cp312-cp312-win_amd64.whl",
        "torch-9.2.0rc1-cp312-cp312-manylinux_2_28_x86_64.whl",
    ];
    index.project("torch", &torch, TORCH);
    index.project(
        "torchvision",
        &["torchvision-9.9.0-cp312-cp312-manylinux_2_28_x86_64.whl"],
        "Name: torchvision\nRequires-Dist: torch==9.1.0\n\n",
    );
    index.project("torchaudio", &[], "");
    index.project("tensorflow", &["tensorflow-9.0.0-cp312-cp312-manylinux_2_27_x86_64.whl"], TENSORFLOW);
    index.project("jaxlib", &["jaxlib-9.0.0-cp312-cp312-manylinux_2_27_x86_64.whl"], "Name: jaxlib\n\n");
    index
}

fn refresh(project: &Project, index: &str) -> (bool, String) {
    let output = project.aether(&["stack", "refresh"]).env("UV_DEFAULT_INDEX", index).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

fn resolve(project: &Project, wishes: &[&str]) -> (Option<i32>, String) {
    let arguments = [&["stack", "resolve"], wishes].concat();
    let output = project.aether(&arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_newer_release_is_read_written_and_resolved() {
    let (index, project) = (index(), Project::empty());
    let (status, before) = resolve(&project, &["--gpu", "H100", "--pytorch", "9.1"]);
    assert!(status == Some(1) && before.contains("AE0302"), "{before}");
    let (is_done, told) = refresh(&project, &index.url());
    assert!(is_done, "{told}");
    assert!(told.contains("  + pytorch 9.1.0\n") && !told.contains("9.2.0"), "{told}");
    assert!(told.contains("the GPUs are those of 2.15.0, not read from this wheel"), "{told}");
    let text = fs::read_to_string(project.path().join("aether.stack.toml")).unwrap();
    for line in [
        "python = [\"3.12\", \"3.13\"]",
        "glibc = \"2.28\"",
        "cuda = \"13.2\"",
        "cudnn = \"9.99.0.1\"",
        "nccl = \"2.99.1\"",
        "torchvision = [\"9.9.0\"]",
        "cuda = \"12.5\"",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let (status, after) = resolve(&project, &["--gpu", "H100", "--pytorch", "9.1", "--python", "3.13"]);
    assert_eq!(status, Some(0), "{after}");
    assert!(
        after.contains("9.1.0 cu132") && after.contains("not confirmed: what pytorch 9.1.0 holds as cu132"),
        "{after}"
    );
    let (status, old) = resolve(&project, &["--gpu", "V100", "--pytorch", "9.1"]);
    assert!(status == Some(1) && old.contains("CUDA 13 builds start at 7.5"), "{old}");
    let whole = index
        .web
        .asked()
        .iter()
        .filter(|asked| asked.path.starts_with("/files/") && !asked.headers.contains_key("range"))
        .count();
    assert_eq!(whole, 0, "a wheel was fetched as a whole");
}

#[test]
fn an_index_without_anything_newer_writes_nothing() {
    let (index, project) = (Index::new(), Project::empty());
    for name in ["torch", "tensorflow", "jaxlib"] {
        index.project(name, &[], "");
    }
    let (is_done, told) = refresh(&project, &index.url());
    assert!(is_done && told.contains("nothing newer"), "{told}");
    assert!(!project.path().join("aether.stack.toml").exists());
}

#[test]
fn an_html_index_is_read_too_and_a_password_is_not_shown() {
    let (index, project) = (index(), Project::empty());
    let link = format!("<a href=\"../../files/{X86}#sha256=00\" data-requires-python=\"&gt;=3.10\">{X86}</a><br>");
    index.web.serve("/simple/torch/", Page::new("text/html", format!("<h1>Links for torch</h1>{link}")));
    let url = index.url().replace("http://", "http://me:hidden@");
    let (is_done, told) = refresh(&project, &url);
    assert!(is_done && told.contains("+ pytorch 9.1.0") && !told.contains("hidden"), "{told}");
    let written = fs::read_to_string(project.path().join("aether.stack.toml")).unwrap();
    assert!(!written.contains("hidden"));
    assert!(index.web.asked().iter().all(|asked| asked.headers.contains_key("authorization")));
}

#[test]
fn every_bad_answer_is_told_and_nothing_is_written() {
    type Damage = fn(&Index, &str);
    let wheel = format!("/files/{X86}");
    let damages: [(Damage, &str); 7] = [
        (|index, _| index.web.change("/simple/torch/", |page| page.status = 404), "the index has no `torch`"),
        (|index, _| index.web.change("/simple/torch/", |page| page.status = 503), "answered with status 503"),
        (|index, _| index.web.change("/simple/torch/", |page| page.body = b"<html>".to_vec()), "it should be JSON"),
        (
            |index, _| index.web.serve("/simple/torch/", Page::new("text/html", "<p>please log in</p>")),
            "is no page of a package index: it lists no files",
        ),
        (|index, wheel| index.web.change(wheel, |page| page.body.truncate(100)), "the end of the archive is missing"),
        (|index, wheel| index.web.change(wheel, |page| page.missing = 50), "broke off"),
        (
            |index, wheel| {
                index.web.change(wheel, |page| {
                    page.ranges = false;
                    page.body = vec![0; 33 << 20];
                });
            },
            "the server knows no ranges",
        ),
    ];
    for (damage, expected) in damages {
        let (index, project) = (index(), Project::empty());
        // The wheel that is read is the last one for the processor; here it is the only one.
        index.project("torch", &[X86], TORCH);
        damage(&index, &wheel);
        let (is_done, told) = refresh(&project, &index.url());
        assert!(!is_done && told.contains(expected), "{expected}: {told}");
        assert!(!project.path().join("aether.stack.toml").exists());
    }
}

#[test]
fn a_damaged_file_of_the_project_is_told_with_its_way_out() {
    let project = Project::empty();
    fs::write(project.path().join("aether.stack.toml"), "[[release]]\nframework = \"pytorch\"\n").unwrap();
    let output = project.aether(&["stack", "list"]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("`aether.stack.toml` cannot be read") && told.contains("aether stack refresh"), "{told}");
    assert_eq!(output.status.code(), Some(65));
}

#[test]
fn the_mirror_of_the_manifest_binds_more_than_what_uv_is_told() {
    let (told_to_uv, mirror) = (index(), index());
    let manifest = format!("aether: 1\nname: small\nmirrors:\n  index: {}/\n", mirror.url());
    let project = Project::with_manifest(&manifest);
    let (is_done, told) = refresh(&project, &told_to_uv.url());
    assert!(is_done && told.contains("+ pytorch 9.1.0") && told.contains(&mirror.url()), "{told}");
    assert_eq!(told_to_uv.web.asked(), []);
}

#[test]
fn a_manifest_that_cannot_be_read_is_told_and_nobody_is_asked() {
    let index = index();
    let project = Project::with_manifest("aether: 1\nname: small\nmirrors:\n  index: [1]\n");
    let (is_done, told) = refresh(&project, &index.url());
    assert!(!is_done && told.contains("aether.yaml:4"), "{told}");
    assert_eq!(index.web.asked(), []);
}
