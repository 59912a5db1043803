//! What no excerpt may show: whoever reads a log reads excerpts too. Knows only how passwords and tokens stand in URLs.

/// Characters that end a word in which somebody could log in.
const ENDS: &str = " \t\r\n\"'`,<>()[]{}";

/// The text with what logs in covered: names, passwords and queries of URLs, and what stands as `name:password@host`. It
/// has as many bytes as before, so that places in it stay where they are.
pub(super) fn masked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (word, behind) = rest.split_at(end_of(rest));
        shown += &covered(word);
        let end = behind.chars().next().map_or(0, char::len_utf8);
        shown += &behind[..end];
        rest = &behind[end..];
    }
    shown
}

/// `${token}` is no end, though it has a brace.
fn end_of(text: &str) -> usize {
    let mut is_variable = false;
    let mut before = ' ';
    for (place, c) in text.char_indices() {
        match c {
            '{' if before == '$' => is_variable = true,
            '}' if is_variable => is_variable = false,
            c if !is_variable && ENDS.contains(c) => return place,
            _ => {}
        }
        before = c;
    }
    text.len()
}

fn covered(word: &str) -> String {
    match word.split_once("://") {
        Some((scheme, url)) => format!("{scheme}://{}", covered_url(url)),
        None => match word.rsplit_once('@') {
            // An image by its digest is `name:tag@sha256:…`.
            Some((login, host)) if login.contains(':') && !host.starts_with("sha") => {
                format!("{}@{host}", stars(login.len()))
            }
            _ => word.to_owned(),
        },
    }
}

/// A URL from its host on.
fn covered_url(url: &str) -> String {
    let (place, query) = url.split_at(url.find('?').map_or(url.len(), |mark| mark + 1));
    let authority = place.find(['/', '?', '#']).unwrap_or(place.len());
    let user = place[..authority].rfind('@').unwrap_or(0);
    stars(user) + &place[user..] + &stars(query.len())
}

fn stars(count: usize) -> String {
    "*".repeat(count)
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn what_logs_in_is_covered_and_nothing_moves() {
        for (text, expected) in [
            ("index: https://ci:hunter2@pypi/simple", "index: https://**********@pypi/simple"),
            ("[https://t@a/b, http://c/d@2]", "[https://*@a/b, http://c/d@2]"),
            ("https://me:p@ss@host", "https://*******@host"),
            ("https://a/b?token=${it} # why", "https://a/b?*********** # why"),
            ("x https://${user}:${password}@host/", "x https://*******************@host/"),
            ("\"https://é:ü@host\" and ://", "\"https://*****@host\" and ://"),
            ("registry: ci:hunter2@host/hub", "registry: **********@host/hub"),
            ("no login: a@b?c n:1@sha256:0 git@host:a", "no login: a@b?c n:1@sha256:0 git@host:a"),
        ] {
            assert_eq!(masked(text), expected);
            assert_eq!(masked(text).len(), text.len());
        }
    }
}
