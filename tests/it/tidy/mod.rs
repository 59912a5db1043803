//! The house rules as tests. Each rule is a pure function from text to problems, shown to fail on a bad snippet beside it.

mod catalogue;
mod floors;
mod lengths;
mod shapes;
mod words;

use std::path::Path;
use std::process::Command;

/// One tracked file.
struct File {
    /// Relative to the repository, with `/`.
    path: String,
    text: String,
}

impl File {
    fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|extension| extension == "rs")
    }

    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }
}

/// Every text file that git tracks or would track.
fn tracked() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .expect("git lists the files of this checkout");
    assert!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr));
    let paths = String::from_utf8(output.stdout).expect("paths here are UTF-8");
    let read = |path: &str| Some(File::new(path, &std::fs::read_to_string(root.join(path)).ok()?));
    paths.split('\0').filter(|path| !path.is_empty()).filter_map(read).collect()
}

/// The Rust files among them.
fn rust() -> Vec<File> {
    tracked().into_iter().filter(File::is_rust).collect()
}

/// Fails with one problem per line.
#[track_caller]
fn assert_tidy(problems: &[String]) {
    assert!(problems.is_empty(), "{} untidy:\n{}\n", problems.len(), problems.join("\n"));
}
