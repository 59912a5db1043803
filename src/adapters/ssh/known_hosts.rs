//! Files of known host keys (the format is in `sshd(8)`). Knows their lines, not what follows from them.
//!
//! libssh2 has a reader, but it refuses a whole file for one bad line and knows neither wildcards nor markers.

use std::path::Path;

/// What stands before the names of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    /// A key of the host.
    None,
    /// `@cert-authority`: a key that signs host certificates.
    CertAuthority,
    /// `@revoked`: a key that must never be accepted.
    Revoked,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) marker: Marker,
    /// Names as written: patterns with commas, or one hash.
    pub(super) names: String,
    /// `ssh-ed25519`.
    pub(super) algorithm: String,
    /// The key in base64.
    pub(super) key: String,
    /// `file:line`.
    pub(super) place: String,
}

impl Entry {
    /// True when the names are a hash, which only libssh2 can compare.
    pub(super) fn is_hashed(&self) -> bool {
        self.names.starts_with("|1|")
    }

    /// The line without its marker.
    pub(super) fn line(&self) -> String {
        format!("{} {} {}", self.names, self.algorithm, self.key)
    }

    /// True when the patterns cover `name` (`host` or `[host]:port`, in lower case).
    pub(super) fn covers(&self, name: &str) -> bool {
        let mut is_covered = false;
        for pattern in self.names.split(',') {
            match pattern.strip_prefix('!') {
                Some(pattern) if matches(pattern, name) => return false,
                Some(_) => {}
                None => is_covered |= matches(pattern, name),
            }
        }
        is_covered
    }
}

/// Every line of a file that says something; the others are passed over, as OpenSSH does.
pub(super) fn parse(path: &Path, text: &str) -> Vec<Entry> {
    text.lines().enumerate().filter_map(|(number, line)| entry(path, number + 1, line)).collect()
}

fn entry(path: &Path, number: usize, line: &str) -> Option<Entry> {
    let mut words = line.split_whitespace().peekable();
    let marker = match *words.peek()? {
        "@cert-authority" => Marker::CertAuthority,
        "@revoked" => Marker::Revoked,
        word if word.starts_with(['@', '#']) => return None,
        _ => Marker::None,
    };
    if marker != Marker::None {
        words.next();
    }
    let (names, algorithm, key) = (words.next()?, words.next()?, words.next()?);
    let is_key = key.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b));
    is_key.then(|| Entry {
        marker,
        names: names.to_owned(),
        algorithm: algorithm.to_owned(),
        key: key.to_owned(),
        place: format!("{}:{number}", path.display()),
    })
}

/// `*` stands for any run of characters, `?` for one.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.chars().next() {
        None => name.is_empty(),
        Some('*') => {
            let rest = &pattern[1..];
            name.char_indices().map(|(i, _)| i).chain([name.len()]).any(|i| matches(rest, &name[i..]))
        }
        Some(wanted) => {
            let mut characters = name.chars();
            let is_right = |got: char| wanted == '?' || wanted.eq_ignore_ascii_case(&got);
            characters.next().is_some_and(is_right) && matches(&pattern[wanted.len_utf8()..], characters.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Marker, matches, parse};
    use std::path::Path;

    #[test]
    fn wildcards_match_as_in_openssh() {
        for (pattern, name, expected) in [
            ("gpu?.example.com", "gpu1.example.com", true),
            ("gpu?.example.com", "gpu12.example.com", false),
            ("*.example.com", "a.b.example.com", true),
            ("*", "[10.0.0.1]:2222", true),
            ("[10.0.0.1]:2222", "[10.0.0.1]:2222", true),
            ("10.0.0.1", "[10.0.0.1]:2222", false),
            ("GPU1", "gpu1", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn a_negated_pattern_wins_over_all_others() {
        let entries = parse(Path::new("f"), "*.example.com,!bad.example.com ssh-ed25519 AAAA\n");
        assert!(entries[0].covers("good.example.com"));
        assert!(!entries[0].covers("bad.example.com"));
    }

    #[test]
    fn bad_lines_are_passed_over_and_the_others_keep_their_numbers() {
        let text = "# comment\n\nhalf a-line\n@unknown h ssh-rsa AAAA\nh ssh-rsa !!!\n@revoked h ssh-rsa AAAA\nh ssh-rsa BBBB note\n";
        let entries = parse(Path::new("f"), text);
        let seen: Vec<_> = entries.iter().map(|e| (e.marker, e.place.as_str())).collect();
        assert_eq!(seen, [(Marker::Revoked, "f:6"), (Marker::None, "f:7")]);
    }
}
