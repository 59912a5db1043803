//! Texts → [`Manifest`]: parse, overlay, variables, types. Each step reports all it finds and hands on the best it has.

use super::variables::VariableSource;
use super::{
    Cluster, Environment, Framework, HostGroup, Manifest, Mirrors, Software, fields, name, overlay, variables,
};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span, code};
use crate::yaml::{self, Kind, Map, Node, Spanned};
use std::sync::Arc;

/// The only format there is so far.
const FORMAT: i64 = 1;

/// Reads the base file, lays the profile over it and puts variables in.
///
/// `None` when there is nothing to go on with. A manifest that comes with errors in `diagnostics` is only good for
/// finding more of them.
pub fn read(
    base: &Arc<Source>,
    profile: Option<&Arc<Source>>,
    variables: &[VariableSource],
    diagnostics: &mut Diagnostics,
) -> Option<Manifest> {
    let tree = tree(base, diagnostics);
    let change = profile.map(|profile| yaml::parse(profile, diagnostics));
    let tree = match (tree?, change) {
        (base, None) => base,
        (base, Some(change)) => with_profile(base, change?),
    };
    let (tree, is_complete) = variables::resolve(tree, variables, diagnostics);
    if is_complete {
        return typed(&tree, diagnostics);
    }
    report_despite_holes(&tree, diagnostics);
    None
}

fn tree(base: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Node> {
    let tree = yaml::parse(base, diagnostics)?;
    if tree.kind == Kind::Null {
        diagnostics.push(
            Diagnostic::error(&code::EMPTY_FILE, &Span::start_of(base), "the manifest is empty")
                .fix("begin with `aether: 1` and `name: …`, or let `aether init` write one"),
        );
        return None;
    }
    Some(tree)
}

/// A profile with nothing in it changes nothing.
fn with_profile(base: Node, change: Node) -> Node {
    if change.kind == Kind::Null { base } else { overlay::overlay(base, change) }
}

fn typed(tree: &Node, diagnostics: &mut Diagnostics) -> Option<Manifest> {
    let map = Map::read(tree, "the manifest", fields::MANIFEST, diagnostics)?;
    check_format(&map, diagnostics);
    let project = map.text("name").unwrap_or_else(|| Spanned::new("unnamed".to_owned(), map.span().clone()));
    if map.text("name").is_some() {
        name::check(&project, "a project", diagnostics);
    }
    Some(Manifest {
        name: project,
        environments: each(&map, "environments", "an environment", diagnostics, environment),
        hosts: each(&map, "hosts", "a host group", diagnostics, host_group),
        clusters: each(&map, "clusters", "a cluster", diagnostics, cluster),
        max_hourly_cost: map.amount("max_hourly_cost"),
        mirrors: map.node("mirrors").map_or_else(Mirrors::default, |node| mirrors(node, diagnostics)),
    })
}

/// A reference without a value was reported; what else is wrong at its place is not known.
fn report_despite_holes(tree: &Node, diagnostics: &mut Diagnostics) {
    let mut found = Diagnostics::new();
    typed(tree, &mut found);
    for problem in found.into_sorted().into_iter().filter(|problem| !problem.span.text().contains("${")) {
        diagnostics.push(problem);
    }
}

fn check_format(map: &Map<'_>, diagnostics: &mut Diagnostics) {
    let Some(format) = map.integer("aether").filter(|format| format.value > FORMAT) else { return };
    let summary = format!("this manifest has format {}; this Aether reads format {FORMAT}", format.value);
    diagnostics.push(
        Diagnostic::error(&code::UNSUPPORTED_FORMAT, &format.span, summary)
            .fix("write `aether: 1`, or install a newer Aether"),
    );
}

/// Reads every entry of a mapping whose keys are names.
fn each<T>(
    map: &Map<'_>,
    section: &str,
    what: &str,
    diagnostics: &mut Diagnostics,
    read: impl Fn(&Spanned<String>, &Node, &mut Diagnostics) -> Option<T>,
) -> Vec<T> {
    let mut out = Vec::new();
    for (key, node) in map.map(section) {
        name::check(key, what, diagnostics);
        out.extend(read(key, node, diagnostics));
    }
    out
}

/// An environment is kept even when nothing of it can be read: others may refer to it.
#[expect(clippy::unnecessary_wraps, reason = "one shape with the readers beside it")]
fn environment(key: &Spanned<String>, node: &Node, diagnostics: &mut Diagnostics) -> Option<Environment> {
    let mut environment =
        Environment { name: key.clone(), python: None, frameworks: Vec::new(), packages: Vec::new(), extends: None };
    let what = format!("environment `{}`", key.value);
    if let Some(map) = Map::read(node, &what, fields::ENVIRONMENT, diagnostics) {
        environment.python = map.text("python");
        environment.extends = map.text("extends");
        environment.packages = map.texts("packages");
        environment.frameworks = Framework::ALL.iter().filter_map(|framework| wish(&map, *framework)).collect();
    }
    Some(environment)
}

fn wish(map: &Map<'_>, framework: Framework) -> Option<(Spanned<Framework>, Spanned<String>)> {
    let key = map.key(framework.key())?;
    let any = || Spanned::new("*".to_owned(), key.span.clone());
    let version = match map.node(framework.key())?.kind {
        Kind::Null => any(),
        _ => map.text(framework.key())?,
    };
    Some((Spanned::new(framework, key.span.clone()), version))
}

/// A cluster has fewer of these keys; those it has not are not there.
fn software(map: &Map<'_>) -> Software {
    Software {
        system: map.text("system"),
        driver: map.text("driver"),
        kernel_modules: map.text("kernel_modules"),
        cuda_toolkit: map.text("cuda_toolkit"),
        container_runtime: map.text("container_runtime"),
    }
}

fn host_group(key: &Spanned<String>, node: &Node, diagnostics: &mut Diagnostics) -> Option<HostGroup> {
    let what = format!("host group `{}`", key.value);
    let (map, section) = Map::split(node, &what, fields::HOST_GROUP, diagnostics)?;
    Some(HostGroup {
        name: key.clone(),
        provider: map.text("provider")?,
        environments: map.texts("environments"),
        playbooks: map.texts("playbooks"),
        accelerators: map.text("accelerators"),
        architecture: map.text("architecture"),
        max_hourly_cost: map.amount("max_hourly_cost"),
        software: software(&map),
        section,
    })
}

fn cluster(key: &Spanned<String>, node: &Node, diagnostics: &mut Diagnostics) -> Option<Cluster> {
    let what = format!("cluster `{}`", key.value);
    let (map, section) = Map::split(node, &what, fields::CLUSTER, diagnostics)?;
    Some(Cluster {
        name: key.clone(),
        provider: map.text("provider")?,
        environments: map.texts("environments"),
        accelerators: map.text("accelerators"),
        architecture: map.text("architecture"),
        software: software(&map),
        section,
    })
}

fn mirrors(node: &Node, diagnostics: &mut Diagnostics) -> Mirrors {
    let Some(map) = Map::read(node, "`mirrors`", fields::MIRRORS, diagnostics) else { return Mirrors::default() };
    Mirrors {
        index: map.text("index"),
        torch_index: map.text("torch_index"),
        cuda: map.text("cuda"),
        container_toolkit: map.text("container_toolkit"),
        huggingface: map.text("huggingface"),
        registry: map.text("registry"),
    }
}
