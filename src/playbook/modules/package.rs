//! `package`: whichever of apt and dnf the host has.

use super::{Effect, FreeForm, Lowering, Module, apt, dnf};
use crate::playbook::arguments::{Arguments, Takes, aliased, argument};
use crate::playbook::scope::{Answers, Raw};

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["package"],
    arguments: &[
        aliased("name", &["pkg"], Takes::List),
        argument("state", Takes::Word(&["absent", "latest", "present"])),
        aliased("update_cache", &["update-cache"], Takes::Bool),
        argument("use", Takes::Word(&["apt", "auto", "dnf", "yum"])),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let known = match lowering.scope.get("ansible_pkg_mgr") {
        Some(Raw::Finished(value) | Raw::Template(value)) => value.as_str().map(str::to_owned),
        None => None,
    };
    let manager = match arguments.text("use") {
        Some("auto") | None => known,
        Some(named) => Some(named.to_owned()),
    };
    match manager.as_deref() {
        Some("dnf" | "yum") => dnf::lower(arguments, lowering),
        Some("apt") | None => apt::lower(arguments, lowering),
        Some(other) => {
            let span = lowering.span.clone();
            let fix = "Aether installs packages with apt and dnf; use `command` for this host's package manager";
            lowering.refuse(&span, format!("`package` on a host that has `{other}` is not supported"), Some(fix))
        }
    }
}
