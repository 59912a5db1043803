//! What holds for every text, not only for the cases: reading never panics, places lie in their text, and the same text
//! gives the same answer.

use aether::diagnostic::{Diagnostic, Diagnostics, Source, Style, to_json, to_text};
use aether::manifest::{self, Section, VariableSource};
use aether::project::Project;
use aether::providers;
use aether::yaml::{Kind, Node, parse};
use proptest::prelude::*;
use std::path::Path;
use std::sync::Arc;

/// Pieces that have broken readers of YAML before.
const PIECES: &[&str] = &[
    "",
    " ",
    "  ",
    "\n",
    "\t",
    "\r\n",
    ":",
    ": ",
    "- ",
    "? ",
    "#",
    "'",
    "\"",
    "[",
    "]",
    "{",
    "}",
    ",",
    "&a ",
    "*a",
    "<<: ",
    "!x ",
    "|\n",
    ">-\n",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "${",
    "}",
    "$${",
    "${a}",
    "~",
    "null",
    "3.10",
    "0x",
    "1e999",
    "99999999999999999999",
    "é",
    "\u{feff}",
    "\u{0}",
    "\u{1f600}",
    "\u{2028}",
    "\\",
    "@",
    "`",
    "yes",
    "true",
];

fn settings() -> ProptestConfig {
    ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn a_manifest_with_a_piece_put_anywhere_is_read_without_panic(
        case in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, 0..PIECES.len()), 1..6),
    ) {
        let seeds = seeds();
        let mut text = seeds[case.index(seeds.len())].clone();
        for (place, length, piece) in edits {
            let start = boundary(&text, place.index(text.len() + 1));
            let end = boundary(&text, (start + length).min(text.len()));
            text.replace_range(start..end, PIECES[piece]);
        }
        prop_assert_eq!(messages(&read(&text)), messages(&read(&text)));
    }

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,200}|[ \n:\\-\\[\\]{},&*!|>'\"%@`#?a1~<$]{0,120}") {
        read(&text);
    }

    #[test]
    fn any_bytes_are_a_text_or_a_problem(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Err(problem) = Source::from_bytes("aether.yaml", bytes) {
            to_text(&problem, Style::Plain);
        }
    }

    #[test]
    fn values_survive_reading(words in prop::collection::vec("[a-z]{1,8}", 1..20)) {
        let text: String = words.iter().enumerate().map(|(n, word)| format!("k{n}: \"{word}\"\n")).collect();
        let tree = parse(&Source::new("x", text), &mut Diagnostics::new()).expect("plain mappings are read");
        let found: Vec<&str> = tree.as_map().unwrap_or_default().iter().filter_map(|(_, node)| node.as_text()).collect();
        prop_assert_eq!(found, words.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

/// Everything that is done with a manifest before the world is touched.
fn read(text: &str) -> Vec<Diagnostic> {
    let source = Source::new("aether.yaml", text);
    let mut diagnostics = Diagnostics::new();
    places_lie_inside(&source);
    let flags = [VariableSource::Flag(Source::new("--var", "user=me")), VariableSource::File(Arc::clone(&source))];
    let sections: Vec<Section> = providers::ALL.iter().map(|provider| provider.section()).collect();
    for (profile, variables) in [(None, &flags[..0]), (Some(&source), &flags[..1]), (None, &flags[1..])] {
        let manifest = manifest::read(&source, profile, variables, &mut diagnostics);
        if let Some(project) = manifest
            .and_then(|m| Project::build(&m, None, &sections, &aether::stack::Wheels::embedded(), &mut diagnostics))
        {
            project.stale();
        }
    }
    diagnostics.into_sorted()
}

fn messages(problems: &[Diagnostic]) -> Vec<String> {
    problems.iter().map(|problem| to_text(problem, Style::Colour) + &to_json(problem).to_string()).collect()
}

fn places_lie_inside(source: &Arc<Source>) {
    fn check(node: &Node) {
        let _ = node.span.text();
        match &node.kind {
            Kind::List(items) => items.iter().for_each(check),
            Kind::Map(entries) => entries.iter().for_each(|(key, node)| {
                let _ = key.span.text();
                check(node);
            }),
            _ => {}
        }
    }
    if let Some(tree) = parse(source, &mut Diagnostics::new()) {
        check(&tree);
    }
}

fn seeds() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/manifest");
    ["ok-design", "ok-extends", "ok-anchors", "ok-variables", "unknown-keys-everywhere", "wrong-types"]
        .map(|case| std::fs::read_to_string(root.join(case).join("aether.yaml")).unwrap())
        .to_vec()
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
