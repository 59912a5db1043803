//! Python × framework: which Pythons a wish leaves, and whether a chosen one is among them.

use super::release::Release;
use super::specifier::admits_newer;
use super::{Framework, Python, Reason, Verdict, Wheels};
use crate::diagnostic::code;
use pep440_rs::VersionSpecifiers;
use std::collections::BTreeSet;

/// The Python an environment gets when nothing else is asked for, and the newest one chosen unasked: the packages
/// around a framework follow a new Python a year after the framework itself.
const PREFERRED: Python = Python::new(12);

/// A framework and the releases of it that will do.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Which framework.
    pub framework: Framework,
    /// Which releases.
    pub specifiers: VersionSpecifiers,
}

impl Wish {
    /// A framework with its version as the manifest writes it.
    pub fn new(framework: Framework, version: &str) -> Result<Self, super::SpecifierError> {
        Ok(Self { framework, specifiers: super::specifier(version)? })
    }

    /// The rows with a release that will do, newest first.
    fn rows<'a>(&self, wheels: &'a Wheels) -> Vec<&'a Release> {
        let will_do = |release: &&Release| release.versions.iter().any(|version| self.specifiers.contains(version));
        wheels.of(self.framework).filter(will_do).collect()
    }

    /// Whether a release newer than the tables would do.
    fn is_open(&self, wheels: &Wheels) -> bool {
        wheels.versions(self.framework).next().is_none_or(|newest| admits_newer(&self.specifiers, newest))
    }

    /// `pytorch 2.14` or, where several lines would do, `pytorch 2.12 to 2.14`.
    fn subject(&self, rows: &[&Release]) -> String {
        let key = self.framework.key();
        match rows {
            [] => format!("{key} {}", self.specifiers),
            [first, .., last] if first.line() != last.line() => format!("{key} {} to {}", last.line(), first.line()),
            [first, ..] => format!("{key} {}", first.line()),
        }
    }
}

/// The Python lines for which some release that will do has wheels; empty when the tables know none.
pub fn pythons(wheels: &Wheels, wish: &Wish) -> BTreeSet<Python> {
    wish.rows(wheels).iter().flat_map(|row| row.python.0.minor..=row.python.1.minor).map(Python::new).collect()
}

/// The newest Python not above 3.12 for which every wish has wheels, or else the oldest one above it.
///
/// A wish for releases the tables do not know has no say.
pub fn default_python(wheels: &Wheels, wishes: &[Wish]) -> Result<Python, Reason> {
    let known = wishes.iter().map(|wish| pythons(wheels, wish)).filter(|pythons| !pythons.is_empty());
    let Some(common) = known.reduce(|a, b| &a & &b) else { return Ok(PREFERRED) };
    let unasked = common.range(..=PREFERRED).next_back().or_else(|| common.iter().next());
    unasked.copied().ok_or_else(|| no_common_python(wheels, wishes))
}

/// Whether a release that will do has wheels for this Python.
pub fn check(wheels: &Wheels, wish: &Wish, python: Python) -> Verdict {
    let rows = wish.rows(wheels);
    let subject = wish.subject(&rows);
    let (Some(newest), Some(oldest)) = (rows.first(), rows.last()) else {
        let date = wheels.date(wish.framework);
        return Verdict::Unknown(Reason::new(
            &code::RELEASE_NOT_IN_TABLE,
            [
                format!("{subject} is not in the table of {date}"),
                "`aether lock` will find out whether it has wheels".to_owned(),
            ],
        ));
    };
    if rows.iter().any(|row| row.fits(python)) {
        return Verdict::Fits;
    }
    if python > newest.python.1 && wish.is_open(wheels) {
        return Verdict::Unknown(newer_python(wheels, wish.framework, python));
    }
    let chain = [
        format!("{subject} has wheels for Python {}–{}", oldest.python.0, newest.python.1),
        format!("this environment asks for Python {python}"),
    ];
    let reason = Reason::new(&code::PYTHON_HAS_NO_WHEELS, chain);
    Verdict::Refused(reason.or(nearest_python(&rows, python)).or(nearest_release(
        wheels,
        wish.framework,
        python,
        newest,
    )))
}

/// A Python that no known release has wheels for, while a newer release would do.
pub(super) fn newer_python(wheels: &Wheels, framework: Framework, python: Python) -> Reason {
    let date = wheels.date(framework);
    let chain = [
        format!("no {} in the table of {date} has wheels for Python {python}", framework.key()),
        "a newer release may; `aether lock` will find out".to_owned(),
    ];
    Reason::new(&code::RELEASE_NOT_IN_TABLE, chain)
}

fn nearest_python(rows: &[&Release], python: Python) -> Option<String> {
    let ends = rows.iter().flat_map(|row| [row.python.0, row.python.1]);
    ends.min_by_key(|end| end.minor.abs_diff(python.minor)).map(|end| format!("`python: \"{end}\"`"))
}

/// The release line with that Python that is nearest to what was asked: the newest below it, else the oldest above.
fn nearest_release(wheels: &Wheels, framework: Framework, python: Python, asked: &Release) -> Option<String> {
    let fitting: Vec<_> = wheels.of(framework).filter(|row| row.fits(python)).collect();
    let below = fitting.iter().find(|row| row.versions < asked.versions);
    below.or(fitting.last()).map(|row| format!("`{}: \"{}\"`", framework.key(), row.line()))
}

/// Names the first wish that leaves the ones before it without a Python.
fn no_common_python(wheels: &Wheels, wishes: &[Wish]) -> Reason {
    let phrase = |wish: &Wish| {
        let pythons = pythons(wheels, wish);
        let ends = pythons.first().zip(pythons.last()).map(|(a, b)| format!("{a}–{b}")).unwrap_or_default();
        format!("{} has wheels for Python {ends}", wish.subject(&wish.rows(wheels)))
    };
    let chain = wishes.iter().filter(|wish| !pythons(wheels, wish).is_empty()).map(phrase).collect();
    let ways_out = vec!["one environment for each of them".to_owned()];
    Reason { code: &code::PYTHON_HAS_NO_WHEELS, chain, ways_out }
}
