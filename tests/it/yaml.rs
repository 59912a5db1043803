//! Every file in `tests/cases/yaml/` is read; the snapshot beside it shows the tree with places, and the problems.

use aether::diagnostic::{Diagnostics, Source, Style, to_text};
use aether::yaml::{Kind, Node, parse};
use std::fmt::Write as _;
use std::path::Path;

#[test]
fn yaml_texts_become_trees_with_places() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/yaml");
    let mut paths: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), read(&text)));
    }
}

#[test]
fn an_alias_bomb_is_refused_before_it_grows() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(text, "a{level}: &a{level} [{aliases}]").unwrap();
    }
    let (tree, problems) = outcome(&text);
    assert!(tree.is_none());
    assert_eq!(problems.iter().map(|p| p.code.name).collect::<Vec<_>>(), ["too-many-values"]);
}

#[test]
fn twenty_thousand_brackets_are_too_deep_and_no_crash() {
    for text in ["[".repeat(20_000), "- ".repeat(20_000), "{a: ".repeat(20_000)] {
        let (tree, problems) = outcome(&text);
        assert!(tree.is_none());
        assert_eq!(problems[0].code.name, "too-deep");
    }
}

#[test]
fn places_are_right_behind_a_byte_order_mark_and_windows_line_ends() {
    let (tree, problems) = outcome("\u{feff}name: \"größe\"\r\nhosts:\r\n  lab: [ß, x]\r\n");
    assert!(problems.is_empty());
    let tree = tree.unwrap();
    let lab = tree.get("hosts").unwrap().get("lab").unwrap();
    assert_eq!(lab.span.text(), "[ß, x]");
    assert_eq!(lab.as_list().unwrap()[1].span.line_column(), (3, 12));
    assert_eq!(tree.get("name").unwrap().span.text(), "\"größe\"");
}

fn outcome(text: &str) -> (Option<Node>, Vec<aether::diagnostic::Diagnostic>) {
    let mut diagnostics = Diagnostics::new();
    let tree = parse(&Source::new("case.yaml", text), &mut diagnostics);
    (tree, diagnostics.into_sorted())
}

fn read(text: &str) -> String {
    let (tree, problems) = outcome(text);
    let mut out = String::new();
    match tree {
        Some(tree) => draw(&tree, "", &mut out),
        None => out.push_str("no tree\n"),
    }
    for problem in problems {
        write!(out, "\n{}\n", to_text(&problem, Style::Plain)).unwrap();
    }
    out
}

fn draw(node: &Node, indent: &str, out: &mut String) {
    let (line, column) = node.span.line_column();
    let place = format!("{line}:{column} `{}`", node.span.text().escape_debug());
    let origin = node.defined.as_ref().map_or(String::new(), |d| format!(" from {d:?}"));
    match &node.kind {
        Kind::List(items) => {
            writeln!(out, "list {place}{origin}").unwrap();
            for item in items {
                write!(out, "{indent}  - ").unwrap();
                draw(item, &format!("{indent}  "), out);
            }
        }
        Kind::Map(entries) => {
            writeln!(out, "map {place}{origin}").unwrap();
            for (key, value) in entries {
                let (line, column) = key.span.line_column();
                write!(out, "{indent}  {} ({line}:{column}): ", key.value).unwrap();
                draw(value, &format!("{indent}  "), out);
            }
        }
        scalar => writeln!(out, "{scalar:?} {place}{origin}").unwrap(),
    }
}
