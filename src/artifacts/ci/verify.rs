//! Reads the workflow back: the right jobs, pinned actions, no more rights than it needs, no secret in the text.

use super::view;
use crate::diagnostic::{Diagnostics, Source};
use crate::graph::Graph;
use crate::ports::Rendered;
use crate::yaml::{Kind, Node, parse};

const DIGITS_OF_A_COMMIT: usize = 40;

pub(super) fn verify(graph: &Graph, files: &[Rendered]) -> Vec<String> {
    let (mine, others): (Vec<&Rendered>, Vec<&Rendered>) =
        files.iter().partition(|file| file.path.as_os_str() == view::PATH);
    let mut differences: Vec<String> =
        others.iter().map(|file| format!("`{}` follows from nothing in the manifest", file.path.display())).collect();
    let Some(file) = mine.first() else {
        differences.push(format!("`{}` is missing", view::PATH));
        return differences;
    };
    let text = String::from_utf8_lossy(&file.bytes);
    let Some(root) = parse(&Source::new(view::PATH, text.clone()), &mut Diagnostics::new()) else {
        differences.push(format!("`{}` is not YAML", view::PATH));
        return differences;
    };
    differences.extend(jobs(graph, &root));
    differences.extend(rights(&root));
    differences.extend(text.lines().filter_map(unpinned));
    differences
}

fn jobs(graph: &Graph, root: &Node) -> Option<String> {
    let wanted: &[&str] = if view::has_hosts(graph) { &["check", "plan", "apply"] } else { &["check"] };
    let found: Vec<&str> = keys(root.get("jobs"));
    (found != wanted).then(|| format!("the jobs are {found:?} and should be {wanted:?}"))
}

fn rights(root: &Node) -> Option<String> {
    let permissions = root.get("permissions");
    let is_least = keys(permissions) == ["contents"]
        && permissions.and_then(|node| node.get("contents")).is_some_and(|n| n.kind == Kind::Text("read".to_owned()));
    (!is_least).then(|| "the workflow has other rights than to read the repository".to_owned())
}

fn unpinned(line: &str) -> Option<String> {
    let action = line.trim_start_matches([' ', '-']).strip_prefix("uses:")?.trim();
    let version = action.split('@').nth(1).unwrap_or_default().split(' ').next().unwrap_or_default();
    let is_commit = version.len() == DIGITS_OF_A_COMMIT && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    (!is_commit).then(|| format!("`{action}` is not pinned to a commit"))
}

fn keys(node: Option<&Node>) -> Vec<&str> {
    match node.map(|node| &node.kind) {
        Some(Kind::Map(entries)) => entries.iter().map(|(key, _)| key.value.as_str()).collect(),
        _ => Vec::new(),
    }
}
