//! `deb822_repository`: apt knows a source by a file of fields, or does not.

use super::get_url::{is_address, sound_address};
use super::{Effect, FreeForm, Lowering, Module};
use crate::playbook::arguments::{Argument, Arguments, Takes, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::{call, quote};
use crate::playbook::template;
use serde_json::Value;

/// Arguments that are fields of the file, in the order in which Ansible writes them, which is that of their names.
const FIELDS: &[Argument] = &[
    argument("allow_downgrade_to_insecure", Takes::Bool),
    argument("allow_insecure", Takes::Bool),
    argument("allow_weak", Takes::Bool),
    argument("architectures", Takes::List),
    argument("by_hash", Takes::Bool),
    argument("check_date", Takes::Bool),
    argument("check_valid_until", Takes::Bool),
    argument("components", Takes::List),
    argument("date_max_future", Takes::Text),
    argument("enabled", Takes::Bool),
    argument("inrelease_path", Takes::Text),
    argument("languages", Takes::List),
    argument("name", Takes::Text),
    argument("pdiffs", Takes::Bool),
    argument("signed_by", Takes::Text),
    argument("suites", Takes::List),
    argument("targets", Takes::List),
    argument("trusted", Takes::Bool),
    argument("types", Takes::List),
    argument("uris", Takes::List),
];

/// All arguments: the fields and what is about the file.
const ARGUMENTS: &[Argument] = &{
    let mut all = [argument("mode", Takes::Mode); FIELDS.len() + 2];
    all[1] = argument("state", Takes::Word(&["absent", "present"]));
    let mut next = 0;
    while next < FIELDS.len() {
        all[2 + next] = FIELDS[next];
        next += 1;
    }
    all
};

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["deb822_repository"],
    arguments: ARGUMENTS,
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let name = arguments.required("name", lowering.module, lowering.diagnostics)?;
    let slug = slug(name);
    if arguments.text("state") == Some("absent") {
        return Some(Effect::of(vec![call("deb822_absent", &[&slug])]));
    }
    let mode = if arguments.text("mode").is_some() { arguments.mode() } else { "644".to_owned() };
    let Some(key) = arguments.text("signed_by").filter(|key| is_address(key)) else {
        let (function, sum) = lowering.carry(text(arguments, arguments.text("signed_by")).into_bytes());
        return Some(Effect::of(vec![call("deb822_file", &[&slug, &sum, &function, &mode])]));
    };
    sound_address("signed_by", key, arguments, lowering)?;
    // The kind of key that is found at the address decides the name of its file, and so what the source says.
    let mut lines = vec![format!("if {}; then", call("deb822_key", &[&slug, key])), "  case $key_file in".to_owned()];
    for kind in ["asc", "gpg"] {
        let path = format!("/etc/apt/keyrings/{slug}.{kind}");
        let (function, sum) = lowering.carry(text(arguments, Some(&path)).into_bytes());
        lines.push(format!("  {}) {} ;;", quote(&path), call("deb822_file", &[&slug, &sum, &function, &mode])));
    }
    lines.extend(["  esac".to_owned(), "fi".to_owned()]);
    Some(Effect::of(lines))
}

/// The name of the file, as Ansible makes it from that of the source.
fn slug(name: &str) -> String {
    let is_gap = |c: char| c == '_' || c.is_whitespace();
    let mut slug = String::new();
    let mut before = 'x';
    for character in name.to_lowercase().chars() {
        if is_gap(character) && !is_gap(before) {
            slug.push('-');
        }
        slug.extend(
            (character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-').then_some(character),
        );
        before = character;
    }
    slug
}

/// The file.
fn text(arguments: &Arguments, signed_by: Option<&str>) -> String {
    let types = Value::from(vec!["deb"]);
    let mut text = String::new();
    for field in FIELDS {
        let value = match field.name {
            "types" => Some(arguments.value("types").unwrap_or(&types)),
            name => arguments.value(name),
        };
        let Some(value) = value else { continue };
        let written = match (field.name, value) {
            ("signed_by", _) => lines_of(signed_by.unwrap_or_default()),
            (_, Value::Bool(is_on)) => if *is_on { "yes" } else { "no" }.to_owned(),
            (_, Value::Array(items)) => items.iter().map(template::text_of).collect::<Vec<_>>().join(" "),
            (_, other) => lines_of(&template::text_of(other)),
        };
        let gap = if written.is_empty() || written.starts_with('\n') { "" } else { " " };
        text.push_str(&format!("{}:{gap}{written}\n", title(field.name)));
    }
    text
}

/// A text of several lines as a field of several lines.
fn lines_of(text: &str) -> String {
    if !text.contains('\n') {
        return text.to_owned();
    }
    let line = |line: &str| match line.trim() {
        "" => "\n    .".to_owned(),
        line => format!("\n    {line}"),
    };
    text.trim().lines().map(line).collect()
}

fn title(name: &str) -> String {
    match name {
        "name" => "X-Repolib-Name".to_owned(),
        "uris" => "URIs".to_owned(),
        other => other.split('_').map(capital).collect::<Vec<_>>().join("-"),
    }
}

fn capital(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_file_is_named_as_ansible_names_it() {
        assert_eq!(slug("NVIDIA cuda__repo (x)"), "nvidia-cuda-repo-x");
        assert_eq!(slug("a--b"), "a--b");
    }
}
