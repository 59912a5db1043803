//! A room imports only from lower floors, and neighbours on a floor are strangers.
//!
//! Looks at `use` trees, at paths in code and at paths inside macro calls, so that no spelling hides an import.

use super::{File, assert_tidy, rust};
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeSet;
use syn::visit::{self, Visit};

/// Every room with its floor; `docs/ARCHITECTURE.md` says what lives there.
const FLOORS: &[(&str, u8)] = &[
    ("address", 0),
    ("diagnostic", 0),
    ("digest", 0),
    ("secret", 0),
    ("yaml", 0),
    ("manifest", 1),
    ("playbook", 1),
    ("stack", 1),
    ("project", 2),
    ("graph", 3),
    ("state", 4),
    ("plan", 5),
    ("ports", 6),
    ("adapters", 7),
    ("artifacts", 7),
    ("index", 7),
    ("providers", 7),
    ("apply", 8),
    ("bundle", 8),
    ("compile", 8),
    ("converge", 8),
    ("lock", 8),
    ("workflows", 9),
    ("cli", 10),
];

/// Steps within a floor, (above, below); each has its page in `docs/decisions/`.
const STEPS: &[(&str, &str)] = &[("apply", "converge"), ("yaml", "diagnostic")];

/// Rooms whose folders are strangers to each other.
const PLUG_INS: &[&str] = &["adapters", "artifacts", "providers"];

/// Files above the floors: they wire everything.
const ROOF: &[&str] = &["src/lib.rs", "src/main.rs"];

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

/// `src/plan/diff.rs` → `[plan, diff]`, `src/plan/mod.rs` → `[plan]`.
fn module_of(path: &str) -> Vec<String> {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut module: Vec<String> = path.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    module
}

/// Collects every path that starts at `crate`, `self` or `super`, as seen from the crate's root.
struct Imports {
    module: Vec<String>,
    found: Vec<(usize, Vec<String>)>,
    globs: Vec<usize>,
    in_tests: bool,
}

impl Imports {
    fn of(file: &File) -> Self {
        let syntax = syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path));
        let mut imports = Self { module: module_of(&file.path), found: Vec::new(), globs: Vec::new(), in_tests: false };
        imports.visit_file(&syntax);
        imports
    }

    fn add(&mut self, line: usize, segments: &[String]) {
        let mut at: Option<Vec<String>> = None;
        let mut rest = segments;
        while let Some((first, tail)) = rest.split_first() {
            match (first.as_str(), &mut at) {
                ("crate", None) => at = Some(Vec::new()),
                ("self", None) => at = Some(self.module.clone()),
                ("super", None) => at = Some(self.module[..self.module.len().saturating_sub(1)].to_vec()),
                ("super", Some(at)) => drop(at.pop()),
                _ => break,
            }
            rest = tail;
        }
        if let Some(mut path) = at {
            path.extend(rest.iter().cloned());
            self.found.push((line, path));
        }
    }

    fn add_tree(&mut self, prefix: &[String], tree: &syn::UseTree) {
        let with = |ident: &syn::Ident| [prefix, &[ident.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.add_tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.add(name.ident.span().start().line, &with(&name.ident)),
            syn::UseTree::Rename(rename) => self.add(rename.ident.span().start().line, &with(&rename.ident)),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(prefix, tree)),
            syn::UseTree::Glob(glob) => {
                let line = glob.star_token.spans[0].start().line;
                self.add(line, prefix);
                if prefix.iter().all(|segment| segment == "super") && !self.in_tests {
                    self.globs.push(line);
                }
            }
        }
    }

    /// Paths inside macro calls are plain tokens: `crate`, `:`, `:`, name, …
    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut line = 0;
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if !path.is_empty() && colons == 2 => path.push(ident.to_string()),
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() => {
                    colons += 1;
                    continue;
                }
                other => {
                    self.add(line, &std::mem::take(&mut path));
                    match other {
                        TokenTree::Ident(ident) => {
                            line = ident.span().start().line;
                            path.push(ident.to_string());
                        }
                        TokenTree::Group(group) => self.add_tokens(group.stream()),
                        _ => {}
                    }
                }
            }
            colons = 0;
        }
        self.add(line, &path);
    }
}

fn is_test_only(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    })
}

impl<'ast> Visit<'ast> for Imports {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let was_in_tests = self.in_tests;
        self.in_tests |= is_test_only(&item.attrs);
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
        self.in_tests = was_in_tests;
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.add_tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let line = path.segments.first().map_or(0, |segment| segment.ident.span().start().line);
        self.add(line, &segments);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.add_tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }
}

/// The folders of plug-in rooms: `providers/ssh` and its like.
fn sub_rooms(files: &[File]) -> BTreeSet<(String, String)> {
    let folder = |file: &File| match &module_path(&file.path)[..] {
        [room, folder, _file] if PLUG_INS.contains(&room.as_str()) => Some((room.clone(), folder.clone())),
        _ => None,
    };
    files.iter().filter_map(folder).collect()
}

fn module_path(path: &str) -> Vec<String> {
    path.trim_start_matches("src/").split('/').map(str::to_owned).take(3).collect()
}

/// Why `from` must not import `to`; `None` when it may.
fn offence(from: &[String], to: &[String], sub_rooms: &BTreeSet<(String, String)>) -> Option<String> {
    let (Some(here), Some(there)) = (from.first(), to.first()) else { return None };
    let Some(there_floor) = floor(there) else {
        return Some(format!("`crate::{there}` is no room of the table in tests/it/tidy/floors.rs"));
    };
    let Some(here_floor) = floor(here) else {
        return Some(format!("`{here}` is no room of the table in tests/it/tidy/floors.rs"));
    };
    if here == there {
        let (Some(mine), Some(other)) = (from.get(1), to.get(1)) else { return None };
        let are_strangers = mine != other
            && sub_rooms.contains(&(here.clone(), mine.clone()))
            && sub_rooms.contains(&(here.clone(), other.clone()));
        return are_strangers.then(|| format!("`{here}/{mine}` imports its neighbour `{there}/{other}`"));
    }
    if there_floor < here_floor || STEPS.contains(&(here, there)) {
        return None;
    }
    let direction = if there_floor == here_floor { "sideways" } else { "upward" };
    Some(format!("`{here}` (floor {here_floor}) imports {direction} from `{there}` (floor {there_floor})"))
}

fn problems(files: &[File]) -> Vec<String> {
    let sub_rooms = sub_rooms(files);
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.path.starts_with("src/") && !ROOF.contains(&file.path.as_str())) {
        let from = module_of(&file.path);
        let imports = Imports::of(file);
        for (line, to) in &imports.found {
            problems.extend(offence(&from, to, &sub_rooms).map(|why| format!("{}:{line}: {why}", file.path)));
        }
        for line in &imports.globs {
            problems.push(format!("{}:{line}: `use super::*` hides where names come from", file.path));
        }
    }
    problems.dedup();
    problems
}

#[test]
fn rooms_import_only_from_lower_floors() {
    assert_tidy(&problems(&rust()));
}

#[test]
fn every_room_has_a_floor_and_every_floor_its_room() {
    let files = rust();
    let sources = files.iter().filter(|file| file.path.starts_with("src/") && !ROOF.contains(&file.path.as_str()));
    let there: BTreeSet<String> = sources.map(|file| module_of(&file.path)[0].clone()).collect();
    let table: BTreeSet<String> = FLOORS.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(there, table);
}

/// Problems of one snippet at `path`, beside two plug-ins that exist.
fn problems_of(path: &str, text: &str) -> Vec<String> {
    let files = [
        File::new("src/providers/local/mod.rs", "//! x"),
        File::new("src/providers/ssh/mod.rs", "//! x"),
        File::new("src/providers/shared.rs", "//! x"),
        File::new(path, text),
    ];
    problems(&files)
}

#[test]
fn an_upward_import_is_found_in_every_spelling() {
    let spellings = [
        "use crate::plan::Plan;",
        "use crate::{address::Address, plan::{Plan, Step}};",
        "use crate::plan as deed;",
        "use crate::plan::*;",
        "use super::super::plan::Plan;",
        "fn f(p: &crate::plan::Plan) {}",
        "fn f() { crate::plan::make(); }",
        "fn f() { assert!(matches!(x, crate::plan::Step::One)); }",
        "fn f() { let v = vec![super::super::plan::Step::One]; }",
        "mod inner { fn f() { super::super::super::plan::make(); } }",
        "impl crate::plan::Look for X {}",
        "macro_rules! m { () => { $crate::plan::make() }; }",
    ];
    for text in spellings {
        let found = problems_of("src/graph/link.rs", text);
        assert!(
            found.iter().any(|p| p.contains("src/graph/link.rs:1: `graph` (floor 3) imports upward")),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn a_sideways_import_is_found() {
    let found = problems_of("src/converge/run.rs", "\nuse crate::apply::execute;");
    assert_eq!(found, ["src/converge/run.rs:2: `converge` (floor 8) imports sideways from `apply` (floor 8)"]);
}

#[test]
fn plug_ins_are_strangers_to_each_other() {
    for text in ["use crate::providers::local::Local;", "use super::super::local::Local;"] {
        let found = problems_of("src/providers/ssh/lower.rs", text);
        assert_eq!(found, ["src/providers/ssh/lower.rs:1: `providers/ssh` imports its neighbour `providers/local`"]);
    }
}

#[test]
fn what_a_plug_in_shares_with_its_room_is_allowed() {
    let text = "use super::spec::Spec; use crate::providers::shared::word; use crate::ports::Provider; use super::super::shared;";
    assert_eq!(problems_of("src/providers/ssh/lower.rs", text), [""; 0]);
}

#[test]
fn an_unknown_room_is_found() {
    assert!(problems_of("src/plan/diff.rs", "use crate::util::join;")[0].contains("`crate::util` is no room"));
    assert!(problems_of("src/misc/diff.rs", "use crate::plan::Plan;")[0].contains("`misc` is no room"));
}

#[test]
fn a_super_glob_is_allowed_in_tests_only() {
    assert!(problems_of("src/plan/diff.rs", "use super::*;")[0].contains("hides where names come from"));
    assert_eq!(problems_of("src/plan/diff.rs", "#[cfg(test)]\nmod tests { use super::*; }"), [""; 0]);
}
