//! `drift`: what was changed by hand since the last apply.

use super::{Failure, Input, PlanRequest, plan};
use crate::plan::{Action, Step, Wish};
use crate::ports::World;
use crate::state::Condition;

/// Resources that were applied to the end and do not look like that any more, and those that could not be looked at.
pub fn drift(world: &World, input: &Input, forks: u16) -> Result<Vec<Step>, Failure> {
    let request = PlanRequest { input: input.clone(), output: None, wish: Wish::Present, forks };
    let planned = plan(world, &request)?;
    let has_drifted = |step: &Step| match step.action {
        Action::Blocked => true,
        Action::Update => planned
            .state
            .resources
            .get(&step.address)
            .is_some_and(|recorded| recorded.condition == Condition::Complete && recorded.digest == step.digest),
        _ => false,
    };
    Ok(planned.plan.steps.iter().filter(|step| has_drifted(step)).cloned().collect())
}
