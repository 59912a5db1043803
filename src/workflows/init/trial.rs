//! Whether one answer would stand in a manifest: asked of the rules that will judge the whole of it, so that a person
//! hears of a slip at the question and not after the last one.

use super::text::{quoted, scalar};
use super::{FILE, problems};
use crate::diagnostic::{Diagnostic, Severity};
use crate::stack::Wheels;
use std::path::Path;

/// What is wrong with an answer, for the person who gave it.
pub(super) type Refusal = String;

/// The rule for one kind of answer.
pub(super) type Check = fn(&str) -> Result<(), Refusal>;

pub(super) fn name(answer: &str) -> Result<(), Refusal> {
    judge(&format!("aether: 1\nname: {}\n", scalar(answer)))
}

pub(super) fn address(answer: &str) -> Result<(), Refusal> {
    group(&format!("provider: ssh\n    addresses: [{}]", scalar(answer)))
}

/// Several addresses on one line.
pub(super) fn addresses(answer: &str) -> Result<(), Refusal> {
    split(answer).iter().try_for_each(|one| address(one))
}

pub(super) fn user(answer: &str) -> Result<(), Refusal> {
    group(&format!("provider: ssh\n    addresses: [host]\n    user: {}", scalar(answer)))
}

pub(super) fn accelerators(answer: &str) -> Result<(), Refusal> {
    if is_none(answer) { Ok(()) } else { group(&format!("provider: local\n    accelerators: {}", quoted(answer))) }
}

pub(super) fn package(answer: &str) -> Result<(), Refusal> {
    judge(&format!("aether: 1\nname: trial\nenvironments:\n  main:\n    packages: [{}]\n", quoted(answer)))
}

/// True for the word that stands for no GPU.
pub(super) fn is_none(answer: &str) -> bool {
    answer.eq_ignore_ascii_case("none")
}

/// The parts of a list with commas.
pub(super) fn split(answer: &str) -> Vec<String> {
    answer.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn group(section: &str) -> Result<(), Refusal> {
    judge(&format!("aether: 1\nname: trial\nhosts:\n  trial:\n    {section}\n"))
}

fn judge(manifest: &str) -> Result<(), Refusal> {
    let found = problems(Path::new(FILE), manifest, Path::new("/"), &Wheels::embedded());
    found.iter().find(|problem| problem.severity == Severity::Error).map_or(Ok(()), |problem| Err(words(problem)))
}

/// A diagnostic without its place: the person has just typed what it speaks of.
fn words(problem: &Diagnostic) -> Refusal {
    let parts = [Some(&problem.summary), problem.why.as_ref(), problem.fix.as_ref()];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_judged_by_the_rules_of_the_manifest() {
        for good in [
            name("my-lab"),
            addresses("gpu1, ubuntu@[::1]:22"),
            user("ubuntu"),
            accelerators("A100:8"),
            accelerators("none"),
            package("numpy>=2"),
        ] {
            assert_eq!(good, Ok(()));
        }
        for (bad, said) in [
            (name("My Lab"), "write `my-lab`"),
            (addresses("gpu1, gpu2:ssh"), "a port is a number"),
            (user("two words"), "is no login name"),
            (accelerators("8:A100"), "8:A100"),
            (package("odd \"name\""), "odd"),
        ] {
            assert!(bad.as_ref().is_err_and(|bad| bad.contains(said)), "{bad:?}");
        }
    }
}
