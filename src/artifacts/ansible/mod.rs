//! `infra/ansible`: an Ansible project that sets up the same hosts with the same roles, without Aether.
//!
//! It is made from the sections that Aether's own host programs are compiled from. Does not know how either is run.

mod render;
mod verify;
mod view;

use crate::graph::Graph;
use crate::playbook::Library;
use crate::ports::{Family, RenderError, Rendered, Templates};

/// The family's folder.
const FOLDER: &str = "infra/ansible";

/// The row in the table of families.
pub(super) struct Ansible;

impl Family for Ansible {
    fn name(&self) -> &'static str {
        "ansible"
    }

    fn summary(&self) -> &'static str {
        "an Ansible project: inventory, variables and the bundled roles"
    }

    fn render(&self, graph: &Graph, library: &Library, templates: &Templates) -> Result<Vec<Rendered>, RenderError> {
        render::render(graph, library, templates)
    }

    fn verify(&self, graph: &Graph, library: &Library, files: &[Rendered]) -> Vec<String> {
        verify::verify(graph, library, files)
    }
}
