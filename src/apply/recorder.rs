//! Keeps state and journal in step: an entry is on the disk before anything relies on it.

use crate::address::Address;
use crate::ports::{StateStore, StoreError};
use crate::state::{self, Entry, Recorded, State};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Something could not be written down.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A value has no text form: a bug of ours.
    #[error("an entry of the journal cannot be written as JSON")]
    Entry(#[source] serde_json::Error),
    /// The same for the snapshot.
    #[error("the state cannot be written")]
    State(#[source] state::FormatError),
    /// The journal does not fit the state.
    #[error("the journal cannot be brought into the state")]
    Journal(#[from] state::JournalError),
}

/// The one writer of a run. Shared by all its threads.
pub struct Recorder<'a> {
    store: &'a dyn StateStore,
    state: Mutex<State>,
}

impl<'a> Recorder<'a> {
    /// Begins a run from `state`, which must be what the store holds.
    pub fn begin(store: &'a dyn StateStore, state: State) -> Result<Self, RecordError> {
        let run = Entry::Run { lineage: state.lineage.clone(), serial: state.serial };
        let recorder = Self::take_up(store, state);
        recorder.record(vec![run])?;
        Ok(recorder)
    }

    /// Takes up `state` without a run, to be finished at once.
    pub fn take_up(store: &'a dyn StateStore, state: State) -> Self {
        Self { store, state: Mutex::new(state) }
    }

    /// Writes entries with one sync to the disk, then brings them into the state.
    pub fn record(&self, entries: Vec<Entry>) -> Result<(), RecordError> {
        let lines: Vec<String> =
            entries.iter().map(state::line).collect::<Result<_, _>>().map_err(RecordError::Entry)?;
        let mut state = self.state();
        self.store.append(&lines)?;
        for entry in entries {
            state::enter(&mut state, entry)?;
        }
        Ok(())
    }

    /// What the state says of a resource now.
    pub fn recorded(&self, address: &Address) -> Option<Recorded> {
        self.state().resources.get(address).cloned()
    }

    /// Saves the snapshot and empties the journal, which it now contains.
    pub fn finish(self) -> Result<State, RecordError> {
        let mut state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        state.serial += 1;
        state.forget_empty_hosts();
        self.store.save(state.serial, state::to_text(&state).map_err(RecordError::State)?.as_bytes())?;
        self.store.clear_journal()?;
        Ok(state)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
