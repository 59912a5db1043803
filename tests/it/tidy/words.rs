//! Words that must not stand in the repository: leftovers, names that say nothing, paths of one machine.

use super::{File, assert_tidy, rust, tracked};
use syn::visit::{self, Visit};

/// Notes to oneself, split here so that this file passes its own test.
const LEFTOVERS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("to", "do!"),
    concat!("unimple", "mented!"),
    concat!("db", "g!"),
];

/// Folders that exist on the machine of one author only.
const PRIVATE_PATHS: &[&str] = &[concat!("/wo", "rk/"), concat!("/fa", "rm/")];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["common", "misc", "stuff"];

/// Last words of names that say nothing: they stand for "and the rest".
const EMPTY_ENDINGS: &[&str] = &["helper", "helpers", "manager", "util", "utils"];

/// True for `common` and `HostManager`; a function about a common denominator may say so.
fn is_empty_name(name: &str) -> bool {
    let words = words_of(name);
    let last = words.last().map_or("", String::as_str);
    EMPTY_ENDINGS.contains(&last) || EMPTY_NAMES.contains(&name)
}

/// `needle` as a word of its own in `line`.
fn has_word(line: &str, needle: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(needle).any(|(at, _)| {
        let is_joined_before = is_part(line[..at].chars().next_back());
        let is_joined_after = !needle.ends_with(['!', '/']) && is_part(line[at + needle.len()..].chars().next());
        !is_joined_before && !is_joined_after
    })
}

fn unwanted(files: &[File], words: &[&str], what: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            let found = words.iter().filter(|word| has_word(line, word));
            problems.extend(found.map(|word| format!("{}:{}: {what} `{word}`", file.path, index + 1)));
        }
    }
    problems
}

/// Files that may switch a wall of `clippy.toml` off.
const DOORS: &[&str] = &["src/adapters/mod.rs", "src/main.rs", "tests/it/main.rs"];

/// Attributes that open a wall elsewhere.
fn open_walls(files: &[File]) -> Vec<String> {
    let lint = concat!("clippy::", "disallowed_");
    let is_inside = |file: &&File| !DOORS.contains(&file.path.as_str());
    let mut problems = Vec::new();
    for file in files.iter().filter(is_inside) {
        let lines = file.text.lines().enumerate().filter(|(_, line)| line.contains(lint));
        problems.extend(lines.map(|(index, _)| format!("{}:{}: opens a wall of clippy.toml", file.path, index + 1)));
    }
    problems
}

/// Types, modules and functions whose name says nothing.
struct Names(Vec<(usize, String)>);

impl Names {
    fn add(&mut self, ident: &syn::Ident) {
        let name = ident.to_string();
        if is_empty_name(&name) {
            self.0.push((ident.span().start().line, name));
        }
    }
}

/// `HostManager` and `host_manager` → `[host, manager]`.
fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in name.chars() {
        if c.is_uppercase() || matches!(c, '_' | '-' | '.' | '/') {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().expect("there is always a last word").extend(c.to_lowercase());
        }
    }
    words
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.add(&item.ident);
        visit::visit_item_mod(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.add(&item.ident);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.add(&item.ident);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.add(&item.ident);
        visit::visit_item_trait(self, item);
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        self.add(&signature.ident);
    }
}

fn empty_names(files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files {
        if file.path.trim_end_matches(".rs").split('/').any(is_empty_name) {
            problems.push(format!("{}: a file is named for what is inside", file.path));
        }
        let mut names = Names(Vec::new());
        names.visit_file(&syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path)));
        let found = names.0.iter();
        problems.extend(found.map(|(line, name)| format!("{}:{line}: `{name}` does not say what it is", file.path)));
    }
    problems
}

#[test]
fn nothing_is_left_over() {
    assert_tidy(&unwanted(&tracked(), LEFTOVERS, "left over:"));
}

#[test]
fn no_path_of_one_machine_stands_here() {
    assert_tidy(&unwanted(&tracked(), PRIVATE_PATHS, "a path of one machine:"));
}

#[test]
fn names_say_what_they_name() {
    assert_tidy(&empty_names(&rust()));
}

#[test]
fn walls_are_opened_at_the_doors_only() {
    assert_tidy(&open_walls(&rust()));
}

#[test]
fn an_opened_wall_is_found() {
    let text = format!("//! Makes plans.\n#![allow({}types)]", concat!("clippy::", "disallowed_"));
    assert_eq!(open_walls(&[File::new("src/plan/mod.rs", &text)]), ["src/plan/mod.rs:2: opens a wall of clippy.toml"]);
    assert_eq!(open_walls(&[File::new("src/main.rs", &text)]), [""; 0]);
}

#[test]
fn a_left_over_note_is_found() {
    let text = format!("fine\n// {}: later\nlet x = {}(y);", LEFTOVERS[0], LEFTOVERS[5]);
    let found = unwanted(&[File::new("a.rs", &text)], LEFTOVERS, "left over:");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("a.rs:2: left over:"));
}

#[test]
fn a_word_inside_another_is_no_left_over() {
    let text = "MASTODON XXXL prefixXXX";
    assert_eq!(unwanted(&[File::new("a.rs", text)], LEFTOVERS, "left over:"), [""; 0]);
}

#[test]
fn a_private_path_is_found() {
    let text = format!("see {}notes", PRIVATE_PATHS[0]);
    assert_eq!(unwanted(&[File::new("a.md", &text)], PRIVATE_PATHS, "path").len(), 1);
    assert_eq!(unwanted(&[File::new("a.md", "/home/me/work/x")], PRIVATE_PATHS, "path"), [""; 0]);
}

#[test]
fn an_empty_name_is_found() {
    let text = "struct HostManager; fn to_manage() {} fn no_common_python() {}";
    let found = empty_names(&[File::new("src/plan/util.rs", text)]);
    assert_eq!(
        found,
        [
            "src/plan/util.rs: a file is named for what is inside",
            "src/plan/util.rs:1: `HostManager` does not say what it is"
        ]
    );
}
