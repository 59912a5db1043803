//! Roles: defaults, variables, dependencies, handlers, tasks.

use super::{Frame, Rank, Walker};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::playbook::task::is_never;
use crate::playbook::text;
use crate::yaml::{Kind, Node};
use serde_json::{Map, Value};

impl Walker<'_> {
    /// Runs the role's main tasks.
    pub(super) fn role(&mut self, name: &str, span: &Span, parameters: Map<String, Value>, frame: &Frame) {
        self.role_from(name, span, parameters, frame, "main");
    }

    /// Runs `tasks/<from>.yml` of a role.
    pub(super) fn role_from(
        &mut self,
        name: &str,
        span: &Span,
        parameters: Map<String, Value>,
        frame: &Frame,
        from: &str,
    ) {
        let Some(folder) = self.role_folder(name) else {
            let places: Vec<String> =
                self.role_folders.iter().map(|folder| format!("`{}`", join(folder, "roles/"))).collect();
            let problem = Diagnostic::error(&code::MISSING_FILE, span, format!("there is no role `{name}`"));
            self.diagnostics.push(problem.why(format!("looked in {}", places.join(" and "))));
            return;
        };
        if self.is_too_deep(frame, &format!("the role `{name}`"), span) {
            return;
        }
        let mut inner = self.role_frame(name, &folder, parameters, frame);
        if let Some(meta) = self.role_file(&folder, "meta", "main") {
            self.dependencies(&meta, &inner);
        }
        self.lend_role_values(&mut inner);
        self.check_arguments(name, &folder, span, &inner, from);
        if let Some(handlers) = self.role_file(&folder, "handlers", "main") {
            match &handlers.kind {
                Kind::Null => {}
                Kind::List(nodes) => self.handlers(nodes, &inner),
                other => {
                    let summary = format!("a file of handlers is a list of tasks, and this is {}", other.noun());
                    self.diagnostics.push(Diagnostic::error(&code::WRONG_TYPE, &handlers.span, summary));
                }
            }
        }
        match self.role_file(&folder, "tasks", from) {
            Some(node) => self.task_file(&node, &inner),
            None if from != "main" => {
                let summary = format!("the role `{name}` has no `tasks/{from}.yml`");
                self.diagnostics.push(Diagnostic::error(&code::MISSING_FILE, span, summary));
            }
            None => {}
        }
    }

    fn role_frame(&mut self, name: &str, folder: &str, parameters: Map<String, Value>, frame: &Frame) -> Frame {
        let mut inner = Frame { role: Some(name.to_owned()), depth: frame.depth + 1, ..frame.clone() };
        inner.folders.insert(0, folder.to_owned());
        self.lend_role_values(&mut inner);
        for (part, rank) in [("defaults", Rank::Defaults), ("vars", Rank::Role)] {
            if let Some(node) = self.role_file(folder, part, "main") {
                let Some(values) = self.values_of(part, &node) else { continue };
                inner.scope.add(rank, values.clone());
                self.role_values.add(rank, values);
            }
        }
        inner.scope.add(Rank::Include, parameters);
        let mut magic = Map::new();
        magic.insert("role_name".to_owned(), Value::from(name));
        magic.insert("ansible_role_name".to_owned(), Value::from(name));
        magic.insert("role_path".to_owned(), Value::from(folder));
        inner.scope.add(Rank::Magic, magic);
        inner
    }

    /// Values of roles that ran before are visible, but weaker than the role's own.
    pub(super) fn lend_role_values(&mut self, frame: &mut Frame) {
        frame.scope.borrow_roles(&self.role_values);
    }

    fn role_folder(&self, name: &str) -> Option<String> {
        let folders = self.role_folders.iter().map(|folder| join(folder, &format!("roles/{name}")));
        folders.into_iter().find(|folder| {
            let prefix = format!("{folder}/");
            self.library.paths().any(|path| path.starts_with(&prefix))
        })
    }

    fn role_file(&mut self, folder: &str, part: &str, name: &str) -> Option<Node> {
        let paths = [
            format!("{folder}/{part}/{name}.yml"),
            format!("{folder}/{part}/{name}.yaml"),
            format!("{folder}/{part}/{name}"),
        ];
        text::read_first(self.library, &paths, self.diagnostics)
    }

    fn dependencies(&mut self, meta: &Node, frame: &Frame) {
        let Some(node) = meta.get("dependencies") else { return };
        match &node.kind {
            Kind::Null => {}
            Kind::List(entries) => {
                for entry in entries {
                    self.dependency(entry, frame);
                }
            }
            other => {
                let summary = format!("`dependencies` is a list of roles, and this is {}", other.noun());
                self.diagnostics.push(Diagnostic::error(&code::WRONG_TYPE, &node.span, summary));
            }
        }
    }

    fn dependency(&mut self, entry: &Node, frame: &Frame) {
        let name = match &entry.kind {
            Kind::Text(name) => Some(name.as_str()),
            _ => entry.get("role").or_else(|| entry.get("name")).and_then(Node::as_text),
        };
        let Some(name) = name else {
            let problem = Diagnostic::error(&code::WRONG_TYPE, &entry.span, "this dependency names no role");
            self.diagnostics.push(problem.fix("write `- role: name`"));
            return;
        };
        let mut inner = Frame { role: None, ..frame.clone() };
        let Some(parameters) = self.role_parameters(entry.as_map().unwrap_or_default()) else { return };
        if is_never(entry) || self.inherit(entry, &mut inner).is_none() {
            return;
        }
        inner.guards.extend(entry.get("when").cloned().map(super::Guard::Text));
        self.role_once(name, &entry.span.clone(), parameters, &inner);
    }

    /// What `meta/argument_specs.yml` requires must have a value.
    fn check_arguments(&mut self, name: &str, folder: &str, span: &Span, frame: &Frame, from: &str) {
        let Some(specs) = self.role_file(folder, "meta", "argument_specs") else { return };
        let options =
            specs.get("argument_specs").and_then(|specs| specs.get(from)).and_then(|spec| spec.get("options"));
        for (option, spec) in options.and_then(Node::as_map).unwrap_or_default() {
            let is_required = spec.get("required").and_then(text::truth) == Some(true);
            if is_required && frame.scope.get(&option.value).is_none() {
                let summary = format!("the role `{name}` needs `{}`", option.value);
                let problem = Diagnostic::error(&code::UNDEFINED_VARIABLE, span, summary);
                self.diagnostics.push(problem.note(&option.span, "required here"));
            }
        }
    }

    /// The tasks of a file.
    pub(super) fn task_file(&mut self, node: &Node, frame: &Frame) {
        match &node.kind {
            Kind::Null => {}
            Kind::List(tasks) => self.tasks(tasks, frame),
            other => {
                let summary = format!("a task file is a list of tasks, and this is {}", other.noun());
                self.diagnostics.push(Diagnostic::error(&code::WRONG_TYPE, &node.span, summary));
            }
        }
    }
}

/// A path below a folder, which may be the root of the library.
pub(super) fn join(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}
