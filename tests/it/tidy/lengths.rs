//! Small functions and files. The tables below only shrink: an entry that is no longer needed fails too.

use super::{File, assert_tidy, rust, tracked};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// Lines from `fn` to the closing brace that no function passes.
const FUNCTION_WALL: usize = 70;

/// Functions that stood before the wall did: `path::name` and the length they may not pass.
const LONG_FUNCTIONS: &[(&str, usize)] = &[];

/// Lines with code in them that no file passes.
const FILE_WALL: usize = 400;

/// Files that are longer, each with its reason: tables and registries.
const LONG_FILES: &[(&str, &str)] = &[];

/// Name and length of every function of a file.
struct Functions(Vec<(String, usize)>);

impl Functions {
    fn of(file: &File) -> Vec<(String, usize)> {
        let syntax = syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path));
        let mut functions = Self(Vec::new());
        functions.visit_file(&syntax);
        functions.0
    }

    fn add(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let lines = body.span().end().line - signature.span().start().line + 1;
        self.0.push((signature.ident.to_string(), lines));
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.add(&item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

/// Functions over the wall, and entries of `ratchet` that are out of date.
fn long_functions(files: &[File], ratchet: &[(&str, usize)]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut needed = Vec::new();
    for file in files {
        for (name, lines) in Functions::of(file).into_iter().filter(|(_, lines)| *lines > FUNCTION_WALL) {
            let name = format!("{}::{name}", file.path);
            match ratchet.iter().find(|(listed, _)| *listed == name) {
                Some((_, most)) if lines <= *most => needed.push(name),
                _ => problems.push(format!("{name} has {lines} lines; the wall is {FUNCTION_WALL}")),
            }
        }
    }
    let stale = ratchet.iter().filter(|(name, _)| !needed.iter().any(|needed| needed == name));
    problems.extend(stale.map(|(name, _)| format!("{name} needs no entry in LONG_FUNCTIONS; remove it")));
    problems
}

/// Lines that are neither blank nor comment.
fn code_lines(text: &str) -> usize {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

fn long_files(files: &[File], listed: &[(&str, &str)]) -> Vec<String> {
    let is_long = |file: &&File| code_lines(&file.text) > FILE_WALL;
    let is_listed = |file: &File| listed.iter().any(|(path, _)| *path == file.path);
    let mut problems: Vec<String> = files
        .iter()
        .filter(is_long)
        .filter(|file| !is_listed(file))
        .map(|file| format!("{} has {} lines of code; the wall is {FILE_WALL}", file.path, code_lines(&file.text)))
        .collect();
    let needed: Vec<&str> = files.iter().filter(is_long).map(|file| file.path.as_str()).collect();
    let stale = listed.iter().filter(|(path, _)| !needed.contains(path));
    problems.extend(stale.map(|(path, _)| format!("{path} needs no entry in LONG_FILES; remove it")));
    problems
}

/// Files with a limit of their own, all lines counted.
const LIMITS: &[(&str, usize)] = &[("src/main.rs", 40), ("docs/ARCHITECTURE.md", 299), ("src/lib.rs", 60)];

fn past_their_limit(files: &[File], limits: &[(&str, usize)]) -> Vec<String> {
    let check = |(path, most): &(&str, usize)| {
        let Some(file) = files.iter().find(|file| file.path == *path) else {
            return Some(format!("{path} is not there"));
        };
        let lines = file.text.lines().count();
        (lines > *most).then(|| format!("{path} has {lines} lines; the limit is {most}"))
    };
    limits.iter().filter_map(check).collect()
}

#[test]
fn functions_stay_below_the_wall() {
    assert_tidy(&long_functions(&rust(), LONG_FUNCTIONS));
}

#[test]
fn files_stay_below_the_wall() {
    assert_tidy(&long_files(&rust(), LONG_FILES));
}

#[test]
fn files_with_a_limit_of_their_own_keep_it() {
    assert_tidy(&past_their_limit(&tracked(), LIMITS));
}

/// A function of this many lines, alone in a file.
fn function(lines: usize) -> File {
    File::new("src/a.rs", &format!("struct S;\nimpl S {{\nfn f() {{\n{}}}\n}}\n", "f();\n".repeat(lines - 2)))
}

#[test]
fn a_long_function_is_found_and_its_entry_only_shrinks() {
    assert_eq!(long_functions(&[function(70)], &[]), [""; 0]);
    assert_eq!(long_functions(&[function(71)], &[]), ["src/a.rs::f has 71 lines; the wall is 70"]);
    assert_eq!(long_functions(&[function(90)], &[("src/a.rs::f", 90)]), [""; 0]);
    assert_eq!(long_functions(&[function(91)], &[("src/a.rs::f", 90)]).len(), 2);
    assert_eq!(
        long_functions(&[function(60)], &[("src/a.rs::f", 90)]),
        ["src/a.rs::f needs no entry in LONG_FUNCTIONS; remove it"]
    );
}

#[test]
fn a_long_file_is_found_and_comments_do_not_count() {
    let of = |lines: usize| File::new("src/a.rs", &format!("//! x\n\n{}", "f();\n".repeat(lines)));
    assert_eq!(long_files(&[of(400)], &[]), [""; 0]);
    assert_eq!(long_files(&[of(401)], &[]), ["src/a.rs has 401 lines of code; the wall is 400"]);
    assert_eq!(long_files(&[of(401)], &[("src/a.rs", "a table")]), [""; 0]);
    assert_eq!(long_files(&[of(2)], &[("src/a.rs", "a table")]).len(), 1);
}

#[test]
fn a_file_past_its_own_limit_is_found() {
    let file = File::new("src/main.rs", &"f();\n".repeat(41));
    assert_eq!(past_their_limit(&[file], &[("src/main.rs", 40)]), ["src/main.rs has 41 lines; the limit is 40"]);
    assert_eq!(past_their_limit(&[], &[("src/main.rs", 40)]), ["src/main.rs is not there"]);
}
