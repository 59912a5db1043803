//! View + templates → files.

use super::view::{self, Pins};
use crate::artifacts::embedded;
use crate::artifacts::engine::Engine;
use crate::graph::Graph;
use crate::ports::{RenderError, Rendered, Templates};

pub(super) fn render(graph: &Graph, templates: &Templates) -> Result<Vec<Rendered>, RenderError> {
    let engine = Engine::new(templates, "docker")?;
    let images = view::images(graph);
    let mut files = Vec::new();
    for image in &images {
        files.push(file(&image.file, engine.render("docker/Dockerfile.j2", image)?));
        for pins in &image.pins {
            files.push(requirements(&engine, pins)?);
        }
    }
    for folder in view::folders(&images) {
        files.push(file(&format!("{folder}/.dockerignore"), engine.render("docker/dockerignore.j2", &())?));
        files.push(Rendered { path: format!("{folder}/prove.py").into(), bytes: embedded::proof().to_vec() });
        if let Some(pins) = view::uv(folder, &graph.project.lock) {
            files.push(requirements(&engine, &pins)?);
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn requirements(engine: &Engine<'_>, pins: &Pins) -> Result<Rendered, RenderError> {
    Ok(file(&pins.path, engine.render("docker/requirements.txt.j2", pins)?))
}

fn file(path: &str, text: String) -> Rendered {
    Rendered { path: path.into(), bytes: text.into_bytes() }
}
