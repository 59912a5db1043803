//! The compatibility tables: each file of `tests/cases/stack/` is a question with its answer.

use aether::stack::{Framework, Verdict, Wheels, Wish, check, check_together, default_python};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// With `python` the question is whether it fits, with `cuda` whether the wishes share an environment, and without
/// either which Python they get.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    wishes: BTreeMap<String, String>,
    python: Option<String>,
    #[serde(default)]
    cuda: bool,
    answer: String,
}

#[test]
fn every_question_of_the_cases_has_its_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/stack");
    for entry in std::fs::read_dir(folder).expect("the cases are there") {
        let file = entry.expect("a case").path();
        let text = std::fs::read_to_string(&file).expect("a case is readable");
        let case: Case = toml::from_str(&text).expect("a case is TOML");
        assert_eq!(answer(&case), case.answer, "{}", file.display());
    }
}

fn answer(case: &Case) -> String {
    let framework = |key| Framework::from_key(key).expect("a framework");
    let wishes = case.wishes.iter().map(|(key, version)| Wish::new(framework(key), version).expect("a version"));
    let wishes: Vec<_> = wishes.collect();
    let wheels = Wheels::embedded();
    match &case.python {
        Some(python) => in_words(&check(&wheels, &wishes[0], python.parse().expect("a Python line"))),
        None if case.cuda => in_words(&check_together(&wheels, &wishes)),
        None => match default_python(&wheels, &wishes) {
            Ok(python) => format!("python {python}"),
            Err(reason) => format!("refused: {reason}"),
        },
    }
}

fn in_words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Fits => "fits".to_owned(),
        Verdict::Unknown(reason) => format!("unknown: {reason}"),
        Verdict::Refused(reason) => format!("refused: {reason}"),
    }
}
