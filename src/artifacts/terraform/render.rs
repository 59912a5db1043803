//! View → the files of `infra/terraform`.

use super::FOLDER;
use super::view;
use crate::artifacts::embedded;
use crate::artifacts::engine::Engine;
use crate::graph::Graph;
use crate::ports::{RenderError, Rendered, Templates};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Every file, sorted by path; none when the project has no hosts and no machines.
pub(super) fn render(graph: &Graph, templates: &Templates) -> Result<Vec<Rendered>, RenderError> {
    let view = view::view(graph);
    if view.groups.is_empty() {
        return Ok(Vec::new());
    }
    let engine = Engine::new(templates, "terraform")?;
    let mut shown = vec![
        (".gitignore", "terraform/gitignore.j2"),
        ("main.tf", "terraform/main.tf.j2"),
        ("versions.tf", "terraform/versions.tf.j2"),
    ];
    if view.groups.iter().any(|group| group.module.is_some()) {
        shown.push(("outputs.tf", "terraform/outputs.tf.j2"));
    }
    let mut files = Vec::new();
    for (path, template) in shown {
        files.push(Rendered { path: below(path), bytes: engine.render(template, &view)?.into_bytes() });
    }
    let modules: BTreeSet<&str> =
        view.groups.iter().filter_map(|group| group.module.as_ref()).map(|module| module.path.as_str()).collect();
    files.extend(modules.into_iter().flat_map(module_files));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// A copy of a bundled module.
pub(super) fn module_files(module: &str) -> Vec<Rendered> {
    embedded::module(module)
        .into_iter()
        .map(|(path, bytes)| Rendered { path: below(&format!("modules/{module}/{path}")), bytes: bytes.to_vec() })
        .collect()
}

fn below(path: &str) -> PathBuf {
    PathBuf::from(format!("{FOLDER}/{path}"))
}
