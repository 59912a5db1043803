//! `plan`: look at every host, compare, decide; change nothing.

use super::{Failure, Input, Loaded, Unconfirmed, clouds, gpus, load, look, state};
use crate::address::HostAddress;
use crate::plan::{self, Look, Plan, Wish};
use crate::ports::World;
use std::path::{Path, PathBuf};

/// What to plan.
#[derive(Debug, Clone)]
pub struct PlanRequest {
    /// The project.
    pub input: Input,
    /// Where to save the plan.
    pub output: Option<PathBuf>,
    /// Everything present, or everything gone.
    pub wish: Wish,
    /// How many hosts at a time.
    pub forks: u16,
}

/// A plan and what it was made from.
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// The project it is for.
    pub loaded: Loaded,
    /// What was recorded.
    pub state: crate::state::State,
    /// Fixes for hosts that could not be looked at.
    pub fixes: Vec<String>,
    /// What the lock rests on and nobody confirmed.
    pub not_confirmed: Vec<Unconfirmed>,
    /// Host groups that have no GPU while others have.
    pub without_gpus: Vec<String>,
    /// Hosts that could not be looked at because another run is at work there.
    pub busy: Vec<HostAddress>,
}

impl Planned {
    /// True when nothing stands in the way but runs of others.
    pub fn is_held(&self) -> bool {
        !self.busy.is_empty() && self.plan.blocked_hosts().all(|host| self.busy.contains(host))
    }
}

/// Plans, and saves the plan when asked to.
pub fn plan(world: &World, request: &PlanRequest) -> Result<Planned, Failure> {
    let loaded = load(world, &request.input)?;
    if request.wish == Wish::Present {
        loaded.must_have_sound_playbooks()?;
    }
    loaded.must_be_locked()?;
    let planned = decide(world, loaded, request.wish, request.forks)?;
    if let Some(file) = &request.output {
        save(world, file, &planned.plan)?;
    }
    Ok(planned)
}

/// Looks and compares.
pub(super) fn decide(world: &World, loaded: Loaded, wish: Wish, forks: u16) -> Result<Planned, Failure> {
    let state = state::read(world)?;
    let looks = look::look(world, &loaded, &state, wish, forks)?;
    let objects = clouds::look(world, &loaded.graph, &state, wish);
    let fixes = looks.values().filter_map(fix).chain(clouds::fixes(&objects)).collect();
    let is_busy = |look: &Look| matches!(look, Look::Unseen(unseen) if unseen.is_busy);
    let busy = looks.iter().filter(|(_, look)| is_busy(look)).map(|(host, _)| host.clone()).collect();
    let plan = plan::diff(&loaded.graph, &state, &looks, wish, loaded.inputs.clone());
    let plan = plan.with_objects(&loaded.graph, &state, &objects);
    let wrong = plan::verify(&plan);
    assert!(wrong.is_empty(), "the plan contradicts itself: {}", wrong.join("; "));
    let project = &loaded.graph.project;
    let (not_confirmed, without_gpus) = match wish {
        Wish::Present => (gpus::unconfirmed(project.lock.stacks.iter()), gpus::without_gpus(project)),
        Wish::Absent => (Vec::new(), Vec::new()),
    };
    Ok(Planned { plan, loaded, state, fixes, not_confirmed, without_gpus, busy })
}

fn fix(look: &Look) -> Option<String> {
    match look {
        Look::Unseen(unseen) => unseen.fix.clone(),
        Look::Seen(_) => None,
    }
}

fn save(world: &World, file: &Path, plan: &Plan) -> Result<(), Failure> {
    let text = plan::to_text(plan).map_err(|source| Failure::SavedPlan { file: file.to_owned(), source })?;
    Ok(world.files.write(file, text.as_bytes())?)
}
