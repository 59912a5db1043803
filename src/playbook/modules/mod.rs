//! The modules: one file of one shape each, and one row here.
//!
//! A module's file has `MODULE` (its name and arguments) and `lower`, which turns arguments into calls of the shell
//! library. It knows nothing of the task around it: conditions, loops and results are none of its business.

mod apt;
mod apt_repository;
mod assert;
mod command;
mod copy;
mod deb822_repository;
mod debug;
mod dnf;
mod dpkg_selections;
mod fail;
mod file;
mod get_url;
mod group;
mod lineinfile;
mod modprobe;
mod package;
mod reboot;
mod rpm_key;
mod script;
mod service;
mod set_fact;
mod stat;
mod template;
mod user;
mod yum_repository;

use super::Library;
use super::arguments::{Argument, Arguments};
use super::condition::Test;
use super::scope::{Answers, Scope};
use super::shell::{call, quote};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code};
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
        let sum = crate::digest::sha256(&bytes);
        let function = format!("content_{}", &sum[..16]);
        self.payloads.insert(function.clone(), bytes);
        (function, sum)
    }

    /// Gives the program a function of its own; returns its name, which is the same for the same body.
    pub(super) fn define(&mut self, kind: &str, body: &str) -> String {
        let name = format!("{kind}_{}", &crate::digest::sha256(body.as_bytes())[..16]);
        self.functions.insert(name.clone(), format!("{name}() {{\n{body}}}\n\n"));
        name
    }

    /// Gives the program the function that exports `environment`; returns its name. Values never stand in a command
    /// line, where every user of the host could read them.
    pub(super) fn surroundings(&mut self) -> Option<String> {
        let export = |(name, value): &(String, String)| format!("  export {}\n", quote(&format!("{name}={value}")));
        let exports: String = self.environment.iter().map(export).collect();
        (!exports.is_empty()).then(|| self.define("around", &exports))
    }

    /// Gives the program a function that runs what it is told to with these words after the first.
    pub(super) fn adding(&mut self, words: &[String]) -> String {
        if words.is_empty() {
            return "directly".to_owned();
        }
        self.define(
            "adding",
            &format!(
                "  tool=$1\n  shift\n  {} \"$@\"\n",
                call("\"$tool\"", &words.iter().map(String::as_str).collect::<Vec<_>>())
            ),
        )
    }

    /// Says that an argument cannot be as it is written; the way out is optional.
    pub(super) fn refuse<T>(&mut self, span: &Span, summary: impl Into<String>, fix: Option<&str>) -> Option<T> {
        let problem = Diagnostic::error(&code::UNSUPPORTED_ARGUMENT, span, summary.into());
        self.diagnostics.push(match fix {
            Some(fix) => problem.fix(fix),
            None => problem,
        });
        None
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
    &script::MODULE,
    &set_fact::MODULE,
    &stat::MODULE,
    &apt_repository::MODULE,
    &deb822_repository::MODULE,
    &dnf::MODULE,
    &dpkg_selections::MODULE,
    &get_url::MODULE,
    &group::MODULE,
    &modprobe::MODULE,
    &package::MODULE,
    &reboot::MODULE,
    &rpm_key::MODULE,
    &service::MODULE,
    &user::MODULE,
    &yum_repository::MODULE,
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
