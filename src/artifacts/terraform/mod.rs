//! `infra/terraform`: makes machines where a cloud has to, and sets every host up by running `infra/ansible`.
//!
//! For hosts that exist it uses built-in resources only, so that it needs no provider and no network of its own.

mod render;
mod verify;
mod view;

use crate::graph::Graph;
use crate::playbook::Library;
use crate::ports::{Family, RenderError, Rendered, Templates};

/// The family's folder.
const FOLDER: &str = "infra/terraform";

/// The row in the table of families.
pub(super) struct Terraform;

impl Family for Terraform {
    fn name(&self) -> &'static str {
        "terraform"
    }

    fn summary(&self) -> &'static str {
        "a Terraform project: machines from their modules, set up through Ansible"
    }

    fn render(&self, graph: &Graph, _: &Library, templates: &Templates) -> Result<Vec<Rendered>, RenderError> {
        render::render(graph, templates)
    }

    fn verify(&self, graph: &Graph, _: &Library, files: &[Rendered]) -> Vec<String> {
        verify::verify(graph, files)
    }
}
