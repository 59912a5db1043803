//! Reads `infra/terraform` back and compares what it would make and run with the graph.

use super::FOLDER;
use super::render::module_files;
use super::view::arguments;
use crate::artifacts::engine::hcl_text;
use crate::artifacts::group_name::group_name;
use crate::graph::{Graph, Machines};
use crate::ports::Rendered;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What differs, one line each; empty when the files say what the graph says.
pub(super) fn verify(graph: &Graph, files: &[Rendered]) -> Vec<String> {
    let main = files.iter().find(|file| file.path.ends_with("terraform/main.tf"));
    let main = main.map_or_else(String::new, |file| String::from_utf8_lossy(&file.bytes).into_owned());
    let blocks = blocks(&main);
    let mut problems = Vec::new();
    let mut known = BTreeSet::new();
    for group in inhabited(graph) {
        let name = group_name(group);
        known.insert(format!("resource \"terraform_data\" \"{name}\""));
        known.insert(format!("resource \"terraform_data\" \"{name}_removal\""));
        check_command(&blocks, &name, &format!("ansible-playbook site.yml --limit {name}"), &mut problems);
        let removal = format!("ansible-playbook remove.yml --limit {name}");
        check_command(&blocks, &format!("{name}_removal"), &removal, &mut problems);
    }
    for machines in &graph.machines {
        let name = group_name(&machines.group);
        known.insert(format!("resource \"terraform_data\" \"{name}\""));
        known.insert(format!("module \"{name}\""));
        check_module(graph, &blocks, machines, &mut problems);
        check_command(&blocks, &name, &format!("site.yml --limit {name}"), &mut problems);
        problems.extend(module_problems(&format!("{}/gpu_host", machines.provider), files));
    }
    let foreign = blocks.keys().filter(|header| **header != "locals" && !known.contains(**header));
    problems.extend(foreign.map(|header| format!("`{FOLDER}/main.tf` has a `{header}` that nobody asked for")));
    problems
}

fn inhabited(graph: &Graph) -> Vec<&str> {
    let mut seen = HashSet::new();
    graph.hosts.iter().map(|host| host.address.group.as_str()).filter(|group| seen.insert(*group)).collect()
}

/// The blocks at the left edge: header without its brace → lines within. `terraform fmt` keeps them apart like this.
fn blocks(text: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut blocks: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut header = None;
    for line in text.lines() {
        match header {
            None => header = line.strip_suffix(" {").filter(|line| !line.starts_with([' ', '#'])),
            Some(_) if line == "}" => header = None,
            Some(header) => blocks.entry(header).or_default().push(line.trim()),
        }
    }
    blocks
}

/// `name = value` within a block, whatever the spaces between.
fn argument<'t>(lines: &[&'t str], name: &str) -> Option<&'t str> {
    let value = |line: &&'t str| line.strip_prefix(name)?.trim_start().strip_prefix("= ");
    lines.iter().find_map(value)
}

fn check_command(blocks: &BTreeMap<&str, Vec<&str>>, name: &str, wanted: &str, problems: &mut Vec<String>) {
    let header = format!("resource \"terraform_data\" \"{name}\"");
    let command = blocks.get(header.as_str()).and_then(|lines| argument(lines, "command"));
    if !command.is_some_and(|command| command.trim_matches('"').ends_with(wanted)) {
        problems.push(format!("`{FOLDER}/main.tf` does not run `{wanted}` in `terraform_data.{name}`"));
    }
}

fn check_module(graph: &Graph, blocks: &BTreeMap<&str, Vec<&str>>, machines: &Machines, problems: &mut Vec<String>) {
    let name = group_name(&machines.group);
    let Some(lines) = blocks.get(format!("module \"{name}\"").as_str()) else {
        return problems.push(format!("`{FOLDER}/main.tf` does not make the machines of `{}`", machines.group));
    };
    let mut wanted = arguments(&graph.project.name, machines);
    wanted.push(("source".to_owned(), format!("./modules/{}/gpu_host", machines.provider).into()));
    for (argument_name, value) in &wanted {
        if argument(lines, argument_name) != hcl_text(value).ok().as_deref() {
            problems.push(format!("`{FOLDER}/main.tf` gives `module.{name}` another `{argument_name}`"));
        }
    }
    if lines.len() > wanted.len() {
        problems.push(format!("`{FOLDER}/main.tf` gives `module.{name}` more than the manifest says"));
    }
}

fn module_problems(module: &str, files: &[Rendered]) -> Vec<String> {
    let lacks = |wanted: &Rendered| !files.contains(wanted);
    let problem = |wanted: Rendered| format!("`{}` is not the bundled module's file", wanted.path.display());
    module_files(module).into_iter().filter(lacks).map(problem).collect()
}
