//! `apply` and `resume`: plan or take a saved plan, ask once, carry it out, record.

use super::plan::{Planned, decide};
use super::{Failure, Input, Loaded, bundle, clouds, load, look, state};
use crate::address::{Address, HostAddress};
use crate::apply::{self as engine, Pen, Recorder, Report, Work};
use crate::converge::Job;
use crate::graph::Host;
use crate::plan::{self, Action, HostSteps, Plan, Wish, schedule};
use crate::playbook::Facts;
use crate::ports::{FilesError, World};
use crate::state::{RecordedHost, State};
use std::path::{Path, PathBuf};

/// What to apply.
#[derive(Debug, Clone)]
pub struct ApplyRequest {
    /// The project.
    pub input: Input,
    /// A saved plan; without one a plan is made now.
    pub plan: Option<PathBuf>,
    /// The bundle that hosts are served from; without one they fetch what they need.
    pub bundle: Option<PathBuf>,
    /// Everything present, or everything gone.
    pub wish: Wish,
    /// True when the person has already said yes.
    pub is_approved: bool,
    /// How many hosts at a time.
    pub forks: u16,
}

/// What was done.
pub struct Applied {
    /// The plan that was carried out.
    pub plan: Plan,
    /// What became of it.
    pub report: Report,
    /// True when the person asked to stop on the way.
    pub is_interrupted: bool,
    /// Hosts that another run held, so that nothing was done there.
    pub busy: Vec<HostAddress>,
    /// What to do about hosts that could not be looked at.
    pub fixes: Vec<String>,
}

/// Applies. `show` presents the plan before the question is asked.
pub fn apply(world: &World, request: &ApplyRequest, show: &mut dyn FnMut(&Plan)) -> Result<Applied, Failure> {
    let mut loaded = load(world, &request.input)?;
    if request.wish == Wish::Present {
        loaded.must_have_sound_playbooks()?;
        loaded.must_be_locked()?;
    }
    if let Some(file) = &request.bundle {
        loaded.supplies = Some(bundle::supplies(world, &loaded, file)?);
    }
    let held = world.store.lock(&world.owner)?;
    look::settle(world, &loaded, request.forks)?;
    let planned = match &request.plan {
        Some(file) => saved(world, loaded, file, request.forks)?,
        None => decide(world, loaded, request.wish, request.forks)?,
    };
    show(&planned.plan);
    if planned.plan.has_changes() && request.plan.is_none() && !request.is_approved {
        ask(world)?;
    }
    let applied = carry_out(world, planned, request.forks);
    drop(held);
    applied
}

fn ask(world: &World) -> Result<(), Failure> {
    match world.prompt.confirm("apply this plan? only `yes` applies it") {
        Ok(true) => Ok(()),
        Ok(false) => Err(Failure::Declined),
        Err(crate::ports::PromptError::NoTerminal { .. }) => Err(Failure::NeedsYes),
        Err(error) => Err(error.into()),
    }
}

/// A saved plan that still fits the world, with everything else it takes.
fn saved(world: &World, loaded: Loaded, file: &Path, forks: u16) -> Result<Planned, Failure> {
    let bytes = world.files.read(file).map_err(Failure::Unreadable)?.ok_or_else(|| {
        let source = std::io::Error::new(std::io::ErrorKind::NotFound, "there is no such file");
        Failure::Unreadable(FilesError::Read { path: file.to_owned(), source })
    })?;
    let plan = plan::parse(&bytes).map_err(|source| Failure::SavedPlan { file: file.to_owned(), source })?;
    let state = state::read(world)?;
    let looks = look::look(world, &loaded, &state, plan.wish, forks)?;
    let objects = clouds::look(world, &loaded.graph, &state, plan.wish);
    let moved = plan::stale(&plan, &loaded.inputs, &state, &looks);
    if let Some(moved) = moved.or_else(|| plan::stale_clouds(&plan, &objects)) {
        return Err(Failure::Stale(moved));
    }
    Ok(Planned {
        plan,
        loaded,
        state,
        fixes: Vec::new(),
        busy: Vec::new(),
        not_confirmed: Vec::new(),
        without_gpus: Vec::new(),
    })
}

fn carry_out(world: &World, planned: Planned, forks: u16) -> Result<Applied, Failure> {
    let Planned { plan, loaded, mut state, fixes, mut busy, .. } = planned;
    let work: Vec<Work> = schedule(&plan).into_iter().filter_map(|steps| work(&loaded, &state, steps)).collect();
    if work.is_empty() && !plan.objects.iter().any(|step| step.action.is_change()) {
        state::take_in(world, state)?;
        let report = Report { objects: Vec::new(), hosts: Vec::new() };
        return Ok(Applied { plan, report, is_interrupted: false, busy, fixes });
    }
    if state.lineage.is_empty() {
        state.lineage.clone_from(&world.fresh_name);
    }
    let recorder = Recorder::begin(world.store.as_ref(), state)?;
    let tools = look::tools(world, &loaded);
    let (clock, interrupt, width) = (world.clock.as_ref(), &world.interrupt, usize::from(forks));
    let (project, progress) = (&loaded.graph.project.name, world.progress.as_ref());
    let pen = Pen { project, clouds: &world.clouds, recorder: &recorder, clock, interrupt, progress };
    let objects = engine::apply_objects(&plan.objects, width, &pen);
    let hosts = engine::apply(&work, width, &recorder, tools, clock, interrupt);
    let report = Report { objects, hosts };
    recorder.finish()?;
    busy.extend(report.hosts.iter().filter(|host| host.is_busy).map(|host| host.host.clone()));
    Ok(Applied { plan, report, is_interrupted: world.interrupt.is_set(), busy, fixes })
}

fn work(loaded: &Loaded, state: &State, steps: HostSteps) -> Option<Work> {
    let recorded = state.hosts.get(&steps.host);
    let host: Host = loaded.graph.host(&steps.host).or(recorded.map(|r| &r.host))?.clone();
    let gone: Vec<Address> =
        steps.steps.iter().filter(|s| s.action == Action::Delete).map(|s| s.address.clone()).collect();
    let facts = recorded.map_or_else(Facts::default, |recorded| recorded.facts.clone());
    let is_wanted = steps.steps.iter().any(|step| !matches!(step.action, Action::Delete | Action::Forget));
    let before = recorded.and_then(|recorded| recorded.run.clone());
    let job = Job { before, ..look::job_of(loaded, &host, &gone, is_wanted) };
    Some(Work { steps, job, recorded: RecordedHost { host, facts, run: None } })
}
