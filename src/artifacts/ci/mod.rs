//! The workflow that plans on a pull request and applies on the main branch. Knows nothing of what a plan holds.

mod render;
mod verify;
mod view;

use crate::graph::Graph;
use crate::playbook::Library;
use crate::ports::{Family, RenderError, Rendered, Templates};

/// The family `ci`.
#[derive(Debug)]
pub(super) struct Ci;

impl Family for Ci {
    fn name(&self) -> &'static str {
        "ci"
    }

    fn summary(&self) -> &'static str {
        "a GitHub Actions workflow: plan on pull request, apply on main"
    }

    fn render(&self, graph: &Graph, _: &Library, templates: &Templates) -> Result<Vec<Rendered>, RenderError> {
        render::render(graph, templates)
    }

    fn verify(&self, graph: &Graph, _: &Library, files: &[Rendered]) -> Vec<String> {
        verify::verify(graph, files)
    }
}
