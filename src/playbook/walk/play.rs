//! Playbooks and plays.

use super::{Frame, Rank, Walker};
use crate::diagnostic::{Diagnostic, Source, Span, code, nearest};
use crate::playbook::scope::Raw;
use crate::playbook::task::{is_keyword, is_never, short_name};
use crate::playbook::text;
use crate::yaml::{Entry, Kind, Node};
use serde_json::{Map, Value};

/// Keywords of plays that are understood. `hosts` means nothing here: the host is given. Facts are known, gathered or not.
const KEYWORDS: &[&str] = &[
    "name",
    "hosts",
    "gather_facts",
    "gather_subset",
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
];

/// Keywords of plays that say what a host program cannot know, and where Aether takes it from.
const ELSEWHERE: &[(&str, &str)] = &[
    ("any_errors_fatal", "hosts do not wait for each other; a host that fails stops nothing but itself"),
    ("connection", "the way to a host follows from its host group's `provider`"),
    ("max_fail_percentage", "hosts do not wait for each other; a host that fails stops nothing but itself"),
    ("port", "write `port` at the host group"),
    ("remote_user", "write `user` at the host group"),
    ("serial", "how many hosts are worked on at a time is said by `aether apply --forks`"),
    ("strategy", "hosts do not wait for each other"),
];

/// Keywords that an entry of `roles` or a dependency may have.
const ROLE_KEYWORDS: &[&str] =
    &["role", "name", "when", "tags", "become", "become_user", "environment", "no_log", "ignore_errors", "check_mode"];

/// Keywords of plays that hold lists.
const LISTS: &[&str] = &["roles", "pre_tasks", "tasks", "post_tasks", "handlers"];

/// What makes a host pattern more than a list of names.
const PATTERN_SIGNS: [char; 9] = ['!', '&', '*', '?', '[', ']', '~', ':', '{'];

/// The names a play may call this host by: its own and those of its groups (Ansible's magic variables).
fn own_names(frame: &Frame) -> Vec<String> {
    let value = |name: &str| match frame.scope.get(name) {
        Some(Raw::Template(value) | Raw::Finished(value)) => value.clone(),
        None => Value::Null,
    };
    let groups = value("group_names");
    let names = groups.as_array().into_iter().flatten().cloned().chain([value("inventory_hostname")]);
    names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

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
        let is_import = |name: &str| short_name(name) == "import_playbook";
        if let Some((_, path)) = play.as_map().unwrap_or_default().iter().find(|(key, _)| is_import(&key.value)) {
            if self.knows_keywords(play, &|name| is_import(name) || name == "name") {
                let target = format!("{folder}/{}", path.as_text().unwrap_or_default());
                self.playbook(target.trim_start_matches('/'), frame, Some(&path.span));
            }
            return;
        }
        if !self.knows_keywords(play, &|name| KEYWORDS.contains(&name)) || !self.holds_lists(play) || is_never(play) {
            return;
        }
        if !self.concerns(play, frame) {
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

    /// Whether a play is for this host, as its `hosts:` says. While no host is known, every play is.
    fn concerns(&mut self, play: &Node, frame: &Frame) -> bool {
        let Some(hosts) = play.get("hosts") else {
            let summary = "a play says in `hosts` which hosts it is for";
            self.diagnostics.push(Diagnostic::error(&code::MISSING_KEY, &play.span, summary).fix("write `hosts: all`"));
            return false;
        };
        let own = own_names(frame);
        let mut is_meant = own.is_empty();
        for node in hosts.as_list().unwrap_or(std::slice::from_ref(hosts)) {
            for pattern in node.as_text().unwrap_or_default().split(',').map(str::trim) {
                if pattern.is_empty() || pattern.contains(PATTERN_SIGNS) {
                    let summary = format!("the host pattern `{pattern}` is not supported");
                    let problem = Diagnostic::error(&code::UNSUPPORTED_KEYWORD, &node.span, summary);
                    self.diagnostics.push(problem.fix("name `all`, host groups or hosts, with commas between"));
                    return false;
                }
                is_meant |=
                    pattern == "all" || own.iter().any(|name| name.replace('-', "_") == pattern.replace('-', "_"));
            }
        }
        is_meant
    }

    fn begin_play(&mut self, folder: &str) {
        self.handlers.clear();
        self.seen_roles.clear();
        self.role_folders = vec![folder.to_owned(), String::new()];
    }

    fn knows_keywords(&mut self, play: &Node, is_known: &dyn Fn(&str) -> bool) -> bool {
        let Some(entries) = play.as_map() else {
            let summary = format!("a play is a mapping, and this is {}", play.kind.noun());
            self.diagnostics.push(Diagnostic::error(&code::WRONG_TYPE, &play.span, summary));
            return false;
        };
        let mut knows_all = true;
        for (key, _) in entries.iter().filter(|(key, _)| !is_known(&key.value)) {
            knows_all = false;
            let summary = format!("the play keyword `{}` is not supported", key.value);
            let problem = Diagnostic::error(&code::UNSUPPORTED_KEYWORD, &key.span, summary);
            let elsewhere = ELSEWHERE.iter().find(|(name, _)| *name == key.value).map(|(_, where_to)| *where_to);
            let meant = nearest(&key.value, KEYWORDS.iter().copied()).filter(|meant| *meant != key.value);
            self.diagnostics.push(match (elsewhere, meant) {
                (Some(where_to), _) => problem.fix(format!("remove it: {where_to}")),
                (None, Some(meant)) => problem.fix(format!("did you mean `{meant}`?")),
                (None, None) => problem,
            });
        }
        knows_all
    }

    /// What is no list would be passed over.
    fn holds_lists(&mut self, play: &Node) -> bool {
        let mut is_sound = true;
        for (name, node) in LISTS.iter().filter_map(|name| Some((name, play.get(name)?))) {
            if !matches!(node.kind, Kind::List(_) | Kind::Null) {
                is_sound = false;
                let summary = format!("`{name}` is a list, and this is {}", node.kind.noun());
                self.diagnostics.push(Diagnostic::error(&code::WRONG_TYPE, &node.span, summary));
            }
        }
        is_sound
    }

    fn play_frame(&mut self, play: &Node, frame: &Frame) -> Option<Frame> {
        let mut inner = frame.clone();
        if let Some(vars) = play.get("vars") {
            inner.scope.add(Rank::Play, self.values_of("vars", vars)?);
        }
        inner.guards.extend(play.get("when").cloned().map(super::Guard::Text));
        self.inherit(play, &mut inner)?;
        Some(inner)
    }

    /// An entry of `roles`: a name, or a mapping with parameters.
    fn role_entry(&mut self, entry: &Node, frame: &Frame) {
        let mut inner = frame.clone();
        let mut parameters = Map::new();
        let name = match &entry.kind {
            Kind::Text(name) => Some((name.clone(), entry.span.clone())),
            Kind::Map(entries) => {
                if is_never(entry) || self.inherit(entry, &mut inner).is_none() {
                    return;
                }
                let Some(given) = self.role_parameters(entries) else { return };
                parameters = given;
                inner.guards.extend(entry.get("when").cloned().map(super::Guard::Text));
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

    /// The parameters of a role where it is used: `vars`, and every key that is no keyword.
    pub(super) fn role_parameters(&mut self, entries: &[Entry]) -> Option<Map<String, Value>> {
        let mut parameters = Map::new();
        for (key, node) in entries {
            match key.value.as_str() {
                "vars" => parameters.extend(self.values_of("vars", node)?),
                name if ROLE_KEYWORDS.contains(&name) => {}
                name if is_keyword(name) => {
                    let summary = format!("the keyword `{name}` is not supported for a role");
                    self.diagnostics.push(Diagnostic::error(&code::UNSUPPORTED_KEYWORD, &key.span, summary));
                    return None;
                }
                name => _ = parameters.insert(name.to_owned(), text::value(node)),
            }
        }
        Some(parameters)
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
