//! The Ansible language: YAML → plays, roles, typed tasks → a [`HostProgram`] for one host.
//!
//! Knows nothing of SSH, host groups or clouds: files come as a [`Library`], facts and variables as values, and a
//! program is text that somebody else runs. What the language has and this room does not is a diagnostic, never a skip.

mod arguments;
mod check;
mod condition;
mod event;
mod facts;
mod filters;
mod library;
mod lower;
mod modules;
mod problem;
mod program;
mod proof;
mod scope;
mod shell;
mod task;
mod template;
mod text;
mod walk;

pub use check::check;
pub use event::{Event, EventError, Status};
pub use facts::{Facts, PROBE};
pub use library::Library;
pub use program::{HostProgram, Mode, Task};
pub use proof::{Proof, ProvenGpu};

use crate::diagnostic::Diagnostics;
use serde_json::{Map, Value};

/// Everything that decides one host's program.
#[derive(Debug)]
pub struct Request<'a> {
    /// Roles, playbooks and their files.
    pub library: &'a Library,
    /// What to compile, in order.
    pub sections: &'a [Section],
    /// What the probe found on the host.
    pub facts: &'a Facts,
}

/// A part of the program that belongs to one resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The resource's address; every task of the section carries it.
    pub label: String,
    /// What to run.
    pub entry: Entry,
    /// Variables on top of role defaults (Ansible's extra vars).
    pub variables: Map<String, Value>,
    /// Whether tasks run as root unless they say otherwise (`become` of the play).
    pub r#become: bool,
}

/// What a section runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A role by name: `roles/<name>/` of the library.
    Role(String),
    /// A playbook by path in the library; `hosts:` of its plays is ignored, for there is one host.
    Playbook(String),
}

/// Compiles the sections for one host, or says why not.
pub fn compile(request: &Request<'_>, diagnostics: &mut Diagnostics) -> Option<HostProgram> {
    let mut found = Diagnostics::new();
    let compiled = walk::walk(request, &mut found);
    let is_sound = !found.has_errors();
    diagnostics.extend(found);
    is_sound.then(|| HostProgram::new(compiled, request.facts))
}
