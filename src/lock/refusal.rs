//! What `uv` says when it finds no solution → what is wrong and the way out, in a line or two.

use std::fmt;

/// Why there is no solution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The index has no package of that name.
    NoSuchPackage(String),
    /// The index has the package, but no release that will do.
    NoSuchVersion(String),
    /// There is a release, but no wheel for the environment's Python or its hosts.
    NoWheel(String),
    /// Two wishes exclude each other.
    Conflict(String),
    /// The package index did not answer.
    Unreachable(String),
    /// A line of the manifest is no requirement.
    NoRequirement(String),
    /// Something else; its own words.
    Other(String),
}

impl Refusal {
    /// Reads the standard error of a failed `uv pip compile`.
    pub(super) fn read(stderr: &str) -> Self {
        let words = condensed(stderr);
        let says = |phrase: &str| stderr.contains(phrase);
        if says("was not found in the package registry") {
            Self::NoSuchPackage(before(&words, " was not found in").to_owned())
        } else if says("network was disabled") || says("Failed to fetch") || says("error sending request") {
            Self::Unreachable(last_cause(stderr))
        } else if says("no wheels with a matching") || says("no source distribution") || says("only found wheels") {
            Self::NoWheel(words)
        } else if says("parse requirement") {
            Self::NoRequirement(words)
        } else if words.starts_with("only ") || words.starts_with("there is no version of ") {
            Self::NoSuchVersion(words)
        } else if says("No solution found") {
            Self::Conflict(words)
        } else {
            Self::Other(words)
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchPackage(name) => write!(f, "the package index has no `{name}`; check the spelling"),
            Self::NoSuchVersion(why) => write!(f, "{why}; ask for a release that exists"),
            Self::NoWheel(why) => write!(f, "{why}; choose another release, or another `python:`"),
            Self::Conflict(why) => write!(f, "{why}; loosen one of them, or use two environments"),
            Self::Unreachable(why) => {
                write!(
                    f,
                    "the package index cannot be reached ({why}); check the network, or what `uv` is told about indexes"
                )
            }
            Self::NoRequirement(why) => write!(f, "{why}; write `name` or `name>=1.2`"),
            Self::Other(why) => write!(f, "uv says: {why}"),
        }
    }
}

/// The reasons without headings, line breaks and the conclusion that everybody knows by now. Where there is a hint about
/// wheels it says the same with fewer words.
fn condensed(stderr: &str) -> String {
    let (causes, hint) = stderr.split_once("hint: ").unwrap_or((stderr, ""));
    let said = if hint.contains("only found wheels") { hint } else { causes };
    let lines = said.lines().map(str::trim).filter(|line| !line.starts_with("warning:") && !HEADINGS.contains(line));
    let words: Vec<_> =
        lines.flat_map(str::split_whitespace).filter(|word| !word.trim_matches('^').is_empty()).collect();
    let text = WORDS.iter().fold(words.join(" "), |text, (theirs, ours)| text.replace(theirs, ours));
    text.trim_matches(['.', ' ', ';']).to_owned()
}

/// Lines that say nothing of the case.
const HEADINGS: [&str; 2] =
    ["error: No solution found when resolving dependencies", "error: Couldn't parse requirement in `-` at position 0"];

/// Their words and ours, longest first.
const WORDS: [(&str, &str); 10] = [
    (", we can conclude that your requirements are unsatisfiable.", ""),
    (", we can conclude that ", ", so "),
    (" we can conclude that ", " "),
    ("but we only found wheels for", "but there are only wheels for"),
    ("cause: Because ", ""),
    (". And because ", " and "),
    ("cause: ", ""),
    ("error: ", ""),
    ("you require", "the environment asks for"),
    ("You require", "the environment asks for"),
];

fn before<'a>(text: &'a str, mark: &str) -> &'a str {
    let head = text.split(mark).next().unwrap_or(text);
    head.rsplit(' ').next().unwrap_or(head)
}

/// The innermost cause; the ones around it name the index, which may be private.
fn last_cause(stderr: &str) -> String {
    let mut causes = stderr.lines().filter_map(|line| line.trim().strip_prefix("cause: "));
    causes.next_back().filter(|cause| !cause.starts_with("Because")).unwrap_or("no network").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(stderr: &str, expected: &str) {
        assert_eq!(Refusal::read(stderr).to_string(), expected);
    }

    #[test]
    fn wishes_that_exclude_each_other_are_named() {
        check(
            "error: No solution found when resolving dependencies\n  cause: Because you require torch==2.10.* and \
             torch==2.9.*, we can conclude that your requirements are unsatisfiable.",
            "the environment asks for torch==2.10.* and torch==2.9.*; loosen one of them, or use two environments",
        );
    }

    #[test]
    fn an_index_that_does_not_answer_is_not_named() {
        check(
            "error: Failed to fetch: http://user@index.invalid/simple/requests/\n  cause: client error (Connect)\n  \
             cause: Connection refused (os error 111)",
            "the package index cannot be reached (connection refused (os error 111)); check the network, or what `uv` is \
             told about indexes",
        );
    }
}
