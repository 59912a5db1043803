//! Any text as one word of POSIX `sh`.

/// `text` as one word.
///
/// Double quotes rather than single ones: their escapes cover every character, and a reader (and shellcheck) sees that
/// nothing is left to expand.
pub(in crate::playbook) fn quote(text: &str) -> String {
    if text.is_empty() {
        return "''".to_owned();
    }
    if text.chars().all(is_plain) {
        return text.to_owned();
    }
    let mut word = String::with_capacity(text.len() + 2);
    word.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\' | '$' | '`') {
            word.push('\\');
        }
        word.push(character);
    }
    word.push('"');
    word
}

/// `text` as a file name pattern: `*`, `?` and `[` keep their meaning, all else is quoted.
pub(in crate::playbook) fn quote_pattern(text: &str) -> String {
    text.split_inclusive(is_wild)
        .flat_map(|piece| match piece.strip_suffix(is_wild) {
            Some(before) => [before, &piece[before.len()..]],
            None => [piece, ""],
        })
        .filter(|piece| !piece.is_empty())
        .map(|piece| if piece.len() == 1 && piece.chars().all(is_wild) { piece.to_owned() } else { quote(piece) })
        .collect()
}

/// A call of a function of the library.
pub(in crate::playbook) fn call(function: &str, words: &[&str]) -> String {
    let mut line = function.to_owned();
    for word in words {
        line.push(' ');
        line.push_str(&quote(word));
    }
    line
}

fn is_wild(character: char) -> bool {
    matches!(character, '*' | '?' | '[' | ']')
}

fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '/' | ':' | '@' | '%' | '+' | ',' | '-')
}

#[cfg(test)]
mod tests {
    use super::{quote, quote_pattern};

    #[test]
    fn plain_words_stay_readable() {
        assert_eq!(quote("/opt/aether-1.0"), "/opt/aether-1.0");
    }

    #[test]
    fn an_empty_text_is_still_a_word() {
        assert_eq!(quote(""), "''");
    }

    #[test]
    fn nothing_in_a_quoted_word_expands() {
        assert_eq!(quote("it's $HOME `id` \"\\"), r#""it's \$HOME \`id\` \"\\""#);
    }

    #[test]
    fn a_pattern_keeps_its_wild_cards() {
        assert_eq!(quote_pattern("/opt/a b/*.so"), r#""/opt/a b/"*.so"#);
    }
}
