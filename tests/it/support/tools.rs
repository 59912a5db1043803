//! The programs that tests call: pinned, installed by `./dev tools`, and missed loudly.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs a pinned tool and gives its whole output; a tool that is not there fails the test with the way to get it.
pub fn run(tool: &str, arguments: &[&str], files: &[PathBuf]) -> Output {
    let program = folder().join(tool);
    assert!(program.exists(), "`{}` is not there; run `./dev tools`", program.display());
    Command::new(&program).args(arguments).args(files).output().expect("a tool that is there starts")
}

/// As [`run`], and the tool must be content and silent.
pub fn silent(tool: &str, arguments: &[&str], files: &[PathBuf]) {
    let output = run(tool, arguments, files);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.trim().is_empty(), "`{tool}` on {files:?} says:\n{said}");
}

fn folder() -> PathBuf {
    let of_home = || Path::new(&std::env::var("HOME").unwrap_or_default()).join(".cache/aether/tools/bin");
    std::env::var("AETHER_TEST_BIN").map_or_else(|_| of_home(), PathBuf::from)
}
