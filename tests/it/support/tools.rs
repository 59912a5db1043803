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

/// A program to be run in `directory`: a pinned tool, or one of this machine's such as terraform. It finds the others.
pub fn command(tool: &str, directory: &Path) -> Command {
    let path = std::env::var_os("PATH").expect("PATH is set");
    let folders: Vec<PathBuf> = std::iter::once(folder()).chain(std::env::split_paths(&path)).collect();
    let program = folders.iter().map(|folder| folder.join(tool)).find(|program| program.is_file());
    let program = program.unwrap_or_else(|| panic!("`{tool}` is not on PATH; run `./dev tools`"));
    let mut command = Command::new(program);
    command.current_dir(directory).env("PATH", std::env::join_paths(folders).expect("folders have plain names"));
    command
}

/// Runs it to its end and gives what it printed on both streams; it must succeed.
pub fn succeed(command: &mut Command) -> String {
    let (succeeded, said) = finish(command);
    assert!(succeeded, "{command:?} failed:\n{said}");
    said
}

/// As [`succeed`], but it must fail.
pub fn fail(command: &mut Command) -> String {
    let (succeeded, said) = finish(command);
    assert!(!succeeded, "{command:?} succeeded:\n{said}");
    said
}

fn finish(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), said)
}

fn folder() -> PathBuf {
    let of_home = || Path::new(&std::env::var("HOME").unwrap_or_default()).join(".cache/aether/tools/bin");
    std::env::var("AETHER_TEST_BIN").map_or_else(|_| of_home(), PathBuf::from)
}
