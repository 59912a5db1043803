//! The graph through every family, each of which then reads its own output back.

use crate::graph::Graph;
use crate::playbook::Library;
use crate::ports::{Family, RenderError, Rendered, Templates};

/// A family's output does not say what the graph says: a mistake of ours or of a project's template.
#[derive(Debug, thiserror::Error)]
#[error("the rendered {family} files differ from what they were rendered from:\n{}", .differences.join("\n"))]
pub struct Bug {
    /// The family.
    pub family: String,
    /// Where they differ.
    pub differences: Vec<String>,
}

/// Nothing was rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderFailure {
    /// A template is wrong.
    #[error(transparent)]
    Template(#[from] RenderError),
    /// The output is wrong.
    #[error(transparent)]
    Verify(#[from] Bug),
}

/// Every file of every family, sorted by path.
pub fn render(
    graph: &Graph,
    families: &[&'static dyn Family],
    library: &Library,
    templates: &Templates,
) -> Result<Vec<Rendered>, RenderFailure> {
    let mut files = Vec::new();
    for family in families {
        let rendered = family.render(graph, library, templates)?;
        let differences = family.verify(graph, library, &rendered);
        if !differences.is_empty() {
            return Err(Bug { family: family.name().to_owned(), differences }.into());
        }
        files.extend(rendered);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}
