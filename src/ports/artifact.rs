//! Families of generated files. One implementation per folder of `artifacts/`, one row in its table.

use crate::graph::Graph;
use crate::playbook::Library;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Relative to the project's folder: `infra/ansible/site.yml`.
    pub path: PathBuf,
    /// Its bytes; the same for the same input, always.
    pub bytes: Vec<u8>,
}

/// Templates by name (`terraform/main.tf.j2`): the embedded ones, overridden by the project's.
pub type Templates = BTreeMap<String, String>;

/// One family of artifacts.
pub trait Family: Sync {
    /// `terraform`; also the folder below `infra/` and `templates/`.
    fn name(&self) -> &'static str;
    /// One line for docs and help.
    fn summary(&self) -> &'static str;
    /// Every file of the family; none when the graph has nothing for it. `library` is the one that is compiled when
    /// Aether sets a host up itself.
    fn render(&self, graph: &Graph, library: &Library, templates: &Templates) -> Result<Vec<Rendered>, RenderError>;
    /// Reads the rendered files back and says where they differ from the graph; empty when they agree.
    fn verify(&self, graph: &Graph, library: &Library, files: &[Rendered]) -> Vec<String>;
}

/// A template could not be rendered: a mistake in the template.
#[derive(Debug, thiserror::Error)]
#[error("template `{template}` cannot be rendered")]
pub struct RenderError {
    /// Its name.
    pub template: String,
    /// Where and why.
    pub source: minijinja::Error,
}
