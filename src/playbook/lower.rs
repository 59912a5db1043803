//! One task → one [`Step`]: its keywords, its loop, its conditions, its module.

mod condition;
mod effect;
mod free_form;
mod item;
mod rounds;

use super::modules::Module;
use super::program::{Item, Step, Task};
use super::scope::{Answers, Registered, Scope};
use super::task::TaskText;
use super::template;
use super::walk::{Frame, Walker};
use super::{problem, text};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::yaml::{Node, Spanned};
pub(super) use condition::Guard;

/// A task, the module it calls, and what is around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    /// Its keywords.
    pub(super) task: &'a TaskText<'a>,
    /// What it calls.
    pub(super) module: &'static Module,
    /// The module's name as it is written.
    pub(super) key: &'a Spanned<String>,
    /// The module's arguments as they are written.
    pub(super) value: &'a Node,
    /// What blocks, roles and plays around it say.
    pub(super) frame: &'a Frame,
}

impl Walker<'_> {
    /// Compiles a task and adds its step. `handler` is its number when it is one.
    pub(super) fn lower(&mut self, call: Call<'_>, handler: Option<usize>) {
        let Call { task, module, frame, .. } = call;
        let index = self.compiled.steps.len();
        let mut scope = frame.scope.clone();
        scope.follow(&self.shared);
        let Some(rounds) = self.rounds(task, &scope) else { return };
        let is_loop = rounds.is_some();
        let scopes = rounds.unwrap_or_else(|| vec![scope.clone()]);
        let Some(register) = self.result_name(task) else { return };
        let answers = if is_loop { Answers::State } else { module.answers };
        let mut items = Vec::new();
        let result = Registered { task: index, answers };
        for mut scope in scopes {
            scope.follow(&self.shared);
            items.extend(self.item(call, scope, register.as_deref(), result));
        }
        if let Some(name) = &register {
            self.shared.register(name, Registered { task: index, answers });
        }
        let step = self.step(call, &scope, items, handler);
        let notified = self.notifications(task, &scope);
        self.pending.extend(notified.into_iter().map(|(name, span)| (index, name, span)));
        // A task that is wrong keeps its place, so that later ones are still read against its result.
        self.compiled.steps.push(step);
    }

    /// The name that `register` gives the result; the inner `None` when it has none.
    #[expect(clippy::option_option, reason = "wrong, not there, and a name are three answers")]
    fn result_name(&mut self, task: &TaskText<'_>) -> Option<Option<String>> {
        let Some(node) = task.keyword("register") else { return Some(None) };
        let is_name = |text: &&str| {
            text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                && !text.starts_with(|c: char| c.is_ascii_digit())
        };
        if let Some(name) = node.as_text().filter(is_name).filter(|name| !name.is_empty()) {
            return Some(Some(name.to_owned()));
        }
        let summary = "`register` takes the name of a variable: letters, digits and underscores";
        self.diagnostics.push(Diagnostic::error(&code::WRONG_TYPE, &node.span, summary));
        None
    }

    fn step(&self, call: Call<'_>, scope: &Scope, items: Vec<Item>, handler: Option<usize>) -> Step {
        let Call { module, key, frame, .. } = call;
        Step {
            task: Task {
                name: full_name(call, scope),
                module: module.names[0].to_owned(),
                section: self.section.clone(),
                span: key.span.clone(),
            },
            is_root: frame.is_root,
            items,
            applies: frame.check_mode.map(|is_check| !is_check),
            ignores_errors: frame.ignores_errors,
            is_quiet: frame.is_quiet,
            notifies: Vec::new(),
            handler,
        }
    }

    fn notifications(&mut self, task: &TaskText<'_>, scope: &Scope) -> Vec<(String, Span)> {
        let names = task.keyword("notify").map(text::texts).unwrap_or_default();
        names
            .into_iter()
            .filter_map(|(raw, span)| match template::render_text(&raw, scope) {
                Ok(name) => Some((template::text_of(&name), span)),
                Err(error) => {
                    self.diagnostics.push(problem::of_template(&error, &span, scope));
                    None
                }
            })
            .collect()
    }
}

/// `role : name`, as Ansible shows it.
fn full_name(call: Call<'_>, scope: &Scope) -> String {
    let name = match call.task.keyword("name").and_then(Node::as_text) {
        Some(raw) => {
            template::render_text(raw, scope).map_or_else(|_| raw.to_owned(), |value| template::text_of(&value))
        }
        None => call.module.names[0].to_owned(),
    };
    match &call.frame.role {
        Some(role) => format!("{role} : {name}"),
        None => name,
    }
}
