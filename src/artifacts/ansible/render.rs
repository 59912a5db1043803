//! View → the files of `infra/ansible`.

use super::FOLDER;
use super::view::{self, View};
use crate::artifacts::engine::Engine;
use crate::artifacts::roles_in_use;
use crate::graph::Graph;
use crate::playbook::Library;
use crate::ports::{RenderError, Rendered, Templates};
use serde::Serialize;
use std::path::PathBuf;

/// Every file, sorted by path; none when the project has no host groups.
pub(super) fn render(graph: &Graph, library: &Library, templates: &Templates) -> Result<Vec<Rendered>, RenderError> {
    let view = view::view(graph);
    if view.groups.is_empty() {
        return Ok(Vec::new());
    }
    let engine = Engine::new(templates, "ansible")?;
    let mut files = vec![
        text("site.yml", engine.render("ansible/site.yml.j2", &view)?),
        text("remove.yml", engine.render("ansible/remove.yml.j2", &view)?),
        text("hosts.yml", engine.render("ansible/hosts.yml.j2", &view)?),
        text("ansible.cfg", engine.render("ansible/ansible.cfg.j2", &view)?),
    ];
    files.extend(variables(&engine, &view)?);
    files.extend(view.requirements.iter().map(|file| text(&file.path, file.text.clone())));
    files.extend(roles_in_use::needed(library, &view.roles).iter().flat_map(|role| role_files(library, role)));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// What a file of variables shows.
#[derive(Serialize)]
struct Variables<'v> {
    of: &'v str,
    variables: &'v [view::Variable],
}

fn variables(engine: &Engine<'_>, view: &View) -> Result<Vec<Rendered>, RenderError> {
    let mut files = Vec::new();
    for group in &view.groups {
        let of_group = Variables { of: &group.title, variables: &group.variables };
        let shown = engine.render("ansible/variables.yml.j2", &of_group)?;
        files.push(text(&format!("group_vars/{}.yml", group.name), shown));
        for host in group.hosts.iter().filter(|host| !host.own.is_empty()) {
            let of_host = Variables { of: &host.alias, variables: &host.own };
            let shown = engine.render("ansible/variables.yml.j2", &of_host)?;
            files.push(text(&format!("host_vars/{}.yml", host.alias), shown));
        }
    }
    Ok(files)
}

/// A copy of a bundled role. One that the project replaces is not copied: Ansible finds it where it lies.
pub(super) fn role_files(library: &Library, role: &str) -> Vec<Rendered> {
    let copy = |path: &str| Rendered { path: below(path), bytes: library.get(path).unwrap_or_default().to_vec() };
    if library.has_own_role(role) { Vec::new() } else { library.below(&format!("roles/{role}")).map(copy).collect() }
}

fn text(path: &str, text: String) -> Rendered {
    Rendered { path: below(path), bytes: text.into_bytes() }
}

fn below(path: &str) -> PathBuf {
    PathBuf::from(format!("{FOLDER}/{path}"))
}
