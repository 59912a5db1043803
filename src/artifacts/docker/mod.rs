//! Container images, one per environment and build, from the lock. Knows nothing of who runs them.

mod render;
mod verify;
mod view;

use crate::graph::Graph;
use crate::playbook::Library;
use crate::ports::{Family, RenderError, Rendered, Templates};

/// The family `docker`.
#[derive(Debug)]
pub(super) struct Docker;

impl Family for Docker {
    fn name(&self) -> &'static str {
        "docker"
    }

    fn summary(&self) -> &'static str {
        "one image per environment, CPU and CUDA, from the lock"
    }

    fn render(&self, graph: &Graph, _: &Library, templates: &Templates) -> Result<Vec<Rendered>, RenderError> {
        render::render(graph, templates)
    }

    fn verify(&self, graph: &Graph, _: &Library, files: &[Rendered]) -> Vec<String> {
        verify::verify(graph, files)
    }
}
