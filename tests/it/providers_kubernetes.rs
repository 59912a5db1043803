//! Every file in `tests/cases/kubernetes/` is the section of a cluster; the snapshot beside it shows what it becomes.

use crate::support::graph::{CUDA, GraphBuilder, nowhere};
use aether::diagnostic::{Diagnostics, Source, Style, to_text};
use aether::project::{Cluster, Software};
use aether::providers::find;
use aether::yaml::{Spanned, parse};
use std::fmt::Write as _;
use std::path::Path;

#[test]
fn a_cluster_becomes_workloads_or_a_list_of_mistakes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/kubernetes");
    let mut paths: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    for path in paths {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let outcome = lower(&std::fs::read_to_string(&path).unwrap());
        settings.bind(|| insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), outcome));
    }
}

/// A section with one GPU per workload and the environments `train` and `serve`.
fn lower(section: &str) -> String {
    let mut diagnostics = Diagnostics::new();
    let section = parse(&Source::new("aether.yaml", section), &mut diagnostics).expect("the case is YAML");
    let cluster = Cluster {
        name: "prod".to_owned(),
        span: section.span.clone(),
        provider: Spanned::new("kubernetes".to_owned(), nowhere()),
        platform: CUDA,
        accelerators: Some(("A100".to_owned(), 1)),
        software: Software::default(),
        stack: None,
        environments: vec!["train".to_owned(), "serve".to_owned()],
        section,
    };
    let lowered = find("kubernetes").unwrap().lower_cluster(&cluster, &mut diagnostics);
    if !diagnostics.has_errors() {
        return format!("{:#?}\n", lowered.unwrap());
    }
    let mut text = String::new();
    for problem in diagnostics.into_sorted() {
        writeln!(text, "{}\n", to_text(&problem, Style::Plain)).unwrap();
    }
    text
}

#[test]
fn a_host_group_of_a_cluster_is_sent_to_the_other_section() {
    let mut diagnostics = Diagnostics::new();
    let graph = GraphBuilder::new("sentiment").group("prod", "kubernetes", CUDA, &[], &[]).build();
    let lowered = find("kubernetes").unwrap().lower(&graph.project.groups[0], Path::new("/"), &mut diagnostics);
    let problems = diagnostics.into_sorted();
    assert_eq!((lowered.hosts.len(), problems.len()), (0, 1));
    assert_eq!(problems[0].code.id, "AE0531");
}
