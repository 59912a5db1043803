//! `drift`: what was changed by hand since the last apply.

use super::{Failure, Input, PlanRequest, plan};
use crate::plan::{Action, CloudStep, Step, Wish};
use crate::ports::World;
use crate::state::Condition;

/// What is no longer as it was applied.
pub struct Drifted {
    /// Resources of hosts.
    pub steps: Vec<Step>,
    /// Objects of clouds.
    pub objects: Vec<CloudStep>,
}

/// Resources that were applied to the end and do not look like that any more, and those that could not be looked at.
pub fn drift(world: &World, input: &Input, forks: u16) -> Result<Drifted, Failure> {
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
    let objects = planned.plan.objects.iter().filter(|step| match step.action {
        Action::Blocked => true,
        Action::Create | Action::Update | Action::Replace => {
            let recorded = planned.state.objects.get(&step.address);
            recorded.is_some_and(|recorded| recorded.attributes == step.attributes)
        }
        _ => false,
    });
    let objects = objects.cloned().collect();
    Ok(Drifted { steps: planned.plan.steps.iter().filter(|step| has_drifted(step)).cloned().collect(), objects })
}
