//! `render`: write `infra/` and the CI workflow, or say how they differ from what would be written.

use super::{Failure, Input, load};
use crate::artifacts;
use crate::compile::{self, Difference};
use crate::ports::World;
use std::collections::BTreeMap;
use std::path::Path;

/// The folder that belongs to rendering altogether: what is in it and is not rendered, goes.
const FOLDER: &str = "infra";

/// What rendering found.
#[derive(Debug, Clone)]
pub struct RenderReport {
    /// How many files belong to the project.
    pub files: usize,
    /// Those that were not as they should be; written, unless only checking.
    pub differences: Vec<Difference>,
}

/// Renders. With `check` nothing is written.
pub fn render(world: &World, input: &Input, check: bool) -> Result<RenderReport, Failure> {
    let loaded = load(world, input)?;
    loaded.must_have_playbooks()?;
    loaded.must_be_locked()?;
    let rendered = compile::render(&loaded.graph, artifacts::FAMILIES, &loaded.library, &loaded.templates)?;
    let mut there = BTreeMap::new();
    let strays = world.files.list(Path::new(FOLDER))?;
    for path in
        strays.into_iter().filter(|path| !is_generated_elsewhere(path)).chain(rendered.iter().map(|f| f.path.clone()))
    {
        if let Some(bytes) = world.files.read(&path)? {
            there.insert(path, bytes);
        }
    }
    let differences = compile::difference(&rendered, &there);
    if !check {
        for difference in &differences {
            match &difference.wanted {
                Some(bytes) => world.files.write(&difference.path, bytes)?,
                None => world.files.remove(&difference.path)?,
            }
        }
    }
    Ok(RenderReport { files: rendered.len(), differences })
}

/// What the tools themselves leave in `infra/` is theirs: `.terraform/`, `terraform.tfstate`, lock files.
fn is_generated_elsewhere(path: &Path) -> bool {
    path.iter().any(|part| part == ".terraform" || part == ".ansible")
        || path.file_name().is_some_and(|name| {
            let name = name.to_string_lossy();
            name.starts_with("terraform.tfstate") || name.starts_with(".terraform")
        })
}
