//! An expression of Jinja cut into words, each with its depth in brackets. Knows no grammar.

/// One word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Brackets around it; a bracket has the depth outside of it.
    pub(super) depth: usize,
}

impl Token<'_> {
    /// Whether it is a quoted text.
    pub(super) fn is_quoted(&self) -> bool {
        self.text.starts_with(['\'', '"'])
    }
}

/// Cuts a text; `None` when a quote or bracket is not closed.
pub(super) fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        if first.is_whitespace() {
            start += first.len_utf8();
            continue;
        }
        let end = start + length(&text[start..], first)?;
        let word = &text[start..end];
        if matches!(word, ")" | "]" | "}") {
            depth = depth.checked_sub(1)?;
        }
        found.push(Token { text: word, start, end, depth });
        if matches!(word, "(" | "[" | "{") {
            depth += 1;
        }
        start = end;
    }
    (depth == 0).then_some(found)
}

fn length(rest: &str, first: char) -> Option<usize> {
    if matches!(first, '\'' | '"') {
        let mut is_escaped = false;
        for (position, character) in rest.char_indices().skip(1) {
            match character {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                _ if character == first => return Some(position + 1),
                _ => {}
            }
        }
        return None;
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    if is_word(first) {
        return Some(rest.find(|c| !is_word(c)).unwrap_or(rest.len()));
    }
    let is_pair = ["==", "!=", "<=", ">=", "//", "**"].iter().any(|pair| rest.starts_with(pair));
    Some(if is_pair { 2 } else { first.len_utf8() })
}

/// The parts between a word at depth 0, when it is there.
pub(super) fn split_at<'t, 'a>(tokens: &'t [Token<'a>], word: &str) -> Option<Vec<&'t [Token<'a>]>> {
    let parts: Vec<_> = tokens.split(|token| token.depth == 0 && token.text == word).collect();
    (parts.len() > 1).then_some(parts)
}

/// What is inside, when one pair of round brackets encloses everything.
pub(super) fn inside_brackets<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
    let (first, rest) = tokens.split_first()?;
    let (last, inner) = rest.split_last()?;
    let encloses = first.text == "(" && last.text == ")" && inner.iter().all(|token| token.depth > first.depth);
    encloses.then_some(inner)
}
