//! Version wishes as the manifest writes them → PEP 440.

use pep440_rs::{Operator, Version, VersionSpecifier, VersionSpecifiers};
use std::str::FromStr;

/// Not a version wish.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no version; write `\"2.10\"` for a release line, `\"2.10.1\"` for one release, or `\">=2.8,<3\"`")]
pub struct SpecifierError(String);

/// Reads a wish: `*` is any version, `2.10` the release line `==2.10.*`, `2.10.1` exactly that release;
/// everything else is PEP 440 as it stands.
pub fn specifier(text: &str) -> Result<VersionSpecifiers, SpecifierError> {
    let text = text.trim();
    let bad = || SpecifierError(text.to_owned());
    match text {
        "" => Err(bad()),
        "*" => Ok(VersionSpecifiers::empty()),
        _ => match Version::from_str(text) {
            Ok(version) => Ok(VersionSpecifiers::from(bare(version))),
            Err(_) => VersionSpecifiers::from_str(text).map_err(|_| bad()),
        },
    }
}

/// A bare number below three parts names a release line; people write `2.10` and mean its newest patch release.
fn bare(version: Version) -> VersionSpecifier {
    let is_line = version.release().len() < 3 && version == version.only_release();
    if is_line { VersionSpecifier::equals_star_version(version) } else { VersionSpecifier::equals_version(version) }
}

/// The release that a wish names, when it names one and nothing else.
pub(super) fn exact(specifiers: &VersionSpecifiers) -> Option<&Version> {
    match &specifiers[..] {
        [only] if *only.operator() == Operator::Equal && !only.version().is_local() => Some(only.version()),
        _ => None,
    }
}

/// Whether a wish is open to releases above `newest`: its next patch, minor or major release.
pub(super) fn admits_newer(specifiers: &VersionSpecifiers, newest: &Version) -> bool {
    if let Some(version) = exact(specifiers) {
        return version > newest;
    }
    let release = newest.release();
    (0..release.len()).any(|part| {
        let next = release.iter().enumerate().filter(|(i, _)| *i <= part);
        specifiers.contains(&Version::new(next.map(|(i, n)| n + u64::from(i == part))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_numbers_mean_the_release_line_and_three_mean_the_release() {
        for (text, expected) in
            [("2.10", "==2.10.*"), ("2", "==2.*"), ("2.10.1", "==2.10.1"), (">=2.8,<3", ">=2.8, <3")]
        {
            assert_eq!(specifier(text).expect(text).to_string(), expected);
        }
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in ["", "latest", "2.x", ">= 2,<", "~2.1", "2.10 or so"] {
            assert!(specifier(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_open_wish_admits_releases_the_tables_do_not_know() {
        let newest = Version::new([2, 15, 0]);
        for (text, expected) in
            [("*", true), (">=2.8", true), ("2.16", true), ("2.15", true), ("2.15.0", false), ("<2.15", false)]
        {
            assert_eq!(admits_newer(&specifier(text).expect(text), &newest), expected, "{text}");
        }
    }
}
