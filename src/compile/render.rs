//! The graph through every family, each of which then reads its own output back.

use crate::graph::Graph;
use crate::playbook::Library;
use crate::ports::{Family, RenderError, Rendered, Templates};
use std::{panic, thread};

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

/// Every file of every family, sorted by path. Families are strangers, so they are rendered side by side; the first in
/// the table that fails is the one that is heard.
pub fn render(
    graph: &Graph,
    families: &[&'static dyn Family],
    library: &Library,
    templates: &Templates,
) -> Result<Vec<Rendered>, RenderFailure> {
    let answers: Vec<_> = thread::scope(|scope| {
        let one = |family: &&'static dyn Family| {
            let family = *family;
            scope.spawn(move || checked(family, graph, library, templates))
        };
        let running: Vec<_> = families.iter().map(one).collect();
        running.into_iter().map(|one| one.join().unwrap_or_else(|bug| panic::resume_unwind(bug))).collect()
    });
    let mut files = Vec::new();
    for rendered in answers {
        files.extend(rendered?);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn checked(
    family: &dyn Family,
    graph: &Graph,
    library: &Library,
    templates: &Templates,
) -> Result<Vec<Rendered>, RenderFailure> {
    let rendered = family.render(graph, library, templates)?;
    let differences = family.verify(graph, library, &rendered);
    if differences.is_empty() {
        Ok(rendered)
    } else {
        Err(Bug { family: family.name().to_owned(), differences }.into())
    }
}
