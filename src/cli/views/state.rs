//! The record: what is in it, what was in it before, and what a change by hand did to it.

use super::status::Object;
use super::{Paint, View, count};
use crate::playbook::Proof;
use crate::state::{Condition, OpenIntent, RecordedObject, TaskFailure, Verb};
use crate::workflows::{Change, Edited, History, Shown, StateList, StatusObject};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What `state list` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StateListView {
    /// How often the state was written.
    pub serial: u64,
    /// Every resource, by address.
    pub resources: Vec<ListedResource>,
    /// Every object of a cloud that was made or begun, by address.
    pub objects: Vec<Object>,
}

/// One resource of the list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ListedResource {
    /// Its address.
    pub address: String,
    /// How the last run on it ended.
    pub condition: Condition,
    /// When, RFC 3339, UTC.
    pub applied: String,
}

/// What `state show` shows.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum StateShowView {
    /// A resource of a host.
    Resource(Box<ShownResource>),
    /// An object of a cloud.
    Object(ShownObject),
}

/// One object of a cloud.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShownObject {
    /// Address, id, how the last run on it ended.
    #[serde(flatten)]
    pub object: Object,
    /// What was wanted of it, by name.
    pub attributes: BTreeMap<String, String>,
    /// What must go after it, when it goes.
    pub needs: Vec<String>,
    /// What was begun and whose end nobody has heard: `create`, `update` or `delete`.
    pub open: Option<Verb>,
}

/// One resource.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShownResource {
    /// Its address.
    pub address: String,
    /// How the last run on it ended.
    pub condition: Condition,
    /// When, RFC 3339, UTC.
    pub applied: String,
    /// Digest of what was wanted.
    pub digest: String,
    /// The folder on its host that everything of Aether's lives in.
    pub prefix: Option<String>,
    /// The run that was begun on its host and whose end nobody has heard.
    pub open_run: Option<String>,
    /// What proving it found last.
    pub proofs: Vec<Proof>,
    /// The task that failed, when one did.
    pub failure: Option<TaskFailure>,
}

/// What `state history` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StateHistoryView {
    /// The serial in force; null when the state cannot be read.
    pub serial: Option<u64>,
    /// States that are kept, newest first.
    pub generations: Vec<KeptState>,
}

/// One of them.
#[derive(Debug, Serialize, JsonSchema)]
pub struct KeptState {
    /// Its number, for `state restore`.
    pub serial: u64,
    /// When something was last applied before it was written, RFC 3339, UTC.
    pub applied: Option<String>,
    /// How many resources it has; null when it is damaged.
    pub resources: Option<usize>,
    /// How many objects of clouds it has; null when it is damaged.
    pub objects: Option<usize>,
}

/// What `state mv`, `rm`, `push` and `restore` show.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StateEditedView {
    /// The state before, which is kept.
    pub before: Option<u64>,
    /// The state now.
    pub serial: u64,
    /// Resource by resource.
    pub changes: Vec<EditedResource>,
}

/// One resource that is recorded differently.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EditedResource {
    /// The address it had.
    pub address: String,
    /// What became of its record.
    pub change: EditKind,
    /// The address it has now, where that is another one.
    pub to: Option<String>,
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EditKind {
    /// It has another address.
    Renamed,
    /// It is gone.
    Forgotten,
    /// It is new.
    Recorded,
    /// It says something else.
    Replaced,
}

/// `3 resources, 6 objects of clouds`.
fn counted(resources: usize, objects: usize) -> String {
    let resources = count(resources, "resource");
    if objects == 0 { resources } else { format!("{resources}, {} of clouds", count(objects, "object")) }
}

fn time(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn word(condition: Condition, paint: Paint) -> String {
    match condition {
        Condition::Complete => paint.good("complete"),
        Condition::Failed => paint.bad("failed"),
        Condition::Interrupted => paint.bad("interrupted"),
    }
}

impl From<StateList> for StateListView {
    fn from(list: StateList) -> Self {
        let resources = list.resources.into_iter().map(|(address, recorded)| ListedResource {
            address: address.to_string(),
            condition: recorded.condition,
            applied: time(recorded.applied),
        });
        let objects = list.objects.into_iter().map(Object::from).collect();
        Self { serial: list.serial, resources: resources.collect(), objects }
    }
}

impl View for StateListView {
    fn text(&self, paint: Paint) -> String {
        if self.resources.is_empty() && self.objects.is_empty() {
            return format!("nothing is recorded, serial {}", self.serial);
        }
        let line = |r: &ListedResource| {
            format!("{}  {}  {}", paint.strong(&r.address), word(r.condition, paint), paint.faint(&r.applied))
        };
        let mut lines: Vec<String> = self.resources.iter().map(line).collect();
        lines.extend(self.objects.iter().map(|object| object.line(&word(object.condition, paint), paint)));
        lines.push(format!("{}, serial {}", counted(self.resources.len(), self.objects.len()), self.serial));
        lines.join("\n")
    }
}

impl From<Shown> for StateShowView {
    fn from(shown: Shown) -> Self {
        match shown {
            Shown::Resource { address, recorded, host } => Self::Resource(Box::new(ShownResource {
                address: address.to_string(),
                condition: recorded.condition,
                applied: time(recorded.applied),
                digest: recorded.digest,
                prefix: host.as_ref().map(|host| host.host.prefix.clone()),
                open_run: host.and_then(|host| host.run),
                proofs: recorded.proofs,
                failure: recorded.failure,
            })),
            Shown::Object { object, recorded, open } => Self::Object(ShownObject::new(object, recorded, open)),
        }
    }
}

impl ShownObject {
    fn new(object: StatusObject, recorded: Option<RecordedObject>, open: Option<OpenIntent>) -> Self {
        let verb = open.as_ref().map(|intent| intent.verb);
        let begun = open.map(|intent| (intent.attributes, intent.needs));
        let (attributes, needs) =
            recorded.map(|object| (object.attributes, object.needs)).or(begun).unwrap_or_default();
        let attributes = attributes.into_iter().map(|(name, value)| (name, value.to_string())).collect();
        let needs = needs.iter().map(ToString::to_string).collect();
        Self { object: object.into(), attributes, needs, open: verb }
    }

    fn text(&self, paint: Paint) -> String {
        let mut lines = vec![self.object.line(&word(self.object.condition, paint), paint)];
        lines.extend(self.attributes.iter().map(|(name, value)| format!("  {name}: {value}")));
        lines.extend(self.needs.iter().map(|need| format!("  goes before {need}")));
        lines.extend(self.open.map(|verb| format!("  nobody heard the end of its last call: {}", verb.word())));
        lines.join("\n")
    }
}

impl View for StateShowView {
    fn text(&self, paint: Paint) -> String {
        match self {
            Self::Resource(resource) => resource.text(paint),
            Self::Object(object) => object.text(paint),
        }
    }
}

impl ShownResource {
    fn text(&self, paint: Paint) -> String {
        let mut lines = vec![
            format!("{}  {}  {}", paint.strong(&self.address), word(self.condition, paint), paint.faint(&self.applied)),
            format!("  wanted: {}", self.digest),
        ];
        lines.extend(self.prefix.iter().map(|prefix| format!("  host's folder: {prefix}")));
        lines.extend(self.open_run.iter().map(|run| format!("  a run is open on its host: {run}")));
        lines.extend(self.failure.iter().map(|f| format!("  failed at task {} `{}`: {}", f.number, f.task, f.words)));
        lines.extend(self.proofs.iter().map(|proof| format!("  {}", proof.line())));
        lines.join("\n")
    }
}

impl From<History> for StateHistoryView {
    fn from(history: History) -> Self {
        let generations = history.generations.into_iter().map(|one| KeptState {
            serial: one.serial,
            applied: one.applied.map(time),
            resources: one.resources,
            objects: one.objects,
        });
        Self { serial: history.serial, generations: generations.collect() }
    }
}

impl View for StateHistoryView {
    fn text(&self, paint: Paint) -> String {
        if self.generations.is_empty() {
            return "no state was written yet".to_owned();
        }
        let line = |one: &KeptState| {
            let resources = match one.resources {
                Some(resources) => counted(resources, one.objects.unwrap_or_default()),
                None => paint.bad("damaged"),
            };
            let applied = one.applied.as_ref().map(|at| format!("  {}", paint.faint(at))).unwrap_or_default();
            let present = if Some(one.serial) == self.serial { "  in force" } else { "" };
            format!("{}  {resources}{applied}{present}", paint.strong(&one.serial.to_string()))
        };
        let mut lines: Vec<String> = self.generations.iter().map(line).collect();
        lines.push("go back to one with `aether state restore SERIAL`".to_owned());
        lines.join("\n")
    }
}

impl From<Edited> for StateEditedView {
    fn from(edited: Edited) -> Self {
        let one = |change: Change| {
            let (address, change, to) = match change {
                Change::Renamed(old, new) => (old.to_string(), EditKind::Renamed, Some(new.to_string())),
                Change::Forgotten(address) => (address, EditKind::Forgotten, None),
                Change::Recorded(address) => (address, EditKind::Recorded, None),
                Change::Replaced(address) => (address, EditKind::Replaced, None),
            };
            EditedResource { address, change, to }
        };
        let changes = edited.changes.into_iter().map(one).collect();
        Self { before: edited.before, serial: edited.serial, changes }
    }
}

impl View for StateEditedView {
    fn text(&self, paint: Paint) -> String {
        let line = |one: &EditedResource| match one.change {
            EditKind::Renamed => {
                format!("  {} is {} now", one.address, paint.strong(one.to.as_deref().unwrap_or_default()))
            }
            EditKind::Forgotten => format!("{} {} is forgotten; what stands stays", paint.bad("-"), one.address),
            EditKind::Recorded => format!("{} {} is recorded", paint.good("+"), one.address),
            EditKind::Replaced => format!("{} {} is recorded differently", paint.attention("~"), one.address),
        };
        let mut lines: Vec<String> = self.changes.iter().map(line).collect();
        let undo = self.before.map(|before| format!("; back with `aether state restore {before} --force`"));
        lines.push(format!("serial {}{}", self.serial, undo.unwrap_or_default()));
        lines.join("\n")
    }
}
