//! The shape of names a user gives. They become folder, host and resource names on every side, so the rule is the
//! narrowest of all of these.

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::yaml::Spanned;

const LENGTH_MAX: usize = 40;

/// Refuses a name that is no name; `what` is the kind of thing it names.
pub(super) fn check(name: &Spanned<String>, what: &str, diagnostics: &mut Diagnostics) {
    let text = &name.value;
    let Some(why) = offence(text) else { return };
    let problem =
        Diagnostic::error(&code::INVALID_NAME, &name.span, format!("`{text}` is no name for {what}")).why(why);
    diagnostics.push(match proposal(text) {
        Some(proposal) => problem.fix(format!("write `{proposal}`")),
        None => problem,
    });
}

fn offence(text: &str) -> Option<&'static str> {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.is_empty() {
        Some("it is empty")
    } else if text.chars().count() > LENGTH_MAX {
        Some("a name has at most 40 characters")
    } else if !text.chars().all(is_allowed) {
        Some("a name has lower-case letters, digits and dashes only")
    } else if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
        Some("a name begins with a letter")
    } else if text.ends_with('-') {
        Some("a name does not end with a dash")
    } else {
        None
    }
}

/// The nearest name to what was written.
fn proposal(text: &str) -> Option<String> {
    if !text.is_ascii() {
        return None;
    }
    let dashed: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let cut: String = dashed.trim_start_matches(|c: char| !c.is_ascii_lowercase()).chars().take(LENGTH_MAX).collect();
    let proposal = cut.trim_end_matches('-');
    offence(proposal).is_none().then(|| proposal.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_is_itself_a_name() {
        for (text, expected) in [("My_Lab", Some("my-lab")), ("1gpu", Some("gpu")), ("größe", None), ("-", None)] {
            assert_eq!(proposal(text).as_deref(), expected);
        }
    }
}
