//! What is wrong with a playbook whatever host it meets: known before any host is looked at.
//!
//! Judges form only. What hangs on a fact or on the result of a task is left to the compiler, which has the host's
//! facts: nothing that is refused here would compile there.

use super::program::Compiled;
use super::scope::Scope;
use super::walk::walk_section;
use super::{Library, Section};
use crate::diagnostic::{Code, Diagnostics, code};

/// Offences that may be none once facts are known.
const UNDECIDED: [&Code; 4] =
    [&code::NEEDS_SEGMENT, &code::UNDEFINED_VARIABLE, &code::NO_CONDITION, &code::UNKNOWN_HANDLER];

/// Reads everything that a section runs and reports what no host can run.
pub fn check(library: &Library, section: &Section, diagnostics: &mut Diagnostics) {
    let mut found = Diagnostics::new();
    walk_section(library, section, Scope::without_facts(), Compiled::default(), &mut found);
    for problem in found.into_sorted() {
        if !UNDECIDED.iter().any(|code| code.id == problem.code.id) {
            diagnostics.push(problem);
        }
    }
}
