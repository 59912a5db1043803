//! View + template → the workflow.

use super::view;
use crate::artifacts::engine::Engine;
use crate::graph::Graph;
use crate::ports::{RenderError, Rendered, Templates};

pub(super) fn render(graph: &Graph, templates: &Templates) -> Result<Vec<Rendered>, RenderError> {
    let text = Engine::new(templates, "ci")?.render("ci/aether.yml.j2", &view::workflow(graph))?;
    Ok(vec![Rendered { path: view::PATH.into(), bytes: text.into_bytes() }])
}
