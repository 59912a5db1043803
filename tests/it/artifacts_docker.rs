//! Images: what is rendered, what hadolint says of it, and what a change by hand is answered with.

use crate::support::family::{family, page, render, tampered, verify, write};
use crate::support::graph::{CPU, CUDA, GraphBuilder};
use crate::support::tools;
use aether::artifacts::{library, templates};
use aether::graph::Graph;
use aether::project::{Architecture, Mirrors, Platform};
use std::path::PathBuf;

const ARM: Platform = Platform { architecture: Architecture::Aarch64, ..CPU };

fn graph() -> Graph {
    GraphBuilder::new("sentiment")
        .environment("train", &[CPU, CUDA], &[("numpy", "2.4.1"), ("torch", "2.10.0")], &["torch"])
        .environment("serve", &[CPU, ARM], &[("scikit-learn", "1.8.0")], &["sklearn"])
        .build()
}

fn dockerfiles(files: Vec<PathBuf>) -> Vec<PathBuf> {
    let is_dockerfile =
        |path: &PathBuf| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("Dockerfile"));
    files.into_iter().filter(is_dockerfile).collect()
}

#[test]
fn an_environment_becomes_one_image_per_build() {
    let (proofs, files): (Vec<_>, Vec<_>) =
        render("docker", &graph()).into_iter().partition(|file| file.path.ends_with("prove.py"));
    insta::assert_snapshot!(page(&files));
    let program = include_bytes!("../../playbooks/roles/verify/files/prove.py");
    assert_eq!(proofs.len(), 2);
    assert!(proofs.iter().all(|file| file.bytes == program), "images are proved by the program that proves hosts");
}

#[test]
fn the_same_graph_gives_the_same_bytes() {
    assert_eq!(render("docker", &graph()), render("docker", &graph()));
}

#[test]
fn hadolint_has_nothing_to_say() {
    let folder = tempfile::tempdir().unwrap();
    let files = dockerfiles(write(folder.path(), &render("docker", &graph())));
    assert_eq!(files.len(), 3);
    tools::silent("hadolint", &["--no-color", "--failure-threshold", "style"], &files);
}

#[test]
fn another_lock_is_another_tag() {
    let graph = |version| {
        let packages: &[(&str, &str)] = &[("numpy", version)];
        GraphBuilder::new("sentiment").environment("train", &[CPU], packages, &["numpy"]).build()
    };
    let tag = |graph: &Graph| graph.project.image_tag("train", CPU.accelerator);
    assert_ne!(tag(&graph("2.4.1")), tag(&graph("2.4.2")));
    assert_eq!(tag(&graph("2.4.1")), tag(&graph("2.4.1")));
}

#[test]
fn verify_is_content_with_what_was_rendered() {
    let graph = graph();
    assert_eq!(verify("docker", &graph, &render("docker", &graph)), [""; 0]);
}

#[test]
fn verify_notices_what_was_changed_by_hand() {
    let changed = [
        ("train/Dockerfile", "USER 10001:10001", "USER root"),
        ("train/Dockerfile", "\nFROM ${BASE}\n", "\nFROM ubuntu:24.04\n"),
        ("train/Dockerfile.cuda", "python:3.11-slim", "python:3.13-slim"),
        (
            "train/Dockerfile.cuda",
            "pip sync --no-cache --link-mode copy --compile-bytecode --require-hashes",
            "pip sync",
        ),
        ("train/requirements-cuda-x86_64.txt", "torch==2.10.0", "torch==2.9.0"),
        ("serve/requirements-cpu-aarch64.txt", "--hash=sha256:01", "--hash=sha256:ff"),
        ("serve/uv.txt", "uv==0.13.8", "uv>=0.13.8"),
        ("serve/.dockerignore", "*\n", "\n"),
    ];
    let said: Vec<String> =
        changed.iter().map(|(path, old, new)| tampered("docker", &graph(), path, old, new).join("\n")).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn verify_notices_missing_and_foreign_files_and_an_environment_that_is_not_locked() {
    let mut graph = graph();
    let mut files = render("docker", &graph);
    files.retain(|file| !file.path.ends_with("train/Dockerfile"));
    files[0].path = "infra/docker/old/Dockerfile".into();
    graph.project.lock.environments.retain(|entry| entry.platform != ARM);
    insta::assert_snapshot!(verify("docker", &graph, &files).join("\n"));
}

#[test]
fn a_project_overrides_a_template_by_name() {
    let mut templates = templates();
    templates.insert("docker/dockerignore.j2".to_owned(), "*\n!mine\n".to_owned());
    let files = family("docker").render(&graph(), &library(), &templates).unwrap();
    assert!(page(&files).contains("!mine"));
}

#[test]
fn a_mistake_in_an_overridden_template_names_the_template() {
    let mut templates = templates();
    templates.insert("docker/Dockerfile.j2".to_owned(), "FROM {{ bsae }}\n".to_owned());
    let error = family("docker").render(&graph(), &library(), &templates).unwrap_err();
    assert_eq!(error.to_string(), "template `docker/Dockerfile.j2` cannot be rendered");
}

#[test]
fn mirrors_stand_in_for_the_registry_and_the_index() {
    let folder = tempfile::tempdir().unwrap();
    let mirrors = Mirrors {
        index: Some("https://pypi.example.com/simple".to_owned()),
        huggingface: Some("https://hub.example.com".to_owned()),
        registry: Some("registry.example.com/hub".to_owned()),
        ..Mirrors::default()
    };
    let graph = GraphBuilder::new("sentiment")
        .mirrors(mirrors)
        .environment("serve", &[CPU], &[("scikit-learn", "1.8.0")], &["sklearn"])
        .build();
    let files = render("docker", &graph);
    assert_eq!(verify("docker", &graph, &files), [""; 0]);
    tools::silent(
        "hadolint",
        &["--no-color", "--failure-threshold", "style"],
        &dockerfiles(write(folder.path(), &files)),
    );
    let is_dockerfile = |file: &&aether::ports::Rendered| file.path.ends_with("Dockerfile");
    let text = String::from_utf8(files.iter().find(is_dockerfile).unwrap().bytes.clone()).unwrap();
    let build: Vec<&str> = text.lines().skip_while(|line| !line.starts_with("ARG BASE")).take(14).collect();
    insta::assert_snapshot!(build.join("\n"));
    assert!(text.contains("\nENV HF_ENDPOINT=https://hub.example.com\n"), "{text}");
}
