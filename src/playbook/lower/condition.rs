//! Conditions: what decides whether a task, or a round of its loop, is for this host.

use crate::playbook::condition::{self, Test};
use crate::playbook::scope::Scope;
use crate::playbook::walk::{Frame, Walker};
use crate::playbook::{problem, template, text};
use crate::yaml::Node;

/// What decides about a condition that was written once for many tasks.
#[derive(Debug, Clone)]
pub(in crate::playbook) enum Guard {
    /// Still to be read where it is used.
    Text(Node),
    /// Decided once, before the tasks.
    Read(String, Test),
}

impl Walker<'_> {
    /// The conditions of a task, those of what is around it first.
    pub(in crate::playbook) fn guards(
        &mut self,
        frame: &Frame,
        own: Option<&Node>,
        scope: &Scope,
    ) -> Option<Vec<(String, Test)>> {
        let mut guards = Vec::new();
        let own = own.map(|node| Guard::Text(node.clone()));
        for guard in frame.guards.iter().chain(&own) {
            match guard {
                Guard::Read(words, test) => guards.push((words.clone(), test.clone())),
                Guard::Text(node) => {
                    for node in node.as_list().unwrap_or(std::slice::from_ref(node)) {
                        let read = self.condition(node, scope)?;
                        let is_false = read.1 == Test::Known(false);
                        guards.push(read);
                        // Conditions after one that fails are not asked: they may make no sense then.
                        if is_false {
                            return Some(guards);
                        }
                    }
                }
            }
        }
        Some(guards)
    }

    pub(super) fn condition(&mut self, node: &Node, scope: &Scope) -> Option<(String, Test)> {
        let raw = text::value(node);
        match condition::read(&raw, scope) {
            Ok(test) => Some((template::text_of(&raw).trim().to_owned(), test)),
            Err(error) => {
                self.diagnostics.push(problem::of_condition(&error, &node.span, scope));
                None
            }
        }
    }
}
