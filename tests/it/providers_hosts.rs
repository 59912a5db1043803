//! Every file in `tests/cases/hosts/` is a manifest; the snapshot beside it shows its hosts and machines, or what is
//! wrong with them.

use aether::compile::graph;
use aether::diagnostic::{Diagnostics, Source, Style, to_text};
use aether::graph::Graph;
use aether::manifest;
use aether::project::Project;
use aether::providers::ALL;
use std::fmt::Write as _;
use std::path::Path;

#[test]
fn host_groups_become_hosts_or_a_list_of_mistakes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/hosts");
    let mut paths: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    for path in paths {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let outcome = outcome(&std::fs::read_to_string(&path).unwrap());
        settings.bind(|| insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), outcome));
    }
}

fn outcome(text: &str) -> String {
    let mut diagnostics = Diagnostics::new();
    let graph = build(text, &mut diagnostics);
    if !diagnostics.has_errors() {
        return drawn(&graph.expect("a manifest without a mistake is a project"));
    }
    let mut text = String::new();
    for problem in diagnostics.into_sorted() {
        writeln!(text, "{}\n", to_text(&problem, Style::Plain)).unwrap();
    }
    text
}

fn build(text: &str, diagnostics: &mut Diagnostics) -> Option<Graph> {
    let sections: Vec<_> = ALL.iter().map(|provider| provider.section()).collect();
    let manifest = manifest::read(&Source::new("aether.yaml", text), None, &[], diagnostics)?;
    let project = Project::build(&manifest, None, &sections, &aether::stack::Wheels::embedded(), diagnostics)?;
    Some(graph(project, Path::new("/home/me/demo"), ALL, diagnostics))
}

fn drawn(graph: &Graph) -> String {
    let mut text = String::new();
    for host in &graph.hosts {
        let root = if host.is_system_managed { "system packages" } else { "no system packages" };
        writeln!(text, "{}: {} in {}, {root}", host.address, host.platform, host.prefix).unwrap();
        writeln!(text, "  {:?}", host.target.way).unwrap();
    }
    for machines in &graph.machines {
        let cost = machines.price.as_ref().map_or("price unknown".to_owned(), |price| {
            let most = if price.is_most { "at most " } else { "" };
            format!("{most}{} USD/h ({})", price.hourly, price.read)
        });
        writeln!(text, "{}: {} × {}, {cost}", machines.group, machines.count, machines.provider).unwrap();
        for (name, value) in &machines.settings {
            writeln!(text, "  {name}: {value}").unwrap();
        }
    }
    text
}
