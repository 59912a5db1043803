//! One entry of a task list: which keys it has and what they mean. Nothing is filled in yet.

use super::modules::{self, Module};
use super::text;
use crate::diagnostic::{Diagnostic, Diagnostics, code, nearest};
use crate::yaml::{Node, Spanned};

/// A task or a block.
#[derive(Debug)]
pub(super) struct TaskText<'a> {
    /// The entry itself.
    pub(super) node: &'a Node,
    /// What it does.
    pub(super) action: Action<'a>,
}

/// What an entry does.
#[derive(Debug, Clone, Copy)]
pub(super) enum Action<'a> {
    /// Runs a module with these arguments.
    Module(&'static Module, &'a Spanned<String>, &'a Node),
    /// Runs tasks or roles from elsewhere.
    Include(Include, &'a Spanned<String>, &'a Node),
    /// Runs handlers now.
    FlushHandlers,
    /// Runs these tasks.
    Block(&'a [Node]),
}

/// From where tasks are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Include {
    /// `include_tasks` and `import_tasks`.
    Tasks,
    /// `include_role` and `import_role`.
    Role,
}

/// Keywords of tasks and blocks that are understood.
const KEYWORDS: &[&str] = &[
    "name",
    "when",
    "register",
    "notify",
    "listen",
    "become",
    "become_user",
    "tags",
    "loop",
    "with_items",
    "loop_control",
    "vars",
    "environment",
    "args",
    "changed_when",
    "failed_when",
    "check_mode",
    "no_log",
    "ignore_errors",
];

/// Keywords of Ansible that are not understood here.
const UNSUPPORTED: &[&str] = &[
    "action",
    "any_errors_fatal",
    "async",
    "become_exe",
    "become_flags",
    "become_method",
    "collections",
    "connection",
    "debugger",
    "delay",
    "delegate_facts",
    "delegate_to",
    "diff",
    "ignore_unreachable",
    "local_action",
    "module_defaults",
    "poll",
    "port",
    "remote_user",
    "rescue",
    "always",
    "retries",
    "run_once",
    "throttle",
    "timeout",
    "until",
    "with_dict",
    "with_file",
    "with_fileglob",
    "with_first_found",
    "with_indexed_items",
    "with_lines",
    "with_nested",
    "with_sequence",
    "with_subelements",
    "with_together",
];

impl<'a> TaskText<'a> {
    /// Reads an entry; every key that is not understood is a diagnostic.
    pub(super) fn read(node: &'a Node, diagnostics: &mut Diagnostics) -> Option<Self> {
        let Some(entries) = node.as_map() else {
            let summary = format!("a task is a mapping, and this is {}", node.kind.noun());
            diagnostics.push(Diagnostic::error(&code::WRONG_TYPE, &node.span, summary));
            return None;
        };
        let mut actions = Vec::new();
        let mut is_sound = true;
        for (key, value) in entries {
            let name = short_name(&key.value);
            if KEYWORDS.contains(&name) {
                continue;
            }
            if let Some(action) = action(name, key, value) {
                actions.push((key, action));
            } else {
                diagnostics.push(unknown(key));
                is_sound = false;
            }
        }
        match actions.as_slice() {
            [(_, action)] if is_sound => Some(Self { node, action: *action }),
            [] if is_sound => {
                let problem = Diagnostic::error(&code::NO_MODULE, &node.span, "this task does nothing");
                diagnostics.push(problem.fix("name a module, such as `ansible.builtin.command: uptime`"));
                None
            }
            [(first, _), (second, _), ..] => {
                let summary = format!("`{}` and `{}` in one task", first.value, second.value);
                let problem = Diagnostic::error(&code::NO_MODULE, &second.span, summary);
                diagnostics.push(problem.note(&first.span, "the first one").fix("write a task for each"));
                None
            }
            _ => None,
        }
    }

    /// The value of a keyword.
    pub(super) fn keyword(&self, name: &str) -> Option<&'a Node> {
        self.node.get(name)
    }
}

/// Whether Ansible knows the word as a keyword of tasks.
pub(super) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name) || UNSUPPORTED.contains(&name)
}

/// Whether something is tagged as run only when asked for by its tag, which nobody can here.
pub(super) fn is_never(node: &Node) -> bool {
    let tags = node.get("tags").map(text::texts).unwrap_or_default();
    tags.iter().flat_map(|(tags, _)| tags.split(',')).any(|tag| tag.trim() == "never")
}

/// A module's name without the collection that holds Ansible's own.
pub(super) fn short_name(name: &str) -> &str {
    name.strip_prefix("ansible.builtin.").or_else(|| name.strip_prefix("ansible.legacy.")).unwrap_or(name)
}

fn action<'a>(name: &str, key: &'a Spanned<String>, value: &'a Node) -> Option<Action<'a>> {
    match name {
        "include_tasks" | "import_tasks" => Some(Action::Include(Include::Tasks, key, value)),
        "include_role" | "import_role" => Some(Action::Include(Include::Role, key, value)),
        "meta" if value.as_text() == Some("flush_handlers") => Some(Action::FlushHandlers),
        "block" => value.as_list().map(Action::Block),
        _ => modules::find(name).map(|module| Action::Module(module, key, value)),
    }
}

fn unknown(key: &Spanned<String>) -> Diagnostic {
    let name = key.value.as_str();
    if UNSUPPORTED.contains(&name) || name == "block" {
        return Diagnostic::error(
            &code::UNSUPPORTED_KEYWORD,
            &key.span,
            format!("the keyword `{name}` is not supported"),
        )
        .why("Ansible knows it; Aether does not compile it yet, and never skips what it cannot do");
    }
    if let Some(meant) = nearest(name, KEYWORDS.iter().copied()) {
        return Diagnostic::error(&code::UNKNOWN_KEY, &key.span, format!("unknown keyword `{name}`"))
            .fix(format!("did you mean `{meant}`?"));
    }
    let problem =
        Diagnostic::error(&code::UNSUPPORTED_MODULE, &key.span, format!("the module `{name}` is not supported"));
    match nearest(short_name(name), modules::names()) {
        Some(meant) => problem.fix(format!("did you mean `{meant}`?")),
        None => problem.fix(format!("use one of {}", modules::names().collect::<Vec<_>>().join(", "))),
    }
}
