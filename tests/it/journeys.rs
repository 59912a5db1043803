//! Stories of commands against the real binary: `tests/cases/journeys/<story>/` holds `project/` and `story.txt`.
//!
//! A line `$ command` runs in a fresh copy of the project with `sh`, where `aether` is the binary under test; the lines
//! below it are what it printed (both streams) and, when not 0, its exit code. `AETHER_UPDATE=1` writes what is seen.

use crate::support::project::Project;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/journeys");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

/// Runs one story and returns it as it went.
fn tell(case: &Path) -> String {
    let project = Project::copy_of(&case.join("project"));
    let script = fs::read_to_string(case.join("story.txt")).unwrap();
    let mut told = String::new();
    for line in script.lines().filter(|line| line.starts_with('$') || line.starts_with('#')) {
        writeln!(told, "{line}").unwrap();
        if let Some(command) = line.strip_prefix("$ ") {
            let ran = project.sh(command);
            told.push_str(&ran.text);
            if ran.status != 0 {
                writeln!(told, "[exit {}]", ran.status).unwrap();
            }
            told.push('\n');
        }
    }
    told
}

fn check(name_contains: &str) {
    let mut wrong = Vec::new();
    let chosen: Vec<PathBuf> = cases()
        .into_iter()
        .filter(|case| case.file_name().unwrap().to_string_lossy().starts_with(name_contains))
        .collect();
    assert!(!chosen.is_empty(), "no story begins with `{name_contains}`");
    for case in chosen {
        let file = case.join("story.txt");
        let told = tell(&case);
        if std::env::var_os("AETHER_UPDATE").is_some() {
            fs::write(&file, &told).unwrap();
        }
        let written = fs::read_to_string(&file).unwrap();
        if told != written {
            let diff = similar::TextDiff::from_lines(&written, &told).unified_diff().to_string();
            wrong.push(format!("{}\n{diff}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "stories went differently (AETHER_UPDATE=1 writes them anew):\n{}", wrong.join("\n"));
}

#[test]
fn stories_about_texts_go_as_written() {
    check("text_");
}

#[test]
fn stories_about_this_machine_go_as_written() {
    check("local_");
}
