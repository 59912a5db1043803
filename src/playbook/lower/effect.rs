//! What a call does: its arguments are read and handed to its module.

use super::Call;
use crate::diagnostic::{Diagnostic, code};
use crate::playbook::arguments::{Arguments, fill_in};
use crate::playbook::modules::{Effect, FreeForm, Lowering};
use crate::playbook::scope::Scope;
use crate::playbook::walk::{Frame, Walker};
use crate::playbook::{problem, template, text};
use crate::yaml::{Kind, Node};
use serde_json::{Map, Value};

impl Walker<'_> {
    /// What a call does with these variables.
    pub(super) fn effect(&mut self, call: Call<'_>, scope: &Scope) -> Option<Effect> {
        let Call { task, module, key, value, frame } = call;
        let nodes: Vec<&Node> = std::iter::once(value).chain(task.keyword("args")).collect();
        if module.free_form == FreeForm::Names {
            return self.facts(&nodes, scope);
        }
        let environment = self.environment(frame, scope)?;
        let mut arguments = Arguments::read(&nodes, module.arguments, module.names[0], scope, self.diagnostics)?;
        if let Kind::Text(line) = &value.kind {
            self.free_form(line, value, module, scope, &mut arguments)?;
        }
        let mut lowering = Lowering {
            module: module.names[0],
            library: self.library,
            folders: &frame.folders,
            scope,
            environment: &environment,
            payloads: &mut self.compiled.payloads,
            functions: &mut self.compiled.functions,
            diagnostics: self.diagnostics,
            span: &key.span,
        };
        let mut effect = (module.lower)(&arguments, &mut lowering)?;
        if let Some(function) = lowering.surroundings() {
            effect.lines.insert(0, format!("around={function}"));
        }
        Some(effect)
    }

    fn facts(&mut self, nodes: &[&Node], scope: &Scope) -> Option<Effect> {
        let mut sets = Map::new();
        for (name, node) in nodes.iter().filter_map(|node| node.as_map()).flatten() {
            if name.value == "cacheable" {
                if text::truth(node) == Some(false) {
                    continue;
                }
                let summary = "`set_fact` with `cacheable` is not supported";
                let problem = Diagnostic::error(&code::UNSUPPORTED_ARGUMENT, &name.span, summary);
                self.diagnostics.push(problem.why("facts are looked up anew in each run and kept nowhere"));
                return None;
            }
            match fill_in(node, scope) {
                Ok(value) => {
                    sets.insert(name.value.clone(), value);
                }
                Err((error, span)) => {
                    self.diagnostics.push(problem::of_template(&error, &span, scope));
                    return None;
                }
            }
        }
        Some(Effect { sets, ..Effect::default() })
    }

    fn environment(&mut self, frame: &Frame, scope: &Scope) -> Option<Vec<(String, String)>> {
        let mut environment: Vec<(String, String)> = Vec::new();
        for node in &frame.environment {
            match fill_in(node, scope) {
                Ok(Value::Object(values)) => {
                    for (name, value) in values {
                        environment.retain(|(known, _)| *known != name);
                        environment.push((name, template::text_of(&value)));
                    }
                }
                Ok(_) => {
                    let problem = Diagnostic::error(&code::WRONG_TYPE, &node.span, "`environment` takes a mapping");
                    self.diagnostics.push(problem);
                    return None;
                }
                Err((error, span)) => {
                    self.diagnostics.push(problem::of_template(&error, &span, scope));
                    return None;
                }
            }
        }
        Some(environment)
    }
}
