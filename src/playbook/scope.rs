//! What the variables are at one place: raw values, by how strongly they were said.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How strongly a value was said, weakest first (Ansible's order, without what one host cannot have).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    /// Found by the probe.
    Facts,
    /// `defaults/` of roles.
    Defaults,
    /// `vars` of a play.
    Play,
    /// `vars/` of roles.
    Role,
    /// `vars` of blocks.
    Block,
    /// `vars` of a task.
    Task,
    /// `set_fact`.
    Set,
    /// `vars` of an include.
    Include,
    /// The item of a loop.
    Item,
    /// From outside the playbook.
    Extra,
    /// Names that belong to the language: `role_path`.
    Magic,
}

const RANKS: usize = Rank::Magic as usize + 1;

/// Ranks whose values are finished: what looks like a template in them is plain text. What a host says of itself must
/// never be run as a template.
const FINISHED: [usize; 4] = [Rank::Facts as usize, Rank::Set as usize, Rank::Item as usize, Rank::Magic as usize];

/// What the result of a task can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answers {
    /// Only how it ended.
    State,
    /// `rc`, `stdout` and `stderr` too.
    Command,
    /// `stat` too.
    Stat,
}

/// The result of an earlier task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Registered {
    /// Its index in the program.
    pub(super) task: usize,
    /// What it can be asked for.
    pub(super) answers: Answers,
}

/// The value of a variable.
#[derive(Debug, Clone, Copy)]
pub(super) enum Raw<'a> {
    /// May hold templates.
    Template(&'a Value),
    /// Is what it looks like.
    Finished(&'a Value),
}

/// Variables as they were written: templates in them are filled in when they are used.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    layers: [Arc<Map<String, Value>>; RANKS],
    results: Arc<BTreeMap<String, Registered>>,
    /// True while no host is known: a name without a value may yet get one from its facts.
    is_open: bool,
}

impl Scope {
    /// Variables of a host that nobody has looked at yet.
    pub(super) fn without_facts() -> Self {
        Self { is_open: true, ..Self::default() }
    }

    /// Whether the name may get a value once a host is known.
    pub(super) fn may_be_a_fact(&self, name: &str) -> bool {
        self.is_open && self.get(name).is_none()
    }

    /// Adds values of one rank; later ones win.
    pub(super) fn add(&mut self, rank: Rank, values: Map<String, Value>) {
        if !values.is_empty() {
            let names: Vec<String> = values.keys().cloned().collect();
            Arc::make_mut(&mut self.layers[rank as usize]).extend(values);
            if rank == Rank::Set {
                Arc::make_mut(&mut self.results).retain(|name, _| !names.contains(name));
            }
        }
    }

    /// The raw value of a variable.
    pub(super) fn get(&self, name: &str) -> Option<Raw<'_>> {
        let (rank, layer) = self.layers.iter().enumerate().rev().find(|(_, layer)| layer.contains_key(name))?;
        let value = layer.get(name)?;
        Some(if FINISHED.contains(&rank) { Raw::Finished(value) } else { Raw::Template(value) })
    }

    /// Names the result of a task.
    pub(super) fn register(&mut self, name: &str, result: Registered) {
        Arc::make_mut(&mut self.results).insert(name.to_owned(), result);
    }

    /// The task whose result has this name.
    pub(super) fn result(&self, name: &str) -> Option<Registered> {
        if self.layers[Rank::Item as usize..].iter().any(|layer| layer.contains_key(name)) {
            return None;
        }
        self.results.get(name).copied()
    }

    /// Takes over what tasks said for all tasks after them: `set_fact` and results.
    pub(super) fn follow(&mut self, other: &Self) {
        self.layers[Rank::Set as usize] = Arc::clone(&other.layers[Rank::Set as usize]);
        self.results = Arc::clone(&other.results);
    }

    /// Adds what other roles said, wherever this place has no value of its own.
    pub(super) fn borrow_roles(&mut self, roles: &Self) {
        for rank in [Rank::Defaults, Rank::Role] {
            let own = Arc::make_mut(&mut self.layers[rank as usize]);
            for (name, value) in roles.layers[rank as usize].iter() {
                own.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
    }

    /// Every name there is, for near misses.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let variables = self.layers.iter().flat_map(|layer| layer.keys());
        variables.chain(self.results.keys()).map(String::as_str)
    }
}
