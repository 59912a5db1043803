//! Questions about releases that the tables do not hold: neither yes nor no.

use super::question::Question;
use super::table::table;
use super::{Framework, Reason, Verdict, Wish};
use crate::diagnostic::code;

/// The frameworks the resolver chooses releases of.
pub(super) const RESOLVED: [Framework; 3] = [Framework::Pytorch, Framework::Tensorflow, Framework::Jax];

/// The first framework that is wanted in a release no table holds.
pub(super) fn check(question: &Question) -> Option<Reason> {
    RESOLVED.into_iter().find_map(|framework| {
        let specifiers = question.specifiers(framework)?;
        if !table().versions(framework).any(|version| specifiers.contains(version)) {
            return Some(not_in_table(framework, &specifiers.to_string()));
        }
        match super::check::check(&Wish { framework, specifiers }, question.python?) {
            Verdict::Unknown(reason) => Some(reason),
            Verdict::Fits | Verdict::Refused(_) => None,
        }
    })
}

fn not_in_table(framework: Framework, wish: &str) -> Reason {
    let chain = [
        format!("{} {wish} is not in the table of {}", framework.key(), table().date(framework)),
        "`aether lock` will find out whether it has wheels".to_owned(),
    ];
    Reason::new(&code::RELEASE_NOT_IN_TABLE, chain)
}
