//! The shape of a PEP 508 requirement: enough to refuse what an index cannot answer and to notice a package asked for
//! twice. What a version or marker means in full is the resolver's business.

use pep440_rs::VersionSpecifiers;
use std::str::FromStr;

/// A requirement that can be asked of a package index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Requirement {
    /// The package's name as the index spells it.
    pub(super) name: String,
    /// Which releases will do.
    pub(super) specifiers: VersionSpecifiers,
    /// Whether it applies to some hosts only.
    pub(super) is_conditional: bool,
}

/// Why a text is no such requirement: what it is, and what to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offence {
    /// A phrase.
    pub(super) why: String,
    /// A phrase.
    pub(super) fix: String,
}

impl Requirement {
    /// Reads `name[extra]>=1,<2 ; marker`.
    pub(super) fn parse(text: &str) -> Result<Self, Offence> {
        let text = text.trim();
        refuse_other_kinds(text)?;
        let (wish, marker) = text.split_once(';').map_or((text, None), |(wish, marker)| (wish, Some(marker.trim())));
        let end = wish.find(|c: char| !is_in_name(c)).unwrap_or(wish.len());
        let (name, rest) = wish.split_at(end);
        let is_name = name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.ends_with(|c: char| c.is_ascii_alphanumeric());
        if !is_name {
            return Err(offence("it does not begin with the name of a package", "write `name` or `name>=1,<2`"));
        }
        let specifiers = versions(rest.trim_start(), name)?;
        if marker == Some("") {
            return Err(offence("there is no marker after `;`", "remove the `;`"));
        }
        Ok(Self { name: normalized(name), specifiers, is_conditional: marker.is_some() })
    }
}

/// The spelling under which an index knows a package.
pub(super) fn normalized(name: &str) -> String {
    let words: Vec<String> =
        name.split(['-', '_', '.']).filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect();
    words.join("-")
}

fn is_in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

fn refuse_other_kinds(text: &str) -> Result<(), Offence> {
    if text.starts_with('-') {
        return Err(offence("options and files of pip are not read", "list the packages themselves"));
    }
    if text.contains("://") || text.contains(" @ ") || text.starts_with(['.', '/']) {
        return Err(offence(
            "a package comes from an index; a path or an address cannot be pinned by its hash",
            "write the package's name, with a version if it matters",
        ));
    }
    Ok(())
}

/// What follows the name: extras and versions.
fn versions(rest: &str, name: &str) -> Result<VersionSpecifiers, Offence> {
    let rest = match rest.strip_prefix('[') {
        Some(extras) => match extras.split_once(']') {
            Some((_, rest)) => rest,
            None => return Err(offence("`[` is not closed", format!("write `{name}[extra]`"))),
        },
        None => rest,
    };
    let specifiers = rest.trim();
    let specifiers = specifiers.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(specifiers);
    match VersionSpecifiers::from_str(specifiers) {
        Ok(specifiers) => Ok(specifiers),
        Err(_) if specifiers.starts_with('=') && !specifiers.starts_with("==") => {
            let version = specifiers.trim_start_matches('=').trim();
            Err(offence("a version is pinned with `==`", format!("write `{name}=={version}`")))
        }
        Err(_) => Err(offence(
            format!("`{specifiers}` is no version specifier"),
            format!("write `{name}==1.2`, `{name}>=1,<2` or `{name}` alone"),
        )),
    }
}

fn offence(why: impl Into<String>, fix: impl Into<String>) -> Offence {
    Offence { why: why.into(), fix: fix.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_of_an_index_are_read() {
        for (text, name, is_conditional) in [
            ("transformers", "transformers", false),
            ("Scikit_Learn.extra", "scikit-learn-extra", false),
            ("jax[cuda12]>=0.6, <0.9", "jax", false),
            ("numpy (==2.1)", "numpy", false),
            ("uvloop>=0.19 ; sys_platform == 'linux'", "uvloop", true),
        ] {
            let read = Requirement::parse(text).map(|known| (known.name, known.is_conditional));
            assert_eq!(read, Ok((name.to_owned(), is_conditional)), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "-r requirements.txt",
            "git+https://example.com/x",
            "x @ https://example.com/x.whl",
            "./x",
            "numpy=1.0",
            "numpy 1.0",
            "numpy>>1",
            "a[b",
            "numpy;",
            "_x",
            "größe",
        ] {
            assert!(Requirement::parse(text).is_err(), "{text}");
        }
    }
}
