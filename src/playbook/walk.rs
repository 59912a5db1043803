//! Sections → plays → roles → blocks → tasks, in the order in which they run.

use super::lower::{Call, Guard};
use super::program::Compiled;
use super::scope::{Rank, Scope};
use super::task::{Action, Include, TaskText, is_never};
use super::template;
use super::{Entry, Library, Request, Section, condition, problem, text};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span, code};
use crate::yaml::{Kind, Node};
use serde_json::{Map, Value};

mod include;
mod play;
mod role;

/// Roles in roles, files in files.
const DEPTH_MAX: usize = 24;

/// Keywords that only a single task can have; those of loops first, which an include can have too.
const OF_TASKS: &[&str] =
    &["loop", "with_items", "loop_control", "register", "notify", "listen", "args", "changed_when", "failed_when"];
const LOOP_KEYWORDS: usize = 3;

/// What a task inherits from where it stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Frame {
    pub(super) scope: Scope,
    /// The role it belongs to.
    pub(super) role: Option<String>,
    /// Folders of the library to look for files in, nearest first.
    pub(super) folders: Vec<String>,
    pub(super) guards: Vec<Guard>,
    pub(super) is_root: bool,
    pub(super) environment: Vec<Node>,
    pub(super) ignores_errors: bool,
    pub(super) is_quiet: bool,
    pub(super) check_mode: Option<bool>,
    pub(super) depth: usize,
}

/// A handler, not compiled yet.
#[derive(Debug)]
struct Handler {
    number: usize,
    /// Its name and what it listens to.
    names: Vec<String>,
    node: Node,
    frame: Frame,
}

/// Walks through everything once and collects steps.
#[derive(Debug)]
pub(super) struct Walker<'a> {
    pub(super) library: &'a Library,
    pub(super) diagnostics: &'a mut Diagnostics,
    pub(super) compiled: Compiled,
    pub(super) section: String,
    /// Results and `set_fact`, which last for the whole section.
    pub(super) shared: Scope,
    /// Notifications of the play: step, handler's name, place.
    pub(super) pending: Vec<(usize, String, Span)>,
    handlers: Vec<Handler>,
    /// Folders that hold `roles/`, nearest first.
    role_folders: Vec<String>,
    /// Roles of the play that have run, with their parameters.
    seen_roles: Vec<(String, Map<String, Value>)>,
    /// Defaults and variables of the play's roles, which later tasks may use.
    role_values: Scope,
}

/// Compiles every section.
pub(super) fn walk(request: &Request<'_>, diagnostics: &mut Diagnostics) -> Compiled {
    let mut facts = Scope::default();
    facts.add(Rank::Facts, fact_values(&request.facts.0));
    let mut compiled = Compiled::default();
    for section in request.sections {
        compiled = walk_section(request.library, section, facts.clone(), compiled, diagnostics);
    }
    compiled
}

/// Walks through one section on top of what is known already.
pub(super) fn walk_section(
    library: &Library,
    section: &Section,
    known: Scope,
    compiled: Compiled,
    diagnostics: &mut Diagnostics,
) -> Compiled {
    let mut walker = Walker {
        library,
        diagnostics,
        compiled,
        section: section.label.clone(),
        shared: Scope::default(),
        pending: Vec::new(),
        handlers: Vec::new(),
        role_folders: Vec::new(),
        seen_roles: Vec::new(),
        role_values: Scope::default(),
    };
    walker.section(section, known);
    walker.compiled
}

impl Walker<'_> {
    fn section(&mut self, section: &Section, mut scope: Scope) {
        scope.add(Rank::Extra, section.variables.clone());
        let frame = Frame { scope, is_root: section.r#become, ..Frame::default() };
        match &section.entry {
            Entry::Role(name) => {
                self.role_folders = vec![String::new()];
                let place = Span::start_of(&Source::new(section.label.as_str(), name.as_str()));
                self.role(name, &place, Map::new(), &frame);
                self.flush_handlers();
            }
            Entry::Playbook(path) => self.playbook(path, &frame, None),
        }
    }

    /// The tasks of a list, in order.
    fn tasks(&mut self, nodes: &[Node], frame: &Frame) {
        for node in nodes {
            if let Some(task) = TaskText::read(node, self.diagnostics)
                && let Some(inner) = self.inner_frame(&task, frame)
            {
                self.task(&task, &inner);
            }
        }
    }

    fn task(&mut self, task: &TaskText<'_>, frame: &Frame) {
        match task.action {
            Action::Module(module, key, value) => self.lower(Call { task, module, key, value, frame }, None),
            Action::Include(Include::Tasks, key, value) => self.include_tasks(task, key, value, frame),
            Action::Include(Include::Role, key, value) => self.include_role(task, key, value, frame),
            Action::FlushHandlers => self.flush_handlers(),
            Action::Block(nodes) => {
                let mut inner = frame.clone();
                inner.guards.extend(task.keyword("when").cloned().map(Guard::Text));
                self.tasks(nodes, &inner);
            }
        }
    }

    /// What the keywords of a task or block change for it and for what is in it; `None` when it is not to be run.
    fn inner_frame(&mut self, task: &TaskText<'_>, frame: &Frame) -> Option<Frame> {
        let mut inner = frame.clone();
        let rank = match task.action {
            Action::Block(_) => Rank::Block,
            Action::Include(..) => Rank::Include,
            _ => Rank::Task,
        };
        if is_never(task.node) || !self.means_all_keywords(task) {
            return None;
        }
        if let Some(vars) = task.keyword("vars") {
            inner.scope.add(rank, self.values_of("vars", vars)?);
        }
        self.inherit(task.node, &mut inner)?;
        Some(inner)
    }

    /// The variables of a mapping. What is none would be read as empty.
    fn values_of(&mut self, what: &str, node: &Node) -> Option<Map<String, Value>> {
        if matches!(node.kind, Kind::Map(_) | Kind::Null) {
            return Some(text::mapping(node));
        }
        let summary = format!("`{what}` is a mapping of variables, and this is {}", node.kind.noun());
        self.diagnostics.push(Diagnostic::error(&code::WRONG_TYPE, &node.span, summary));
        None
    }

    /// What a play, a role, a block or a task says for itself and for what is in it.
    fn inherit(&mut self, node: &Node, frame: &mut Frame) -> Option<()> {
        if let Some(user) = node.get("become_user").filter(|user| user.as_text() != Some("root")) {
            let summary = "`become_user` other than root is not supported";
            self.diagnostics.push(Diagnostic::error(&code::UNSUPPORTED_KEYWORD, &user.span, summary));
            return None;
        }
        let switch = |walker: &mut Self, name| match node.get(name) {
            Some(node) => walker.switch(node, &frame.scope).map(Some),
            None => Some(None),
        };
        let (is_root, ignores_errors) = (switch(self, "become")?, switch(self, "ignore_errors")?);
        let (is_quiet, check_mode) = (switch(self, "no_log")?, switch(self, "check_mode")?);
        frame.is_root = is_root.unwrap_or(frame.is_root);
        frame.ignores_errors = ignores_errors.unwrap_or(frame.ignores_errors);
        frame.is_quiet = is_quiet.unwrap_or(frame.is_quiet);
        frame.check_mode = check_mode.or(frame.check_mode);
        frame.environment.extend(node.get("environment").cloned());
        Some(())
    }

    /// Refuses keywords that are for single tasks only, where there are many.
    fn means_all_keywords(&mut self, task: &TaskText<'_>) -> bool {
        let (what, meaningless): (&str, &[&str]) = match task.action {
            Action::Module(..) => return true,
            Action::Block(_) => ("a block", OF_TASKS),
            Action::Include(..) => ("an include", &OF_TASKS[LOOP_KEYWORDS..]),
            Action::FlushHandlers => ("`meta`", &["when", "loop", "register", "notify"]),
        };
        let found =
            task.node.as_map().unwrap_or_default().iter().find(|(key, _)| meaningless.contains(&key.value.as_str()));
        if let Some((key, _)) = found {
            let summary = format!("`{}` is not supported for {what}", key.value);
            self.diagnostics.push(
                Diagnostic::error(&code::UNSUPPORTED_KEYWORD, &key.span, summary)
                    .fix("write it at the tasks themselves"),
            );
        }
        found.is_none()
    }

    /// A keyword that is `true` or `false`, or a template for one.
    fn switch(&mut self, node: &Node, scope: &Scope) -> Option<bool> {
        if let Some(answer) = text::truth(node) {
            return Some(answer);
        }
        let mut scope = scope.clone();
        scope.follow(&self.shared);
        match condition::read(&text::value(node), &scope) {
            Ok(condition::Test::Known(answer)) => return Some(answer),
            Ok(_) => {
                let later = template::TemplateError::Later("this".to_owned());
                self.diagnostics.push(problem::of_template(&later, &node.span, &scope));
            }
            Err(error) => self.diagnostics.push(problem::of_condition(&error, &node.span, &scope)),
        }
        None
    }

    /// Remembers handlers; they are compiled when they are due.
    fn handlers(&mut self, nodes: &[Node], frame: &Frame) {
        for node in nodes {
            let Some(task) = TaskText::read(node, self.diagnostics) else { continue };
            let Some(inner) = self.inner_frame(&task, frame) else { continue };
            let name = task.keyword("name").and_then(Node::as_text).unwrap_or_default().to_owned();
            let mut names = vec![name.clone()];
            if let Some(role) = &inner.role {
                names.push(format!("{role} : {name}"));
            }
            names.extend(task.keyword("listen").map(text::texts).unwrap_or_default().into_iter().map(|(name, _)| name));
            let number = self.compiled.handlers;
            self.compiled.handlers += 1;
            self.handlers.push(Handler { number, names, node: node.clone(), frame: inner });
        }
    }

    /// Compiles the handlers that were notified since the last time.
    fn flush_handlers(&mut self) {
        let handlers = std::mem::take(&mut self.handlers);
        self.resolve_notifications(&handlers);
        for handler in &handlers {
            let is_notified = self.compiled.steps.iter().any(|step| step.notifies.contains(&handler.number));
            if !is_notified {
                continue;
            }
            let Some(task) = TaskText::read(&handler.node, &mut Diagnostics::new()) else { continue };
            if let Action::Module(module, key, value) = task.action {
                let call = Call { task: &task, module, key, value, frame: &handler.frame };
                self.lower(call, Some(handler.number));
                self.resolve_notifications(&handlers);
            } else {
                let summary = "a handler that includes others is not supported";
                self.diagnostics.push(Diagnostic::error(&code::UNSUPPORTED_KEYWORD, &handler.node.span, summary));
            }
        }
        self.handlers = handlers;
    }

    fn resolve_notifications(&mut self, handlers: &[Handler]) {
        for (step, name, span) in std::mem::take(&mut self.pending) {
            let listening: Vec<&Handler> = handlers.iter().filter(|handler| handler.names.contains(&name)).collect();
            let is_by_name = |handler: &&&Handler| handler.names.first() == Some(&name);
            let mut numbers: Vec<usize> = listening.iter().filter(|h| !is_by_name(h)).map(|h| h.number).collect();
            // Of several handlers with one name the last is meant.
            numbers.extend(listening.iter().filter(is_by_name).map(|handler| handler.number).next_back());
            if numbers.is_empty() {
                let names = handlers.iter().flat_map(|handler| handler.names.iter().map(String::as_str));
                let mut problem =
                    Diagnostic::error(&code::UNKNOWN_HANDLER, &span, format!("there is no handler `{name}`"));
                if let Some(meant) = crate::diagnostic::nearest(&name, names) {
                    problem = problem.fix(format!("did you mean `{meant}`?"));
                }
                self.diagnostics.push(problem);
            }
            self.compiled.steps[step].notifies.extend(numbers);
        }
    }

    /// Says that something goes round in circles.
    fn is_too_deep(&mut self, frame: &Frame, what: &str, span: &Span) -> bool {
        if frame.depth < DEPTH_MAX {
            return false;
        }
        let summary = format!("{what} comes round again and again");
        self.diagnostics.push(Diagnostic::error(&code::ROLE_LOOP, span, summary));
        true
    }
}

/// Facts under both of Ansible's names, and the names every play has.
fn fact_values(facts: &Map<String, Value>) -> Map<String, Value> {
    let mut values: Map<String, Value> =
        facts.iter().map(|(name, value)| (format!("ansible_{name}"), value.clone())).collect();
    let hostname = facts.get("hostname").cloned().unwrap_or_else(|| Value::from("localhost"));
    values.insert("inventory_hostname".to_owned(), hostname.clone());
    values.insert("inventory_hostname_short".to_owned(), hostname);
    values.insert("ansible_facts".to_owned(), Value::Object(facts.clone()));
    values
}
