//! Questions about releases that the tables do not hold: neither yes nor no.

use super::asked::Asked;
use super::specifier::admits_newer;
use super::{Framework, Reason};
use crate::diagnostic::code;
use pep440_rs::VersionSpecifiers;

/// The frameworks the resolver chooses releases of.
pub(super) const RESOLVED: [Framework; 3] = [Framework::Pytorch, Framework::Tensorflow, Framework::Jax];

/// The first framework that is wanted in a release no table holds.
pub(super) fn check(asked: &Asked<'_>) -> Option<Reason> {
    RESOLVED.into_iter().find_map(|framework| {
        let wanted = asked.wish(framework)?;
        if wanted.is_empty() {
            return Some(not_in_table(asked, framework));
        }
        let shelf = asked.shelf(framework);
        let python = asked.python.filter(|python| (wanted & shelf.with(*python)).is_empty())?;
        let newest = &shelf.candidates[wanted.first()?];
        let is_open = || admits_newer(&wish(asked, framework), &shelf.candidates[0].version);
        (python > newest.python.1 && is_open()).then(|| super::check::newer_python(asked.wheels, framework, python))
    })
}

fn not_in_table(asked: &Asked<'_>, framework: Framework) -> Reason {
    let chain = [
        format!(
            "{} {} is not in the table of {}",
            framework.key(),
            wish(asked, framework),
            asked.wheels.date(framework)
        ),
        "`aether lock` will find out whether it has wheels".to_owned(),
    ];
    Reason::new(&code::RELEASE_NOT_IN_TABLE, chain)
}

fn wish(asked: &Asked<'_>, framework: Framework) -> VersionSpecifiers {
    let question = asked.question;
    let wish = match framework {
        Framework::Tensorflow => question.tensorflow.as_ref(),
        Framework::Jax => question.jax.as_ref(),
        Framework::Pytorch | Framework::ScikitLearn => question.torch.as_ref(),
    };
    wish.cloned().unwrap_or_else(VersionSpecifiers::empty)
}
