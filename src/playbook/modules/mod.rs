//! The modules: one file of one shape each, and one row here.
//!
//! A module's file has `MODULE` (its name and arguments) and `lower`, which turns arguments into calls of the shell
//! library. It knows nothing of the task around it: conditions, loops and results are none of its business.

mod apt;
mod assert;
mod command;
mod copy;
mod debug;
mod fail;
mod file;
mod lineinfile;
mod set_fact;
mod stat;
mod template;

use super::Library;
use super::arguments::{Argument, Arguments};
use super::condition::Test;
use super::scope::{Answers, Scope};
use crate::diagnostic::{Diagnostics, Span};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One module of Ansible.
#[derive(Debug)]
pub(super) struct Module {
    /// Its names without `ansible.builtin.`.
    pub(super) names: &'static [&'static str],
    /// What it takes.
    pub(super) arguments: &'static [Argument],
    /// What its result can be asked for.
    pub(super) answers: Answers,
    /// How a text in place of arguments is read.
    pub(super) free_form: FreeForm,
    /// Turns arguments into shell.
    pub(super) lower: fn(&Arguments, &mut Lowering<'_>) -> Option<Effect>,
}

/// How a text in place of arguments is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FreeForm {
    /// `name=value` words.
    Pairs,
    /// A command, with a few `name=value` words for the module in it.
    Command,
    /// Any names are arguments.
    Names,
}

/// What one item of a task does on the host.
#[derive(Debug, Default, Clone)]
pub(super) struct Effect {
    /// Lines of shell.
    pub(super) lines: Vec<String>,
    /// The path that `stat` looks at.
    pub(super) looks_at: Option<String>,
    /// Conditions that `assert` wants, with the message for when they fail.
    pub(super) wants: Vec<(String, Test)>,
    /// The message of `assert`.
    pub(super) message: Option<String>,
    /// Variables for the tasks after it.
    pub(super) sets: Map<String, Value>,
}

impl Effect {
    /// These lines of shell.
    pub(super) fn of(lines: Vec<String>) -> Self {
        Self { lines, ..Self::default() }
    }
}

/// What a module may look at while it is lowered.
#[derive(Debug)]
pub(super) struct Lowering<'a> {
    /// The name the user called it by.
    pub(super) module: &'static str,
    /// Files of roles and playbooks.
    pub(super) library: &'a Library,
    /// Folders of the library to look for files in, nearest first.
    pub(super) folders: &'a [String],
    /// Variables.
    pub(super) scope: &'a Scope,
    /// `environment` of the task.
    pub(super) environment: &'a [(String, String)],
    /// Contents that the program carries, by the function that prints them.
    pub(super) payloads: &'a mut BTreeMap<String, Vec<u8>>,
    /// Functions that the program has besides those of the library.
    pub(super) functions: &'a mut BTreeMap<String, String>,
    /// What is wrong.
    pub(super) diagnostics: &'a mut Diagnostics,
    /// Where the task stands.
    pub(super) span: &'a Span,
}

impl Lowering<'_> {
    /// Gives the program contents to carry; returns the function that prints them and their SHA-256.
    pub(super) fn carry(&mut self, bytes: Vec<u8>) -> (String, String) {
        let sum = super::digest::sha256(&bytes);
        let function = format!("content_{}", &sum[..16]);
        self.payloads.insert(function.clone(), bytes);
        (function, sum)
    }

    /// Gives the program a function of its own; returns its name, which is the same for the same body.
    pub(super) fn define(&mut self, kind: &str, body: &str) -> String {
        let name = format!("{kind}_{}", &super::digest::sha256(body.as_bytes())[..16]);
        self.functions.insert(name.clone(), format!("{name}() {{\n{body}}}\n\n"));
        name
    }

    /// A file of a role or playbook: in `<folder>/<kind>/` or in the folder itself.
    pub(super) fn find(&self, kind: &str, name: &str) -> Option<(String, Vec<u8>)> {
        let paths =
            self.folders.iter().flat_map(|folder| [format!("{folder}/{kind}/{name}"), format!("{folder}/{name}")]);
        paths.into_iter().find_map(|path| self.library.get(&path).map(|bytes| (path.clone(), bytes.to_vec())))
    }
}

const ALL: &[&Module] = &[
    &apt::MODULE,
    &assert::MODULE,
    &command::MODULE,
    &command::SHELL,
    &copy::MODULE,
    &debug::MODULE,
    &fail::MODULE,
    &file::MODULE,
    &lineinfile::MODULE,
    &set_fact::MODULE,
    &stat::MODULE,
    &template::MODULE,
];

/// The module of this name.
pub(super) fn find(name: &str) -> Option<&'static Module> {
    ALL.iter().find(|module| module.names.contains(&name)).copied()
}

/// Every name.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().flat_map(|module| module.names.iter().copied())
}
