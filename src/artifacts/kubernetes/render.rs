//! View + templates → files.

use super::view;
use crate::artifacts::engine::Engine;
use crate::graph::Graph;
use crate::ports::{RenderError, Rendered, Templates};

pub(super) fn render(graph: &Graph, templates: &Templates) -> Result<Vec<Rendered>, RenderError> {
    let engine = Engine::new(templates, "kubernetes")?;
    let documents = view::documents(graph);
    documents
        .iter()
        .map(|d| {
            Ok(Rendered { path: d.path.as_str().into(), bytes: engine.render(d.template, &d.object)?.into_bytes() })
        })
        .collect()
}
