//! One task → one [`Step`]: its keywords, its loop, its conditions, its module.

use super::arguments::{Arguments, fill_in};
use super::condition::{self, Test};
use super::modules::{Effect, FreeForm, Lowering, Module};
use super::program::{Item, Step, Task};
use super::scope::{Answers, Rank, Registered, Scope};
use super::shell::split_words;
use super::task::TaskText;
use super::template::{self, TemplateError};
use super::walk::{Frame, Walker};
use super::{problem, text};
use crate::diagnostic::{Diagnostic, Span, code};
use crate::yaml::{Kind, Node, Spanned};
use serde_json::{Map, Value};

/// What decides about a condition that was written once for many tasks.
#[derive(Debug, Clone)]
pub(super) enum Guard {
    /// Still to be read where it is used.
    Text(Node),
    /// Decided once, before the tasks.
    Read(String, Test),
}

impl Walker<'_> {
    /// Compiles a task and adds its step. `handler` is its number when it is one.
    pub(super) fn lower(
        &mut self,
        task: &TaskText<'_>,
        module: &'static Module,
        key: &Spanned<String>,
        value: &Node,
        frame: &Frame,
        handler: Option<usize>,
    ) {
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
            items.extend(self.item(task, module, key, value, frame, scope, register.as_deref(), result));
        }
        if let Some(name) = &register {
            self.shared.register(name, Registered { task: index, answers });
        }
        let step = self.step(task, module, key, frame, &scope, items, handler);
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

    #[expect(clippy::too_many_arguments, reason = "the parts of one task, taken apart by the caller")]
    fn step(
        &self,
        task: &TaskText<'_>,
        module: &Module,
        key: &Spanned<String>,
        frame: &Frame,
        scope: &Scope,
        items: Vec<Item>,
        handler: Option<usize>,
    ) -> Step {
        let name = full_name(task, module, frame, scope);
        Step {
            task: Task {
                name,
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

    /// The variables of each round of a loop; the inner `None` when there is no loop.
    #[expect(clippy::option_option, reason = "wrong, no loop, and a loop are three answers")]
    pub(super) fn rounds(&mut self, task: &TaskText<'_>, scope: &Scope) -> Option<Option<Vec<Scope>>> {
        let Some(node) = task.keyword("loop").or_else(|| task.keyword("with_items")) else { return Some(None) };
        let control = task.keyword("loop_control");
        let word = |name| control.and_then(|node| node.get(name)).and_then(Node::as_text);
        for (key, _) in control.and_then(Node::as_map).unwrap_or_default() {
            if !matches!(key.value.as_str(), "loop_var" | "index_var" | "label") {
                let summary = format!("`loop_control` with `{}` is not supported", key.value);
                self.diagnostics.push(Diagnostic::error(&code::UNSUPPORTED_KEYWORD, &key.span, summary));
                return None;
            }
        }
        let items = match fill_in(node, scope) {
            Ok(Value::Array(items)) => items,
            Ok(other) => {
                let summary = format!("a loop goes over a list, and this is `{}`", template::text_of(&other));
                self.diagnostics.push(Diagnostic::error(&code::WRONG_TYPE, &node.span, summary));
                return None;
            }
            Err((error, span)) => {
                self.diagnostics.push(problem::of_template(&error, &span, scope));
                return None;
            }
        };
        let is_flat = task.keyword("with_items").is_some();
        let items = if is_flat { flattened(items) } else { items };
        let round = |(position, item): (usize, Value)| {
            let mut values = Map::new();
            values.insert("ansible_loop_var".to_owned(), Value::from(word("loop_var").unwrap_or("item")));
            values.insert(word("loop_var").unwrap_or("item").to_owned(), item);
            if let Some(name) = word("index_var") {
                values.insert(name.to_owned(), Value::from(position));
            }
            let mut scope = scope.clone();
            scope.add(Rank::Item, values);
            scope
        };
        Some(Some(items.into_iter().enumerate().map(round).collect()))
    }

    /// The conditions of a task, those of what is around it first.
    pub(super) fn guards(&mut self, frame: &Frame, own: Option<&Node>, scope: &Scope) -> Option<Vec<(String, Test)>> {
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

    fn condition(&mut self, node: &Node, scope: &Scope) -> Option<(String, Test)> {
        let raw = text::value(node);
        match condition::read(&raw, scope) {
            Ok(test) => Some((template::text_of(&raw).trim().to_owned(), test)),
            Err(error) => {
                self.diagnostics.push(problem::of_condition(&error, &node.span, scope));
                None
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one task, taken apart by the caller")]
    fn item(
        &mut self,
        task: &TaskText<'_>,
        module: &'static Module,
        key: &Spanned<String>,
        value: &Node,
        frame: &Frame,
        scope: Scope,
        register: Option<&str>,
        result: Registered,
    ) -> Option<Item> {
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
        let effect = self.effect(task, module, key, value, frame, &scope)?;
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

    fn effect(
        &mut self,
        task: &TaskText<'_>,
        module: &'static Module,
        key: &Spanned<String>,
        value: &Node,
        frame: &Frame,
        scope: &Scope,
    ) -> Option<Effect> {
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

    /// `module: text`: a command, or `name=value` words.
    fn free_form(
        &mut self,
        line: &str,
        node: &Node,
        module: &'static Module,
        scope: &Scope,
        arguments: &mut Arguments,
    ) -> Option<()> {
        let filled = match template::render_text(line, scope) {
            Ok(value) => template::text_of(&value),
            Err(error) => {
                self.diagnostics.push(problem::of_template(&error, &node.span, scope));
                return None;
            }
        };
        let mut command = filled.as_str();
        let mut is_command = module.free_form == FreeForm::Command;
        if !is_command || has_pairs(command) {
            let words = split_words(command).unwrap_or_default();
            let (pairs, rest): (Vec<_>, Vec<_>) = words.iter().partition(|word| pair(word, module).is_some());
            if !is_command && !rest.is_empty() {
                let summary = format!("`{}` takes arguments, not a text", module.names[0]);
                self.diagnostics.push(Diagnostic::error(&code::WRONG_TYPE, &node.span, summary));
                return None;
            }
            for (name, value) in pairs.into_iter().filter_map(|word| pair(word, module)) {
                arguments.insert(name, Value::String(value.to_owned()), &node.span);
            }
            if is_command {
                command = without_pairs(command, module);
            }
            is_command &= !command.is_empty();
        }
        if is_command {
            arguments.insert("cmd", Value::String(command.to_owned()), &node.span);
        }
        Some(())
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

/// `role : name`, as Ansible shows it.
fn full_name(task: &TaskText<'_>, module: &Module, frame: &Frame, scope: &Scope) -> String {
    let name = match task.keyword("name").and_then(Node::as_text) {
        Some(raw) => {
            template::render_text(raw, scope).map_or_else(|_| raw.to_owned(), |value| template::text_of(&value))
        }
        None => module.names[0].to_owned(),
    };
    match &frame.role {
        Some(role) => format!("{role} : {name}"),
        None => name,
    }
}

/// The words that `command` and `shell` take for themselves out of their text.
const COMMAND_WORDS: [&str; 6] = ["creates", "removes", "chdir", "executable", "stdin", "stdin_add_newline"];

fn has_pairs(line: &str) -> bool {
    COMMAND_WORDS.iter().any(|name| line.contains(&format!("{name}=")))
}

fn pair<'a>(word: &'a str, module: &'static Module) -> Option<(&'static str, &'a str)> {
    let (name, value) = word.split_once('=')?;
    let argument = module.arguments.iter().find(|a| a.name == name || a.aliases.contains(&name))?;
    let is_meant = module.free_form != FreeForm::Command || COMMAND_WORDS.contains(&argument.name);
    is_meant.then_some((argument.name, value))
}

/// The command without the pairs at its beginning and end, its own quotes and blanks untouched.
fn without_pairs<'a>(line: &'a str, module: &'static Module) -> &'a str {
    let mut line = line.trim();
    loop {
        let first = line.split_whitespace().next().unwrap_or_default();
        let last = line.split_whitespace().next_back().unwrap_or_default();
        if pair(first, module).is_some() {
            line = line[first.len()..].trim_start();
        } else if pair(last, module).is_some() {
            line = line[..line.len() - last.len()].trim_end();
        } else {
            return line;
        }
    }
}

/// `with_items` opens one level of lists.
fn flattened(items: Vec<Value>) -> Vec<Value> {
    let open = |item| match item {
        Value::Array(inner) => inner,
        other => vec![other],
    };
    items.into_iter().flat_map(open).collect()
}
