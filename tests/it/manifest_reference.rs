//! What is made from the field tables: the JSON Schema and the reference page are up to date, and the schema agrees with the
//! reader about every case. `AETHER_UPDATE=1 cargo test --test it manifest_reference` writes both anew.

use aether::manifest::{Section, reference, schema};
use aether::providers;
use aether::yaml::{self, Kind, Node};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

#[test]
fn the_schema_of_the_manifest_is_up_to_date() {
    let text = serde_json::to_string_pretty(&schema(&sections())).unwrap() + "\n";
    up_to_date("schemas/aether.schema.json", &text);
}

#[test]
fn the_reference_page_of_the_manifest_is_up_to_date() {
    up_to_date("docs/manifest.md", &reference(&sections()));
}

#[test]
fn the_schema_takes_every_valid_case_and_example() {
    let validator = jsonschema::draft202012::new(&schema(&sections())).unwrap();
    for path in manifests("tests/cases/manifest").into_iter().chain(manifests("examples")) {
        let is_valid_case = path.components().any(|part| part.as_os_str().to_string_lossy().starts_with("ok-"));
        if is_valid_case || !path.starts_with(root().join("tests")) {
            let problems: Vec<String> = validator.iter_errors(&json_of(&path)).map(|e| e.to_string()).collect();
            assert!(problems.is_empty(), "{}: {problems:?}", path.display());
        }
    }
}

#[test]
fn the_schema_refuses_what_the_reader_refuses_for_its_shape() {
    let validator = jsonschema::draft202012::new(&schema(&sections())).unwrap();
    for case in [
        "unknown-key-near",
        "unknown-key-far",
        "unknown-keys-everywhere",
        "unknown-key-of-a-provider",
        "unknown-provider",
        "missing-name",
        "missing-format",
        "missing-provider",
        "missing-addresses",
        "format-zero",
        "wrong-types",
        "version-without-quotes",
        "items-of-wrong-type",
        "truth-in-words-of-old",
        "number-out-of-range",
        "variable-type-unknown",
        "variable-is-no-mapping",
    ] {
        let path = root().join("tests/cases/manifest").join(case).join("aether.yaml");
        assert!(!validator.is_valid(&json_of(&path)), "{case}");
    }
}

fn up_to_date(path: &str, expected: &str) {
    let file = root().join(path);
    if std::env::var_os("AETHER_UPDATE").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, expected).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(found == expected, "{path} is stale; run `AETHER_UPDATE=1 cargo test --test it manifest_reference`");
}

fn sections() -> Vec<Section> {
    providers::ALL.iter().map(|provider| provider.section()).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Every `aether.yaml` one folder below `folder`.
fn manifests(folder: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root().join(folder)) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path().join("aether.yaml"));
    paths.filter(|path| path.exists()).collect()
}

fn json_of(path: &Path) -> Value {
    let bytes = std::fs::read(path).unwrap();
    let source = aether::diagnostic::Source::from_bytes("aether.yaml", bytes).unwrap();
    json(&yaml::parse(&source, &mut aether::diagnostic::Diagnostics::new()).unwrap())
}

fn json(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => json!(value),
        Kind::Integer(value) => json!(value),
        Kind::Float(value, _) => json!(value),
        Kind::Text(text) => json!(text),
        Kind::List(items) => items.iter().map(json).collect(),
        Kind::Map(entries) => entries.iter().map(|(key, node)| (key.value.clone(), json(node))).collect(),
    }
}
