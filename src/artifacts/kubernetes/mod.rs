//! Kubernetes objects, one folder per cluster. Knows nothing of how an image is built or a cluster is reached.

mod render;
mod verify;
mod view;

use crate::graph::Graph;
use crate::playbook::Library;
use crate::ports::{Family, RenderError, Rendered, Templates};

/// The family `kubernetes`.
#[derive(Debug)]
pub(super) struct Kubernetes;

impl Family for Kubernetes {
    fn name(&self) -> &'static str {
        "kubernetes"
    }

    fn summary(&self) -> &'static str {
        "a namespace and a job or deployment per environment, one folder per cluster"
    }

    fn render(&self, graph: &Graph, _: &Library, templates: &Templates) -> Result<Vec<Rendered>, RenderError> {
        render::render(graph, templates)
    }

    fn verify(&self, graph: &Graph, _: &Library, files: &[Rendered]) -> Vec<String> {
        verify::verify(graph, files)
    }
}
