//! One round of a task: its conditions, its effect, and what overrules the result.

use super::Call;
use crate::diagnostic::Span;
use crate::playbook::condition::{self, Test};
use crate::playbook::problem;
use crate::playbook::program::Item;
use crate::playbook::scope::{Rank, Registered, Scope};
use crate::playbook::template::TemplateError;
use crate::playbook::walk::Walker;
use crate::yaml::Node;
use serde_json::{Map, Value};

impl Walker<'_> {
    /// What one round does, and when; nothing when its text is wrong.
    pub(super) fn item(
        &mut self,
        call: Call<'_>,
        scope: Scope,
        register: Option<&str>,
        result: Registered,
    ) -> Option<Item> {
        let Call { task, module, key, frame, .. } = call;
        let guards = self.guards(frame, task.keyword("when"), &scope)?;
        let mut item = Item {
            guards,
            lines: Vec::new(),
            looks_at: None,
            wants: Vec::new(),
            message: None,
            changed_when: None,
            failed_when: None,
        };
        // What is never run need not make sense: its variables may have no value.
        if item.guards.iter().any(|(_, test)| *test == Test::Known(false)) {
            return Some(item);
        }
        let effect = self.effect(call, &scope)?;
        if !effect.sets.is_empty() {
            self.set(effect.sets, &item.guards, &key.span)?;
        }
        (item.lines, item.looks_at) = (effect.lines, effect.looks_at);
        (item.wants, item.message) = (effect.wants, effect.message);
        let mut own = scope;
        if let Some(name) = register {
            own.register(name, Registered { answers: module.answers, ..result });
        }
        item.changed_when = self.overruling(task.keyword("changed_when"), &own)?;
        item.failed_when = self.overruling(task.keyword("failed_when"), &own)?;
        Some(item)
    }

    #[expect(clippy::option_option, reason = "wrong, not there, and a condition are three answers")]
    fn overruling(&mut self, node: Option<&Node>, scope: &Scope) -> Option<Option<(String, Test)>> {
        let Some(node) = node else { return Some(None) };
        let nodes = node.as_list().unwrap_or(std::slice::from_ref(node));
        let read: Option<Vec<_>> = nodes.iter().map(|node| self.condition(node, scope)).collect();
        let (words, tests): (Vec<_>, Vec<_>) = read?.into_iter().unzip();
        Some(Some((words.join(" and "), condition::all(tests))))
    }

    /// `set_fact`: only what is certain can be a variable.
    fn set(&mut self, values: Map<String, Value>, guards: &[(String, Test)], span: &Span) -> Option<()> {
        if guards.iter().any(|(_, test)| *test != Test::Known(true)) {
            let later = TemplateError::Later("set_fact".to_owned());
            self.diagnostics.push(problem::of_template(&later, span, &self.shared));
            return None;
        }
        self.shared.add(Rank::Set, values);
        Some(())
    }
}
