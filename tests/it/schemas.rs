//! `schemas/`: generated, up to date, and kept by what the binary really prints.

use crate::support::project::Project;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

const MANIFEST: &str = "aether: 1\nname: small\nenvironments:\n  tools:\n    python: \"3.11\"\n    packages: [six==1.16.0]\n\
                        hosts:\n  here:\n    provider: local\n    environments: [tools]\n";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas")
}

#[test]
fn the_schemas_of_the_commands_are_up_to_date() {
    let mut stale = Vec::new();
    for (name, schema) in aether::cli::schemas() {
        let file = folder().join(format!("{name}.schema.json"));
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("AETHER_UPDATE").is_some() {
            fs::write(&file, &text).unwrap();
        }
        if fs::read_to_string(&file).unwrap_or_default() != text {
            stale.push(name);
        }
    }
    assert!(stale.is_empty(), "schemas/ is stale for {stale:?}: run the tests with AETHER_UPDATE=1");
}

/// Runs a command with `--json` and holds its answer against its schema.
fn conforms(project: &Project, arguments: &[&str]) -> Value {
    let mut command = project.aether(arguments);
    if !arguments.contains(&"--json") {
        command.arg("--json");
    }
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("{arguments:?} printed no JSON: {error}\n{text}\n{}", String::from_utf8_lossy(&output.stderr))
    });
    let name = if arguments[0] == "state" { arguments[..2].join("-") } else { arguments[0].to_owned() };
    keeps(&name, &document);
    document
}

/// Holds a document against the schema of that name.
pub(crate) fn keeps(name: &str, document: &Value) {
    let schema = fs::read_to_string(folder().join(format!("{name}.schema.json"))).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(document).map(|e| format!("{} at {}", e, e.instance_path())).collect();
    assert!(wrong.is_empty(), "`{name}` does not keep its schema: {wrong:?}\n{document:#}");
}

/// `--json` must stand before the `--` that ends Aether's own words.
fn exec(project: &Project) -> Value {
    conforms(project, &["exec", "--json", "--", "echo", "hello"])
}

#[test]
fn every_answer_keeps_its_schema() {
    let project = Project::with_manifest(MANIFEST);
    conforms(&project, &["validate"]);
    conforms(&project, &["graph"]);
    conforms(&project, &["status"]);
    assert_eq!(conforms(&project, &["lock"])["packages"], 1);
    conforms(&project, &["render", "--check"]);
    conforms(&project, &["render"]);
    assert_eq!(conforms(&project, &["plan"])["has_changes"], true);
    assert_eq!(conforms(&project, &["apply", "--yes"])["not_done"], 0);
    assert_eq!(conforms(&project, &["plan"])["has_changes"], false);
    conforms(&project, &["resume", "--yes"]);
    conforms(&project, &["drift"]);
    assert_eq!(conforms(&project, &["verify"])["works"], true);
    assert_eq!(exec(&project)["hosts"][0]["stdout"], "hello\n");
    conforms(&project, &["status"]);
    assert_eq!(conforms(&project, &["state", "list"])["resources"][0]["address"], "here/here");
    conforms(&project, &["state", "show", "here/here/environment/tools"]);
    conforms(&project, &["state", "history"]);
    conforms(&project, &["state", "rm", "here/here/environment/tools"]);
    conforms(&project, &["state", "restore", "1"]);
    conforms(&project, &["destroy", "--yes"]);
    conforms(&project, &["explain"]);
    conforms(&project, &["explain", "unknown-key"]);
    conforms(&project, &["completions", "bash"]);
    conforms(&project, &["man"]);
    assert_eq!(conforms(&Project::empty(), &["init", "--framework", "jax"])["path"], "aether.yaml");
}

#[test]
fn a_failure_is_one_json_document_too() {
    let project = Project::with_manifest("aether: 1\nnmae: small\n");
    let output = project.aether(&["plan", "--json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(65));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    keeps("failure", &document);
    assert_eq!(document["error"]["exit_code"], 65);
    assert_eq!(document["error"]["diagnostics"][0]["at"]["line"], 2);
    let output = project.aether(&["plan", "--frks", "3", "--json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(64));
    keeps("failure", &serde_json::from_slice(&output.stdout).unwrap());
}
