//! `systemd_service` and `service`: a unit runs, and starts with the host. Only systemd is spoken to.

use super::file::flag;
use super::{Effect, FreeForm, Lowering, Module};
use crate::diagnostic::{Diagnostic, code};
use crate::playbook::arguments::{Arguments, Takes, aliased, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::call;
use serde_json::Value;

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["systemd_service", "systemd", "service"],
    arguments: &[
        aliased("name", &["service", "unit"], Takes::Text),
        argument("state", Takes::Word(&["reloaded", "restarted", "started", "stopped"])),
        argument("enabled", Takes::Bool),
        argument("masked", Takes::Bool),
        aliased("daemon_reload", &["daemon-reload"], Takes::Bool),
        argument("no_block", Takes::Bool),
        argument("force", Takes::Bool),
        argument("scope", Takes::Word(&["system"])),
        argument("use", Takes::Word(&["auto", "systemd"])),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let mut lines = Vec::new();
    if arguments.is("daemon_reload", false) {
        lines.push("reload_units".to_owned());
    }
    let (state, enabled, masked) =
        (arguments.text_or_empty("state"), wish(arguments, "enabled"), wish(arguments, "masked"));
    if state.is_empty() && enabled.is_empty() && masked.is_empty() {
        if lines.is_empty() {
            let summary = "a service needs one of `state`, `enabled`, `masked` and `daemon_reload`";
            lowering.diagnostics.push(Diagnostic::error(&code::MISSING_KEY, lowering.span, summary));
            return None;
        }
        return Some(Effect::of(lines));
    }
    let name = arguments.required("name", lowering.module, lowering.diagnostics)?;
    if name.contains(['*', '?', '[']) || name.starts_with('-') || name.is_empty() {
        let span = arguments.span("name").unwrap_or(lowering.span).clone();
        return lowering.refuse(&span, format!("`{name}` names no single service"), None);
    }
    let mut words = vec![name, state, enabled, masked];
    words.extend(arguments.is("no_block", false).then_some("--no-block"));
    words.extend(arguments.is("force", false).then_some("--force"));
    let is_first = lines.is_empty();
    let line = call("unit", &words);
    if is_first {
        lines.push(line);
    } else {
        lines.extend(["if [ \"$state\" != failed ]; then".to_owned(), format!("  {line}"), "fi".to_owned()]);
    }
    Some(Effect::of(lines))
}

/// `1`, `0`, or nothing where it is left alone.
fn wish(arguments: &Arguments, name: &str) -> &'static str {
    arguments.value(name).and_then(Value::as_bool).map_or("", flag)
}
