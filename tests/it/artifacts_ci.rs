//! The workflow: what is rendered, what actionlint and shellcheck say, and what a change by hand is answered with.

use crate::support::family::{page, render, tampered, verify, write};
use crate::support::graph::{CPU, GraphBuilder, ssh};
use crate::support::tools;
use aether::graph::{Graph, Way};

fn with_host(way: Way) -> Graph {
    GraphBuilder::new("sentiment")
        .environment("train", &[CPU], &[("numpy", "2.4.1")], &["numpy"])
        .group("lab", "ssh", CPU, &["train"], &[])
        .host("lab", "gpu1", way, "/opt/aether")
        .build()
}

fn remote() -> Graph {
    with_host(ssh("gpu1.example.com"))
}

#[test]
fn hosts_are_planned_on_a_pull_request_and_applied_on_main() {
    insta::assert_snapshot!(page(&render("ci", &remote())));
}

#[test]
fn a_project_for_this_machine_only_is_checked_and_never_applied_by_a_runner() {
    insta::assert_snapshot!(page(&render("ci", &with_host(Way::Local))));
}

#[test]
fn the_same_graph_gives_the_same_bytes() {
    assert_eq!(render("ci", &remote()), render("ci", &remote()));
}

#[test]
fn actionlint_has_nothing_to_say() {
    let folder = tempfile::tempdir().unwrap();
    for graph in [remote(), with_host(Way::Local)] {
        tools::silent("actionlint", &[], &write(folder.path(), &render("ci", &graph)));
    }
}

#[test]
fn shellcheck_has_nothing_to_say_of_the_steps() {
    let folder = tempfile::tempdir().unwrap();
    let steps = scripts(&page(&render("ci", &remote())));
    assert_eq!(steps.len(), 7, "{steps:#?}");
    for (number, step) in steps.iter().enumerate() {
        let path = folder.path().join(format!("{number}.sh"));
        std::fs::write(&path, format!("#!/bin/bash\nset -eo pipefail\n{step}")).unwrap();
        tools::silent("shellcheck", &[], &[path]);
    }
}

/// The text of every `run: |`.
fn scripts(workflow: &str) -> Vec<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let lines: Vec<&str> = workflow.lines().collect();
    let starts = lines.iter().enumerate().filter(|(_, line)| line.trim() == "run: |");
    starts
        .map(|(at, start)| {
            lines[at + 1..]
                .iter()
                .take_while(|line| indent(line) > indent(start))
                .map(|l| format!("{}\n", l.trim()))
                .collect()
        })
        .collect()
}

#[test]
fn verify_is_content_with_what_was_rendered() {
    assert_eq!(verify("ci", &remote(), &render("ci", &remote())), [""; 0]);
}

#[test]
fn verify_notices_what_was_changed_by_hand() {
    let changed = [
        ("contents: read", "contents: write"),
        ("contents: read", "contents: read\n  issues: write"),
        ("@08c6903cd8c0fde910a37f88322edcfb5dd907a8", "@v5"),
        ("\n  plan:\n", "\n  guess:\n"),
        ("\njobs:\n", "\njobs: [\n"),
    ];
    let said: Vec<String> = changed
        .iter()
        .map(|(old, new)| tampered("ci", &remote(), "workflows/aether.yml", old, new).join("\n"))
        .collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn verify_notices_missing_and_foreign_files() {
    let mut files = render("ci", &remote());
    files[0].path = ".github/workflows/other.yml".into();
    insta::assert_snapshot!(verify("ci", &remote(), &files).join("\n"));
}
