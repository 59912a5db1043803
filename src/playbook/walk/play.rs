//! Playbooks and plays.

use super::{Frame, Rank, Walker};
use crate::diagnostic::{Diagnostic, Source, Span, code, nearest};
use crate::playbook::text;
use crate::yaml::{Kind, Node};
use serde_json::{Map, Value};

/// Keywords of plays that are understood. Those that say where and how to connect mean nothing here: the host is given.
const KEYWORDS: &[&str] = &[
    "name",
    "hosts",
    "gather_facts",
    "become",
    "become_user",
    "vars",
    "roles",
    "pre_tasks",
    "tasks",
    "post_tasks",
    "handlers",
    "environment",
    "tags",
    "when",
    "no_log",
    "ignore_errors",
    "check_mode",
    "connection",
    "remote_user",
    "any_errors_fatal",
    "strategy",
    "serial",
    "max_fail_percentage",
    "gather_subset",
];

impl Walker<'_> {
    /// Every play of a playbook.
    pub(super) fn playbook(&mut self, path: &str, frame: &Frame, from: Option<&Span>) {
        let place = from.cloned().unwrap_or_else(|| Span::start_of(&Source::new(self.section.as_str(), path)));
        if self.is_too_deep(frame, &format!("the playbook `{path}`"), &place) {
            return;
        }
        if self.library.get(path).is_none() {
            let summary = format!("there is no playbook `{path}`");
            self.diagnostics.push(Diagnostic::error(&code::MISSING_FILE, &place, summary));
            return;
        }
        let Some(node) = text::read(self.library, path, self.diagnostics) else { return };
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        match &node.kind {
            Kind::Null => {}
            Kind::List(plays) => {
                for play in plays {
                    let inner = Frame { folders: vec![folder.clone()], depth: frame.depth + 1, ..frame.clone() };
                    self.play(play, &folder, &inner);
                }
            }
            other => {
                let summary = format!("a playbook is a list of plays, and this is {}", other.noun());
                self.diagnostics.push(Diagnostic::error(&code::WRONG_TYPE, &node.span, summary));
            }
        }
    }

    fn play(&mut self, play: &Node, folder: &str, frame: &Frame) {
        let imported = play.get("import_playbook").or_else(|| play.get("ansible.builtin.import_playbook"));
        if let Some(path) = imported {
            let target = format!("{folder}/{}", path.as_text().unwrap_or_default());
            self.playbook(target.trim_start_matches('/'), frame, Some(&path.span));
            return;
        }
        if !self.knows_keywords(play) {
            return;
        }
        self.begin_play(folder);
        let Some(inner) = self.play_frame(play, frame) else { return };
        let list = |name: &str| play.get(name).and_then(Node::as_list).unwrap_or_default();
        self.handlers(list("handlers"), &inner);
        self.tasks(list("pre_tasks"), &inner);
        self.flush_handlers();
        for role in list("roles") {
            self.role_entry(role, &inner);
        }
        let mut after_roles = inner;
        self.lend_role_values(&mut after_roles);
        self.tasks(list("tasks"), &after_roles);
        self.flush_handlers();
        self.tasks(list("post_tasks"), &after_roles);
        self.flush_handlers();
    }

    fn begin_play(&mut self, folder: &str) {
        self.handlers.clear();
        self.seen_roles.clear();
        self.role_folders = vec![folder.to_owned(), String::new()];
    }

    fn knows_keywords(&mut self, play: &Node) -> bool {
        let Some(entries) = play.as_map() else {
            let summary = format!("a play is a mapping, and this is {}", play.kind.noun());
            self.diagnostics.push(Diagnostic::error(&code::WRONG_TYPE, &play.span, summary));
            return false;
        };
        let mut is_known = true;
        for (key, _) in entries.iter().filter(|(key, _)| !KEYWORDS.contains(&key.value.as_str())) {
            is_known = false;
            let summary = format!("the play keyword `{}` is not supported", key.value);
            let mut problem = Diagnostic::error(&code::UNSUPPORTED_KEYWORD, &key.span, summary);
            if let Some(meant) = nearest(&key.value, KEYWORDS.iter().copied()) {
                problem = problem.fix(format!("did you mean `{meant}`?"));
            }
            self.diagnostics.push(problem);
        }
        is_known
    }

    fn play_frame(&mut self, play: &Node, frame: &Frame) -> Option<Frame> {
        let mut inner = frame.clone();
        if let Some(vars) = play.get("vars") {
            inner.scope.add(Rank::Play, text::mapping(vars));
        }
        inner.environment.extend(play.get("environment").cloned());
        inner.guards.extend(play.get("when").cloned().map(super::Guard::Text));
        for (name, place) in [("become", 0), ("no_log", 1), ("ignore_errors", 2), ("check_mode", 3)] {
            let Some(node) = play.get(name) else { continue };
            let answer = self.switch(node, &inner.scope)?;
            match place {
                0 => inner.is_root = answer,
                1 => inner.is_quiet = answer,
                2 => inner.ignores_errors = answer,
                _ => inner.check_mode = Some(answer),
            }
        }
        if let Some(node) = play.get("become_user").filter(|node| node.as_text() != Some("root")) {
            let summary = "`become_user` other than root is not supported";
            self.diagnostics.push(Diagnostic::error(&code::UNSUPPORTED_KEYWORD, &node.span, summary));
            return None;
        }
        Some(inner)
    }

    /// An entry of `roles`: a name, or a mapping with parameters.
    fn role_entry(&mut self, entry: &Node, frame: &Frame) {
        let mut inner = frame.clone();
        let mut parameters = Map::new();
        let name = match &entry.kind {
            Kind::Text(name) => Some((name.clone(), entry.span.clone())),
            Kind::Map(entries) => {
                for (key, node) in entries {
                    match key.value.as_str() {
                        "role" | "name" | "tags" => {}
                        "vars" => parameters.extend(text::mapping(node)),
                        "when" => inner.guards.push(super::Guard::Text(node.clone())),
                        "become" => match self.switch(node, &frame.scope) {
                            Some(is_root) => inner.is_root = is_root,
                            None => return,
                        },
                        _ => {
                            parameters.insert(key.value.clone(), text::value(node));
                        }
                    }
                }
                let name = entry.get("role").or_else(|| entry.get("name"));
                name.and_then(|node| Some((node.as_text()?.to_owned(), node.span.clone())))
            }
            _ => None,
        };
        if let Some((name, span)) = name {
            self.role_once(&name, &span, parameters, &inner);
        } else {
            let problem = Diagnostic::error(&code::WRONG_TYPE, &entry.span, "this entry names no role");
            self.diagnostics.push(problem.fix("write `- role: name`"));
        }
    }

    /// Runs a role unless it ran with the same parameters.
    pub(super) fn role_once(&mut self, name: &str, span: &Span, parameters: Map<String, Value>, frame: &Frame) {
        let key = (name.to_owned(), parameters.clone());
        if !self.seen_roles.contains(&key) {
            self.seen_roles.push(key);
            self.role(name, span, parameters, frame);
        }
    }
}
