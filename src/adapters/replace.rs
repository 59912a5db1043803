//! Replaces a file as a whole, so that a reader sees the old content or the new and a crash leaves one of them.

use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// How the names of files begin that are not yet in their place.
pub(super) const TEMPORARY: &str = ".aether-";

/// Writes `bytes` beside `path`, forces them to the disk and renames them into place with permissions `mode`.
pub(super) fn replace(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let folder = folder_of(path);
    let mut temporary =
        tempfile::Builder::new().prefix(TEMPORARY).permissions(Permissions::from_mode(mode)).tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    // The umask may have taken bits away, and this is the one place that decides them.
    temporary.as_file().set_permissions(Permissions::from_mode(mode))?;
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|refused| refused.error)?;
    sync_folder(folder)
}

/// Forces a folder's entries to the disk: without it a rename may be forgotten.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
