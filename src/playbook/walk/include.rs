//! `include_tasks`, `import_tasks`, `include_role` and `import_role`.

use super::role::join;
use super::{Frame, Guard, Walker};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::playbook::condition::Test;
use crate::playbook::task::TaskText;
use crate::playbook::{problem, template, text};
use crate::yaml::{Node, Spanned};
use serde_json::Map;

impl Walker<'_> {
    /// Tasks of another file.
    pub(super) fn include_tasks(&mut self, task: &TaskText<'_>, key: &Spanned<String>, value: &Node, frame: &Frame) {
        let Some(target) = value.get("file").or(value.as_text().map(|_| value)) else {
            self.refuse(&value.span, &format!("`{}` needs a file", key.value));
            return;
        };
        if !self.takes_only(value, &["file", "apply"], &key.value) {
            return;
        }
        for inner in self.include_frames(task, frame) {
            let Some(name) = self.filled_text(target, &inner) else { return };
            if self.is_too_deep(&inner, &format!("the task file `{name}`"), &target.span) {
                return;
            }
            let paths: Vec<String> = inner
                .folders
                .iter()
                .flat_map(|folder| [join(folder, &format!("tasks/{name}")), join(folder, &name)])
                .collect();
            match text::read_first(self.library, &paths, self.diagnostics) {
                Some(node) => self.task_file(&node, &inner),
                None if paths.iter().any(|path| self.library.get(path).is_some()) => {}
                None => {
                    let problem =
                        Diagnostic::error(&code::MISSING_FILE, &target.span, format!("there is no task file `{name}`"));
                    self.diagnostics.push(problem.why(format!("looked for `{}`", paths.join("`, `"))));
                }
            }
        }
    }

    /// Tasks of a role.
    pub(super) fn include_role(&mut self, task: &TaskText<'_>, key: &Spanned<String>, value: &Node, frame: &Frame) {
        if !self.takes_only(value, &["name", "tasks_from", "apply", "public", "allow_duplicates"], &key.value) {
            return;
        }
        if !self.shares_role_values(value, &key.value) {
            return;
        }
        let Some(target) = value.get("name") else {
            self.refuse(&value.span, &format!("`{}` needs `name`", key.value));
            return;
        };
        for inner in self.include_frames(task, frame) {
            let Some(name) = self.filled_text(target, &inner) else { return };
            let from = match value.get("tasks_from") {
                Some(node) => self.filled_text(node, &inner),
                None => Some("main".to_owned()),
            };
            let Some(from) = from else { return };
            let from = from.trim_end_matches(".yml").trim_end_matches(".yaml");
            self.role_from(&name, &target.span, Map::new(), &inner, from);
        }
    }

    /// Tasks after an included role see its values, and it runs whenever it is named: the opposite is refused.
    fn shares_role_values(&mut self, value: &Node, module: &str) -> bool {
        let mut is_sound = true;
        for name in ["public", "allow_duplicates"] {
            let Some(node) = value.get(name).filter(|node| text::truth(node) != Some(true)) else { continue };
            let summary = format!("`{module}` with `{name}` other than true is not supported");
            let problem = Diagnostic::error(&code::UNSUPPORTED_ARGUMENT, &node.span, summary);
            self.diagnostics
                .push(problem.why("later tasks see the role's variables, and it runs each time it is named"));
            is_sound = false;
        }
        is_sound
    }

    /// One frame for each round of the include; none when its condition is known to fail.
    fn include_frames(&mut self, task: &TaskText<'_>, frame: &Frame) -> Vec<Frame> {
        let mut scope = frame.scope.clone();
        scope.follow(&self.shared);
        let Some(rounds) = self.rounds(task, &scope) else { return Vec::new() };
        let mut frames = Vec::new();
        for scope in rounds.unwrap_or_else(|| vec![scope]) {
            let Some(guards) = self.guards(frame, task.keyword("when"), &scope) else { return Vec::new() };
            if guards.iter().any(|(_, test)| *test == Test::Known(false)) {
                continue;
            }
            let guards = guards.into_iter().filter(|(_, test)| *test != Test::Known(true));
            let guards = guards.map(|(text, test)| Guard::Read(text, test)).collect();
            frames.push(Frame { scope, guards, depth: frame.depth + 1, ..frame.clone() });
        }
        frames
    }

    fn filled_text(&mut self, node: &Node, frame: &Frame) -> Option<String> {
        let mut scope = frame.scope.clone();
        scope.follow(&self.shared);
        match template::render(&text::value(node), &scope) {
            Ok(value) => Some(template::text_of(&value)),
            Err(error) => {
                self.diagnostics.push(problem::of_template(&error, &node.span, &scope));
                None
            }
        }
    }

    fn takes_only(&mut self, value: &Node, known: &[&str], module: &str) -> bool {
        let mut is_sound = true;
        for (key, _) in value.as_map().unwrap_or_default() {
            if !known.contains(&key.value.as_str()) || key.value == "apply" {
                let summary = format!("`{module}` with `{}` is not supported", key.value);
                self.diagnostics.push(Diagnostic::error(&code::UNSUPPORTED_ARGUMENT, &key.span, summary));
                is_sound = false;
            }
        }
        is_sound
    }

    fn refuse(&mut self, span: &Span, summary: &str) {
        self.diagnostics.push(Diagnostic::error(&code::MISSING_KEY, span, summary));
    }
}
