//! `apt_repository`: apt knows a source by its line, or does not.

use super::file::flag;
use super::{Effect, FreeForm, Lowering, Module};
use crate::playbook::arguments::{Arguments, Takes, aliased, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::call;

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["apt_repository"],
    arguments: &[
        argument("repo", Takes::Text),
        argument("state", Takes::Word(&["absent", "present"])),
        argument("filename", Takes::Text),
        argument("mode", Takes::Mode),
        aliased("update_cache", &["update-cache"], Takes::Bool),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let repo = arguments.required("repo", lowering.module, lowering.diagnostics)?;
    let words: Vec<&str> = repo.split('#').next().unwrap_or_default().split_whitespace().collect();
    if !matches!(words.first(), Some(&"deb" | &"deb-src")) || words.len() < 3 {
        let span = arguments.span("repo").unwrap_or(lowering.span).clone();
        let fix = "write a line such as `deb https://host/debian stable main`; `ppa:` is not supported";
        return lowering.refuse(&span, format!("`{repo}` is no line of a source"), Some(fix));
    }
    let line = words.join(" ");
    let file = arguments.text("filename").map_or_else(|| file_name(&line), str::to_owned);
    let path = if file.contains('/') { format!("{file}.list") } else { format!("/etc/apt/sources.list.d/{file}.list") };
    let update = flag(arguments.is("update_cache", true));
    let function = if arguments.text("state") == Some("absent") { "source_absent" } else { "source_present" };
    Some(Effect::of(vec!["patience=60".to_owned(), call(function, &[&line, &path, &arguments.mode(), update])]))
}

/// The name that Ansible gives the file: the address without its scheme, login and signs.
fn file_name(line: &str) -> String {
    let without_options = match (line.find('['), line.find(']')) {
        (Some(open), Some(close)) if open < close => format!("{}{}", &line[..open], &line[close + 1..]),
        _ => line.to_owned(),
    };
    let address = without_options.split_whitespace().nth(1).unwrap_or_default();
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    let address = address.split_once('@').map_or(address, |(_, rest)| rest);
    let parts = address.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_file_is_named_as_ansible_names_it() {
        assert_eq!(file_name("deb [arch=amd64] https://me:x@host.org/debian-12/ stable main"), "host_org_debian_12");
    }
}
