//! `reboot`: the host starts anew, and the program goes on after it.
//!
//! Before the restart the program writes down where it is (`library/restart.sh`); whoever runs it sends it once more
//! when the host is back.

use super::apt::whole_number;
use super::{Effect, FreeForm, Lowering, Module};
use crate::playbook::arguments::{Arguments, Takes, aliased, argument};
use crate::playbook::scope::Answers;
use crate::playbook::shell::call;

/// The row of the table.
pub(super) const MODULE: Module = Module {
    names: &["reboot"],
    arguments: &[
        aliased("reboot_timeout", &["reboot_timeout_sec"], Takes::Text),
        aliased("pre_reboot_delay", &["pre_reboot_delay_sec"], Takes::Text),
        aliased("post_reboot_delay", &["post_reboot_delay_sec"], Takes::Text),
        argument("msg", Takes::Text),
    ],
    answers: Answers::State,
    free_form: FreeForm::Pairs,
    lower,
};

fn lower(arguments: &Arguments, lowering: &mut Lowering<'_>) -> Option<Effect> {
    let timeout = whole_number("reboot_timeout", "600", arguments, lowering)?;
    let before = whole_number("pre_reboot_delay", "0", arguments, lowering)?;
    let after = whole_number("post_reboot_delay", "0", arguments, lowering)?;
    let message = arguments.text("msg").unwrap_or("restarted by Aether");
    Some(Effect::of(vec![call("restart_host", &[timeout, before, after, message])]))
}
