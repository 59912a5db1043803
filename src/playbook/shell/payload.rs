//! Bytes of any kind as a function that prints them.

use super::quote;

/// A function `name` that prints exactly these bytes.
pub(in crate::playbook) fn payload_function(name: &str, bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if is_tame(text) => match text.strip_suffix('\n') {
            Some(lines) => heredoc(name, "cat", lines),
            None => format!("{name}() {{\n  printf %s {}\n}}\n", quote(text)),
        },
        _ => heredoc(name, "base64 -d", &base64(bytes)),
    }
}

/// Whether a shell and its linter take the text as it is.
fn is_tame(text: &str) -> bool {
    text.chars()
        .all(|c| c == '\n' || c == '\t' || (!c.is_control() && !matches!(c, '\u{a0}' | '\u{2000}'..='\u{206f}')))
}

fn heredoc(name: &str, command: &str, lines: &str) -> String {
    let mut end = "END".to_owned();
    while lines.lines().any(|line| line.trim() == end) {
        end.push('_');
    }
    format!("{name}() {{\n  {command} <<'{end}'\n{lines}\n{end}\n}}\n")
}

/// In lines of 76 characters.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    for (position, group) in bytes.chunks(3).enumerate() {
        if position > 0 && position % 19 == 0 {
            text.push('\n');
        }
        let bits = group.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for digit in 0..4 {
            let index = bits >> (18 - 6 * digit) & 63;
            text.push(if digit <= group.len() { char::from(DIGITS[index as usize]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{base64, payload_function};

    #[test]
    fn base64_agrees_with_rfc_4648() {
        let known =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")];
        for (plain, encoded) in known {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn a_text_that_holds_the_end_mark_gets_another() {
        assert!(payload_function("p", b"a\nEND\n").contains("<<'END_'"));
    }
}
