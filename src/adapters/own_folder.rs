//! `.aether/`, where a project keeps what is its machine's alone: state, journal, local hosts. Never committed.

use std::fs;
use std::io;
use std::path::Path;

/// Makes the folder, and with it the line that keeps it out of git.
pub(super) fn make(folder: &Path) -> io::Result<()> {
    let ignore = folder.join(".gitignore");
    // Empty: whoever made it was ended before writing the line.
    if ignore.metadata().is_ok_and(|file| file.len() > 0) {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    fs::write(ignore, "*\n")
}
