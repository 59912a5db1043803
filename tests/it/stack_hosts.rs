//! Live hosts against what is wanted there, and what broken stacks say: a case is a file.

use aether::stack::{Architecture, Framework, HostFacts, HostWish, Pinned, Wheels, host_findings, symptom};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A host as its probe found it, and what is wanted there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// In words.
    about: String,
    facts: Map<String, Value>,
    accelerators: Option<(String, u32)>,
    #[serde(default)]
    installs_driver: bool,
    #[serde(default)]
    frameworks: BTreeMap<Framework, String>,
    /// Of the environment.
    variant: Option<String>,
    /// Rows of the project's own.
    overlay: Option<String>,
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension != "snap"));
    files.sort();
    files
}

fn name(file: &Path) -> &str {
    file.file_stem().unwrap().to_str().unwrap()
}

fn pinned(case: &Case, framework: Framework, version: &str) -> Pinned {
    Pinned { framework, version: version.parse().unwrap(), variant: case.variant.clone() }
}

fn told(case: &Case) -> String {
    let wish = HostWish {
        accelerators: case.accelerators.clone(),
        installs_driver: case.installs_driver,
        architecture: Architecture::X86_64,
        frameworks: case.frameworks.iter().map(|(framework, version)| pinned(case, *framework, version)).collect(),
    };
    let wheels = Wheels::of_project(case.overlay.as_ref().map(String::as_bytes)).unwrap();
    let mut told = format!("{}\n", case.about);
    for finding in host_findings(&wheels, &HostFacts::read(&case.facts), &wish) {
        let chain = finding.chain.join(" → ");
        writeln!(told, "{:?} {}: {chain}\n    {}", finding.weight, finding.code.name, finding.way_out).unwrap();
    }
    told
}

#[test]
fn what_a_host_has_is_held_against_what_is_wanted() {
    for file in files("host-findings") {
        let case: Case = serde_json::from_slice(&std::fs::read(&file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        insta::with_settings!({ snapshot_path => file.parent().unwrap(), prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name(&file), told(&case));
        });
    }
}

#[test]
fn what_a_broken_stack_says_is_explained() {
    let mut told = String::new();
    for file in files("symptoms") {
        match symptom(&std::fs::read_to_string(&file).unwrap()) {
            Some(known) => {
                writeln!(
                    told,
                    "{}\n  {}\n  why: {}\n  fix: {}\n",
                    name(&file),
                    known.code.name,
                    known.cause,
                    known.way_out
                )
            }
            None => writeln!(told, "{}\n  not known\n", name(&file)),
        }
        .unwrap();
    }
    insta::assert_snapshot!(told);
}

/// Facts come from hosts, whose tools may be of any age, broken or hostile.
#[test]
fn facts_that_are_none_are_no_findings() {
    let wish = HostWish {
        accelerators: Some(("A100".to_owned(), 8)),
        installs_driver: false,
        architecture: Architecture::X86_64,
        frameworks: Vec::new(),
    };
    for facts in
        ["{}", r#"{"aether_gpus": "eight"}"#, r#"{"aether_pci_gpus": null}"#, r#"{"aether_pci_gpus": [{"id": 7}]}"#]
    {
        let facts: Map<String, Value> = serde_json::from_str(facts).unwrap();
        assert_eq!(host_findings(&Wheels::embedded(), &HostFacts::read(&facts), &wish), []);
    }
}
