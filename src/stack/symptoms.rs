//! What a broken stack says, and why: from the text of a failure to its code, its cause and the way out.

use crate::diagnostic::{CODES, Code};
use serde::Deserialize;
use std::sync::LazyLock;

/// What a message stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symptom {
    /// The offence; `aether explain` prints its page.
    pub code: &'static Code,
    /// Why it happened.
    pub cause: String,
    /// What to do about it.
    pub way_out: String,
}

/// A row of `tables/symptoms.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// Of [`Code::name`].
    code: String,
    patterns: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "shows what the patterns are for; a test holds it to them"))]
    sample: String,
    cause: String,
    way_out: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "for the reader of the table"))]
    source: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "for the reader of the table"))]
    date: toml::value::Datetime,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    symptom: Vec<Row>,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let rows: Rows = toml::from_str(include_str!("tables/symptoms.toml")).expect("a test reads the embedded table");
    rows.symptom
});

/// What the text of a failure stands for; none when nothing in it is known.
pub fn symptom(text: &str) -> Option<Symptom> {
    let row =
        ROWS.iter().find(|row| row.patterns.iter().any(|pattern| text.lines().any(|line| fits(line, pattern))))?;
    let code = CODES.iter().find(|code| code.name == row.code)?;
    let cause = row
        .cause
        .replace("{cuda}", &found_cuda(text).map(|cuda| format!("; it runs up to CUDA {cuda}")).unwrap_or_default());
    Some(Symptom { code, cause, way_out: row.way_out.clone() })
}

/// Whether the pieces of a pattern stand in a line, in their order.
fn fits(line: &str, pattern: &str) -> bool {
    let mut rest = line;
    pattern.split('*').all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

/// `found version 12040` is CUDA 12.4: a thousand times the major number and ten times the minor.
fn found_cuda(text: &str) -> Option<String> {
    let digits: String = text.split_once("found version ")?.1.chars().take_while(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().ok()?;
    Some(format!("{}.{}", number / 1000, number % 1000 / 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_explains_its_own_sample_with_a_known_code() {
        for row in &*ROWS {
            let found = symptom(&format!("before\n  {} after\n", row.sample));
            assert_eq!(found.map(|symptom| symptom.code.name), Some(row.code.as_str()), "{}", row.sample);
            assert!(!row.cause.ends_with('.') && !row.way_out.ends_with('.') && !row.source.is_empty());
            assert!(row.date.date.is_some() && row.date.time.is_none());
        }
    }

    #[test]
    fn what_is_not_known_is_not_explained() {
        for text in ["", "No space left on device", "requirement libcud: fine", "GLIBC_2.28 is there"] {
            assert_eq!(symptom(text), None, "{text}");
        }
    }

    #[test]
    fn the_number_of_an_old_driver_becomes_a_cuda_release() {
        let found =
            symptom("The NVIDIA driver on your system is too old (found version 11040).").expect("a known text");
        assert!(found.cause.ends_with("; it runs up to CUDA 11.4"), "{}", found.cause);
    }
}
