//! A look at every place of a cloud that a plan may touch: those of the graph and those that only the state still knows.

use crate::converge::explain;
use crate::graph::{CloudPlace, Found, Graph};
use crate::plan::{CloudLooks, Unseen, Wish};
use crate::ports::{CloudError, World};
use crate::state::State;
use std::collections::{BTreeMap, BTreeSet};

/// The owner of nothing: a state that was never written has made no object yet.
const NOBODY: &str = "none";

/// Asks each place once for everything that the state owns there. A place that cannot be asked stops only its own.
pub(super) fn look(world: &World, graph: &Graph, state: &State, wish: Wish) -> CloudLooks {
    let wanted = graph.objects.iter().map(|object| &object.address).filter(|_| wish == Wish::Present);
    let mut places: BTreeMap<CloudPlace, BTreeSet<String>> = BTreeMap::new();
    for address in wanted.chain(state.objects.keys()).chain(state.open.keys()) {
        places.entry(CloudPlace::of(address)).or_default().insert(address.kind.clone());
    }
    let owner = if state.lineage.is_empty() { NOBODY } else { &state.lineage };
    places.into_iter().map(|(place, kinds)| (place.clone(), read(world, &place, owner, kinds))).collect()
}

fn read(world: &World, place: &CloudPlace, owner: &str, kinds: BTreeSet<String>) -> Result<Vec<Found>, Unseen> {
    let kinds: Vec<String> = kinds.into_iter().collect();
    let found = match world.clouds.get(&place.provider) {
        Some(cloud) => cloud.read(place, owner, &kinds),
        None => Err(CloudError::NotBuilt { provider: place.provider.clone() }),
    };
    found.map_err(|error| Unseen { why: explain(&error), fix: error.fix(), is_busy: false })
}

/// What to do about places that could not be asked.
pub(super) fn fixes(looks: &CloudLooks) -> impl Iterator<Item = String> {
    looks.values().filter_map(|look| look.as_ref().err()?.fix.clone())
}
