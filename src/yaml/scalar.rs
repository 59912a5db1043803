//! What an unquoted word means: the core schema of YAML 1.2, and nothing of YAML 1.1.
//!
//! `yes`, `on` and `12:30` stay text. So does `0644`: one reader would take it for 644 and another for 420, and a file
//! mode must survive unread.

use super::Kind;

/// The value of a plain, unquoted word.
pub fn resolve(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        _ => number(text).unwrap_or_else(|| Kind::Text(text.to_owned())),
    }
}

fn number(text: &str) -> Option<Kind> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).ok().filter(|_| is_digits(digits, 16)).map(Kind::Integer);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return i64::from_str_radix(digits, 8).ok().filter(|_| is_digits(digits, 8)).map(Kind::Integer);
    }
    if is_digits(unsigned, 10) {
        let is_octal_like = unsigned.len() > 1 && unsigned.starts_with('0');
        return if is_octal_like { None } else { Some(whole(text)) };
    }
    fraction(text, unsigned).map(|value| Kind::Float(value, text.to_owned()))
}

/// A whole number beyond 64 bits is still a number; its text is kept for the message that refuses it.
fn whole(text: &str) -> Kind {
    text.parse().map_or_else(|_| Kind::Float(text.parse().unwrap_or(f64::INFINITY), text.to_owned()), Kind::Integer)
}

fn fraction(text: &str, unsigned: &str) -> Option<f64> {
    match unsigned {
        ".inf" | ".Inf" | ".INF" if text.starts_with('-') => Some(f64::NEG_INFINITY),
        ".inf" | ".Inf" | ".INF" => Some(f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if unsigned.len() == text.len() => Some(f64::NAN),
        _ if unsigned.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)) => text.parse().ok(),
        _ => None,
    }
}

fn is_digits(text: &str, radix: u32) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_digit(radix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_yaml_1_1_stay_text() {
        for word in
            ["yes", "no", "on", "off", "y", "12:30:45", "2026-11-21", "0644", "1_000", "infinity", "nan", "0x", "."]
        {
            assert_eq!(resolve(word), Kind::Text(word.to_owned()));
        }
    }

    #[test]
    fn numbers_keep_what_a_version_needs() {
        assert_eq!(resolve("3.10"), Kind::Float(3.1, "3.10".to_owned()));
        assert_eq!(resolve("3"), Kind::Integer(3));
        assert_eq!(resolve("-7"), Kind::Integer(-7));
        assert_eq!(resolve("0x1F"), Kind::Integer(31));
        assert_eq!(resolve("0o17"), Kind::Integer(15));
        assert_eq!(resolve("99999999999999999999"), Kind::Float(1e20, "99999999999999999999".to_owned()));
        assert_eq!(resolve("3.12.1"), Kind::Text("3.12.1".to_owned()));
    }
}
