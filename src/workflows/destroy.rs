//! `destroy`: apply the wish that nothing be there.

use super::{Applied, ApplyRequest, Failure, Input, apply};
use crate::plan::{Plan, Wish};
use crate::ports::World;

/// Removes everything the state records, after asking.
pub fn destroy(
    world: &World,
    input: &Input,
    is_approved: bool,
    forks: u16,
    show: &mut dyn FnMut(&Plan),
) -> Result<Applied, Failure> {
    let request =
        ApplyRequest { input: input.clone(), plan: None, bundle: None, wish: Wish::Absent, is_approved, forks };
    apply(world, &request, show)
}
