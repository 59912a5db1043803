//! What every family's tests do: render, write to a folder, snapshot, tamper.

use aether::artifacts::{FAMILIES, library, templates};
use aether::graph::Graph;
use aether::ports::{Family, Rendered};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The family of that name.
pub fn family(name: &str) -> &'static dyn Family {
    *FAMILIES.iter().find(|family| family.name() == name).expect("the family has a row")
}

/// Its files for a graph, rendered with the embedded templates.
pub fn render(name: &str, graph: &Graph) -> Vec<Rendered> {
    family(name).render(graph, &library(), &templates()).expect("embedded templates render")
}

/// What the family says of files that were rendered with the bundled roles.
pub fn verify(name: &str, graph: &Graph, files: &[Rendered]) -> Vec<String> {
    family(name).verify(graph, &library(), files)
}

/// All files as one text, to be read like prose.
pub fn page(files: &[Rendered]) -> String {
    let mut page = String::new();
    for file in files {
        write!(page, "──── {} ────\n{}\n", file.path.display(), String::from_utf8_lossy(&file.bytes)).unwrap();
    }
    page
}

/// Writes the files below `root` and returns where they lie.
pub fn write(root: &Path, files: &[Rendered]) -> Vec<PathBuf> {
    let write = |file: &Rendered| {
        let path = root.join(&file.path);
        std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).unwrap();
        std::fs::write(&path, &file.bytes).unwrap();
        path
    };
    files.iter().map(write).collect()
}

/// What `verify` says after `old` became `new` in the file whose path ends with `path`; `old` must be there.
pub fn tampered(name: &str, graph: &Graph, path: &str, old: &str, new: &str) -> Vec<String> {
    let mut files = render(name, graph);
    let file = files.iter_mut().find(|file| file.path.ends_with(path)).expect("the file is rendered");
    let text = String::from_utf8(file.bytes.clone()).unwrap();
    assert!(text.contains(old), "`{old}` is not in `{path}`");
    file.bytes = text.replacen(old, new, 1).into_bytes();
    verify(name, graph, &files)
}
