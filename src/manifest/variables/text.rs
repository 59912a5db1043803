//! A text with `${name}` in it, taken apart. Does not know which names exist.

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Stands for itself; `$${` is already `${`.
    Text(String),
    /// The name in `${name}`.
    Reference(String),
}

/// The pieces in order, none of them empty; `None` when a `${` is not closed.
pub(super) fn split(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        if let Some(before) = rest[..at].strip_suffix('$') {
            plain.push_str(before);
            plain.push_str("${");
            rest = &rest[at + 2..];
            continue;
        }
        plain.push_str(&rest[..at]);
        let end = at + rest[at..].find('}')?;
        if !plain.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut plain)));
        }
        parts.push(Part::Reference(rest[at + 2..end].trim().to_owned()));
        rest = &rest[end + 1..];
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
    Some(parts)
}

/// The names a text refers to.
pub(super) fn references(text: &str) -> Vec<String> {
    let names = split(text).unwrap_or_default().into_iter().filter_map(|part| match part {
        Part::Reference(name) => Some(name),
        Part::Text(_) => None,
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, bool)]) {
        let part = |(text, is_reference): &(&str, bool)| match is_reference {
            true => Part::Reference((*text).to_owned()),
            false => Part::Text((*text).to_owned()),
        };
        assert_eq!(split(text), Some(expected.iter().map(part).collect()), "{text}");
    }

    #[test]
    fn references_and_escapes_are_told_apart() {
        check("${a}", &[("a", true)]);
        check("x-${ a }-y", &[("x-", false), ("a", true), ("-y", false)]);
        check("$${HOME}", &[("${HOME}", false)]);
        check("${a}$${b}${c}", &[("a", true), ("${b}", false), ("c", true)]);
        check("$HOME {} $", &[("$HOME {} $", false)]);
    }

    #[test]
    fn a_reference_that_is_not_closed_is_refused() {
        assert_eq!(split("${a"), None);
    }
}
