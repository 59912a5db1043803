//! What the binary carries: templates, roles and Terraform modules, as they lie in the repository.

use crate::playbook::Library;
use crate::ports::Templates;
use include_dir::{Dir, include_dir};

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static ROLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/playbooks/roles");
static MODULES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/terraform");

/// The embedded templates; a project's own replace those of the same name.
pub fn templates() -> Templates {
    files(&TEMPLATES).filter_map(|(path, bytes)| Some((path, String::from_utf8(bytes.to_vec()).ok()?))).collect()
}

/// The bundled roles, at `roles/<role>/…`; a project's own replace those of the same name.
pub fn library() -> Library {
    let mut library = Library::new();
    for (path, bytes) in files(&ROLES) {
        library.insert(format!("roles/{path}"), bytes);
    }
    library
}

/// Where images keep the program that proves them.
pub(super) const PROOF_IN_IMAGE: &str = "/opt/aether/prove.py";

/// The program that proves an environment: the same on hosts, in images and on clusters.
pub(super) fn proof() -> &'static [u8] {
    let file = ROLES.get_file("verify/files/prove.py").expect("the role `verify` is bundled with its program");
    file.contents()
}

/// The files of one bundled Terraform module, such as `aws/gpu_host`, by path within it.
pub(super) fn module(name: &str) -> Vec<(String, &'static [u8])> {
    below(&MODULES, name)
}

fn below(dir: &'static Dir<'_>, folder: &str) -> Vec<(String, &'static [u8])> {
    files(dir)
        .filter_map(|(path, bytes)| Some((path.strip_prefix(folder)?.strip_prefix('/')?.to_owned(), bytes)))
        .collect()
}

/// Every file with its path, `/` between its parts, sorted.
fn files(dir: &'static Dir<'_>) -> std::vec::IntoIter<(String, &'static [u8])> {
    fn walk(dir: &'static Dir<'_>, found: &mut Vec<(String, &'static [u8])>) {
        let path = |path: &std::path::Path| path.to_string_lossy().replace('\\', "/");
        found.extend(dir.files().map(|file| (path(file.path()), file.contents())));
        dir.dirs().for_each(|below| walk(below, found));
    }
    let mut found = Vec::new();
    walk(dir, &mut found);
    found.sort();
    found.into_iter()
}
