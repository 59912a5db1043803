//! `get_url`: a file from an address is on the host.

use super::apt::whole_number;
use super::file::flag;
use super::{Effect, FreeForm, Lowering, Module};
use crate::playbook::arguments::{Arguments, Takes, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::{call, quote};

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["get_url"],
    arguments: &[
        argument("url", Takes::Text),
        argument("dest", Takes::Text),
        argument("checksum", Takes::Text),
        argument("mode", Takes::Mode),
        argument("owner", Takes::Text),
        argument("group", Takes::Text),
        argument("force", Takes::Bool),
        argument("timeout", Takes::Text),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

/// Kinds of checksum with the number of their digits.
const KINDS: [(&str, usize); 6] =
    [("md5", 32), ("sha1", 40), ("sha224", 56), ("sha256", 64), ("sha384", 96), ("sha512", 128)];

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let address = arguments.required("url", lowering.module, lowering.diagnostics)?;
    let dest = arguments.required("dest", lowering.module, lowering.diagnostics)?;
    sound_address("url", address, arguments, lowering)?;
    let (kind, sum) = checksum(arguments, lowering)?;
    let seconds = whole_number("timeout", "10", arguments, lowering)?;
    let (mode, force) = (arguments.mode(), flag(arguments.is("force", false)));
    let (owner, group) = (arguments.text_or_empty("owner"), arguments.text_or_empty("group"));
    let name = address.split(['?', '#']).next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    let name = if name.is_empty() { "index.html" } else { name };
    let words = [address, &mode, owner, group, force, kind, &sum, seconds];
    Some(Effect::of(vec![call("into", &[dest, name]), format!("download \"$dest\"{}", words_of(&words))]))
}

fn words_of(words: &[&str]) -> String {
    words.iter().map(|word| format!(" {}", quote(word))).collect()
}

/// Whether a text is an address and no path.
pub(super) fn is_address(text: &str) -> bool {
    text.contains("://")
}

/// Refuses an address that a tool could read as something else.
pub(super) fn sound_address(
    name: &str,
    address: &str,
    arguments: &Arguments,
    lowering: &mut Lowering<'_>,
) -> Option<()> {
    let is_strange = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\\');
    let has_scheme = ["http://", "https://", "ftp://", "file://"].iter().any(|scheme| address.starts_with(scheme));
    if has_scheme && !address.contains(is_strange) {
        return Some(());
    }
    let span = arguments.span(name).unwrap_or(lowering.span).clone();
    lowering.refuse(
        &span,
        format!("`{address}` is no address to download from"),
        Some("write it as `https://host/path`"),
    )
}

fn checksum<'a>(arguments: &'a Arguments, lowering: &mut Lowering<'_>) -> Option<(&'a str, String)> {
    let Some(text) = arguments.text("checksum").filter(|text| !text.is_empty()) else {
        return Some(("", String::new()));
    };
    let (kind, sum) = text.split_once(':').unwrap_or(("", text));
    let sum = sum.trim().to_lowercase();
    let is_hex = sum.chars().all(|c| c.is_ascii_hexdigit());
    if KINDS.iter().any(|(name, digits)| *name == kind && *digits == sum.len()) && is_hex {
        return Some((kind, sum));
    }
    let span = arguments.span("checksum").unwrap_or(lowering.span).clone();
    let fix = "write the digest itself: `sha256:` and 64 hexadecimal digits";
    lowering.refuse(&span, format!("the checksum `{text}` is not supported"), Some(fix))
}
