//! The recorded world as the last run left it, however that run ended.

use super::Failure;
use crate::ports::World;
use crate::state::{self, State};

/// Reads snapshot and journal. The snapshot is left as it is: only a run that holds the lock writes.
pub(super) fn read(world: &World) -> Result<State, Failure> {
    let location = world.store.location();
    let mut state = match world.store.load()? {
        // A lineage is given by the first run, so that a plan made before it still fits it.
        None => State::new(""),
        Some(bytes) => state::parse(&bytes).map_err(|source| Failure::State { location: location.clone(), source })?,
    };
    let journal = world.store.journal()?;
    adopt_lineage(&mut state, &journal);
    state::replay(&mut state, &journal).map_err(|source| Failure::Journal { location, source })?;
    Ok(state)
}

/// A first run that was killed before its first snapshot has left its lineage in the journal only.
fn adopt_lineage(state: &mut State, journal: &[String]) {
    if state.serial > 0 {
        return;
    }
    if let Some(Ok(state::Entry::Run { lineage, .. })) = journal.first().map(|line| serde_json::from_str(line)) {
        state.lineage = lineage;
    }
}
