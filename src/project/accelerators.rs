//! `A100:8`: which GPU, and how many per host.

/// The largest count a host is believed to have.
const COUNT_MAX: u32 = 64;

/// Reads `A100:8`, `A100` (one) or `none`. The error says what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Option<(String, u32)>, &'static str> {
    if text.eq_ignore_ascii_case("none") {
        return Ok(None);
    }
    let (name, count) = text.split_once(':').unwrap_or((text, "1"));
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !is_name {
        return Err("the name of a GPU has letters, digits and dashes, and begins with a letter");
    }
    match count.parse() {
        _ if name.eq_ignore_ascii_case("none") => Err("`none` has no count"),
        Ok(count) if (1..=COUNT_MAX).contains(&count) => Ok(Some((name.to_owned(), count))),
        _ => Err("the count after `:` is a whole number from 1 to 64"),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_name_with_a_count_is_read() {
        assert_eq!(parse("A100:8"), Ok(Some(("A100".to_owned(), 8))));
        assert_eq!(parse("RTX-4090"), Ok(Some(("RTX-4090".to_owned(), 1))));
        assert_eq!(parse("none"), Ok(None));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in
            ["", ":8", "8", "8:A100", "A100:0", "A100:65", "A100:x", "A100:", "A 100", "A100:1:2", "-x", "none:1"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
