//! `graph`: resources and what they need of each other.

use super::{Failure, Input, load};
use crate::graph::Resource;
use crate::ports::World;

/// Every resource of the project, in the order of set-up.
pub fn graph(world: &World, input: &Input) -> Result<Vec<Resource>, Failure> {
    Ok(load(world, input)?.graph.resources)
}
