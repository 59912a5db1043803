//! Which of two versions of a Debian package is newer, by the rules of Debian's policy.

use std::cmp::Ordering;

/// Compares `[EPOCH:]UPSTREAM[-REVISION]`.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
    let ((epoch, upstream, revision), (other_epoch, other_upstream, other_revision)) = (parts(one), parts(other));
    epoch
        .cmp(&other_epoch)
        .then_with(|| pieces(upstream, other_upstream))
        .then_with(|| pieces(revision, other_revision))
}

/// `580.65.06` of `3:580.65.06-0ubuntu1`.
pub(super) fn upstream(version: &str) -> &str {
    parts(version).1
}

fn parts(version: &str) -> (u64, &str, &str) {
    let (epoch, rest) = version.split_once(':').unwrap_or(("0", version));
    let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, "0"));
    (epoch.parse().unwrap_or(0), upstream, revision)
}

/// By turns what is no number, letter by letter, and what is one.
fn pieces(mut one: &str, mut other: &str) -> Ordering {
    while !one.is_empty() || !other.is_empty() {
        let (word, other_word);
        (word, one) = taken(one, |c| !c.is_ascii_digit());
        (other_word, other) = taken(other, |c| !c.is_ascii_digit());
        let (number, other_number);
        (number, one) = taken(one, |c| c.is_ascii_digit());
        (other_number, other) = taken(other, |c| c.is_ascii_digit());
        let digits = |text: &str| text.trim_start_matches('0').len();
        let by_number = || digits(number).cmp(&digits(other_number)).then_with(|| bare(number).cmp(bare(other_number)));
        match words(word, other_word).then_with(by_number) {
            Ordering::Equal => {}
            decided => return decided,
        }
    }
    Ordering::Equal
}

fn taken(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

fn bare(number: &str) -> &str {
    number.trim_start_matches('0')
}

/// A tilde is before the end, the end before letters, letters before everything else.
fn words(one: &str, other: &str) -> Ordering {
    let rank = |c: Option<char>| match c {
        Some('~') => (0, '~'),
        None => (1, ' '),
        Some(c) if c.is_ascii_alphabetic() => (2, c),
        Some(c) => (3, c),
    };
    let (mut one, mut other) = (one.chars(), other.chars());
    loop {
        match (one.next(), other.next()) {
            (None, None) => return Ordering::Equal,
            (a, b) if rank(a) == rank(b) => {}
            (a, b) => return rank(a).cmp(&rank(b)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::compare;
    use std::cmp::Ordering::{self, Equal, Greater, Less};

    #[test]
    fn versions_are_ordered_as_dpkg_orders_them() {
        let cases: [(&str, &str, Ordering); 10] = [
            ("580.95.05-1", "580.65.06-1", Greater),
            ("580.95.05-1", "580.105.08-1", Less),
            ("1.0", "1.0-0", Equal),
            ("1:1.0", "2.0", Greater),
            ("1.0~rc1", "1.0", Less),
            ("1.0a", "1.0", Greater),
            ("1.0+b", "1.0a", Greater),
            ("1.010", "1.10", Equal),
            ("1.17.8-1", "1.18.0~rc.2-1", Less),
            ("570.26-0ubuntu1", "570.26-0ubuntu0.24.04.1", Greater),
        ];
        for (one, other, expected) in cases {
            assert_eq!(compare(one, other), expected, "{one} {other}");
            assert_eq!(compare(other, one), expected.reverse(), "{other} {one}");
        }
    }
}
