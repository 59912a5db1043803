//! `aether stack` as people and programs call it.

use crate::support::project::Project;
use aether::adapters::world;
use aether::ports::{Clock, HostKeyPolicy, Quiet, Setup, World};
use aether::stack::{TABLES, Wheels, facts};
use aether::workflows::{ListRequest, stack_list};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

struct Ran {
    status: Option<i32>,
    text: String,
}

fn run(arguments: &[&str]) -> Ran {
    let output = Project::empty().aether(arguments).output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    Ran { status: output.status.code(), text }
}

fn says(ran: &Ran, expected: &[&str]) {
    for phrase in expected {
        assert!(ran.text.contains(phrase), "`{phrase}` is not in\n{}", ran.text);
    }
}

#[test]
fn a_stack_that_cannot_be_is_refused_with_its_chain() {
    let wishes =
        ["--gpu", "V100", "--pytorch", "2.15", "--system", "ubuntu-22.04", "--python", "3.12", "--driver", "580"];
    let ran = run(&[&["stack", "resolve"], &wishes[..]].concat());
    assert_eq!(ran.status, Some(1));
    says(
        &ran,
        &["V100 (7.0) → CUDA 13 builds start at 7.5 → pytorch 2.15 exists only for CUDA 13", "pytorch 2.14 from cu126"],
    );
}

#[test]
fn an_answer_names_where_each_value_was_read_and_what_is_not_confirmed() {
    let ran = run(&["stack", "resolve", "--gpu", "A100", "--pytorch", "2.10", "--system", "debian-12"]);
    assert_eq!(ran.status, Some(0));
    says(
        &ran,
        &["pytorch      2.10.0 cu128, with CUDA 12.8, cuDNN 9.10.2.21, NCCL 2.27.5", "wheel on PyPI", "R580 with open"],
    );
    assert!(!ran.text.contains("not confirmed"), "{}", ran.text);
    let doubtful = run(&["stack", "resolve", "--gpu", "K80", "--pytorch", "*"]);
    assert_eq!(doubtful.status, Some(0));
    says(
        &doubtful,
        &[
            "2.7.1 cu118 from the index of PyTorch",
            "[not confirmed]",
            "not confirmed: what pytorch 2.7.1 holds as cu118",
        ],
    );
}

#[test]
fn what_is_not_known_is_no_yes() {
    let ran = run(&["stack", "resolve", "--gpu", "A100", "--pytorch", "2.15", "--variant", "cu134"]);
    assert_eq!(ran.status, Some(1));
    says(&ran, &["not known [AE0304]: the wheels of pytorch 2.15 are not known to hold 8.0"]);
}

#[test]
fn a_slip_of_the_keyboard_is_told() {
    for (arguments, expected) in [
        (["--gpu", "A1000"], "the tables know no GPU `A1000`, did you mean `A100`?"),
        (["--system", "ubuntu-23.10"], "the tables know no operating system `ubuntu-23.10`"),
        (["--python", "3"], "`3` is no Python release line"),
        (["--driver", "latest"], "`latest` is no driver version"),
        (["--pytorch", "newest"], "`newest` is no version"),
        (["--image", "twelve"], "`twelve` is no CUDA release"),
        (["--modules", "closed"], "the tables know no kind of kernel modules `closed`"),
        (["--architecture", "riscv64"], "the tables know no processor `riscv64`"),
    ] {
        let ran = run(&["stack", "resolve", arguments[0], arguments[1]]);
        assert_eq!(ran.status, Some(64), "{}", ran.text);
        says(&ran, &[expected]);
    }
    let ran = run(&["stack", "list", "drivers"]);
    assert_eq!(ran.status, Some(64));
    says(&ran, &["there is no table `drivers`, did you mean `driver`?"]);
}

#[test]
fn every_table_is_listed_and_searched() {
    let wheels = Wheels::embedded();
    for table in TABLES {
        let rows = facts(&wheels, table);
        assert!(!rows.is_empty() && rows.iter().all(|row| !row.source.is_empty() && row.date.len() == 10), "{table}");
    }
    let ran = run(&["stack", "list", "driver"]);
    says(&ran, &["R580: long-term, support until 2028-06, CUDA up to 13, GPUs from 5.0 on", "source: "]);
    let found = run(&["stack", "search", "BLACKWELL"]);
    says(&found, &["B200: Blackwell 10.0"]);
    assert!(!found.text.contains("V100"));
    says(&run(&["stack", "search", "no such thing"]), &["nothing in the tables mentions that"]);
}

#[test]
fn every_answer_for_programs_keeps_its_schema() {
    let keeps = |name: &str, arguments: &[&str]| {
        let ran = run(&[arguments, &["--json"]].concat());
        let document: Value = serde_json::from_str(&ran.text).expect(&ran.text);
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schemas/{name}.schema.json"));
        let schema: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let wrong: Vec<String> =
            jsonschema::validator_for(&schema).unwrap().iter_errors(&document).map(|e| e.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}\n{document:#}");
        document
    };
    assert!(keeps("stack-list", &["stack", "list"])["rows"].as_array().unwrap().len() > 200);
    let resolved = keeps("stack-resolve", &["stack", "resolve", "--gpu", "H100", "--pytorch", "2.10"]);
    assert_eq!(resolved["outcome"], "answer");
    let refused = keeps("stack-resolve", &["stack", "resolve", "--gpu", "V100", "--pytorch", "2.15"]);
    assert_eq!((&refused["outcome"], &refused["code"]), (&"refused".into(), &"AE0304".into()));
}

/// A clock that stands still.
struct Stopped(&'static str);

impl Clock for Stopped {
    fn now(&self) -> jiff::Timestamp {
        self.0.parse().unwrap()
    }

    fn wait(&self, _duration: Duration) {}
}

#[test]
fn tables_older_than_ninety_days_are_due() {
    let folder = tempfile::tempdir().unwrap();
    let progress = Arc::new(Quiet);
    let setup = Setup { directory: Some(folder.path().to_owned()), host_keys: HostKeyPolicy::Refuse, progress };
    let real = world(&setup).unwrap();
    let dated = Wheels::embedded().newest_date();
    let age = |now| {
        stack_list(&World { clock: Arc::new(Stopped(now)), ..real.clone() }, &ListRequest::default()).unwrap().age
    };
    assert_eq!((age("2026-11-21T12:00:00Z").date, age("2026-11-21T12:00:00Z").days), (dated, 0));
    assert!(!age("2027-02-19T00:00:00Z").is_old);
    let old = age("2027-02-20T00:00:00Z");
    assert_eq!((old.days, old.is_old), (91, true));
}
