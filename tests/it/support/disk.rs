//! A disk in memory that is full when a test wants it to be.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Mounted over a folder, and gone when dropped.
pub struct SmallDisk {
    folder: PathBuf,
}

impl SmallDisk {
    /// Mounts it with options of tmpfs, such as `size=1m` or `nr_inodes=4`.
    pub fn mount(folder: &Path, options: &str) -> Self {
        mount(folder, options);
        Self { folder: folder.to_owned() }
    }

    /// Gives it other options, and leaves what is on it.
    pub fn change(&self, options: &str) {
        mount(&self.folder, &format!("remount,{options}"));
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.folder
    }
}

fn mount(folder: &Path, options: &str) {
    let mut command = Command::new("mount");
    command.args(["-t", "tmpfs", "-o", options, "aether-test"]).arg(folder);
    assert!(command.status().unwrap().success(), "mounting a small disk takes root");
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.folder).status();
    }
}
