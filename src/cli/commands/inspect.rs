//! `aether status`, `aether drift`, `aether graph`: what is, without changing it.

use super::{Context, Ending};
use crate::cli::args::Reach;
use crate::cli::failure::Exit;
use crate::cli::progress::Telling;
use crate::cli::views::{DriftView, GraphView, StatusView};
use crate::plan::Action;
use crate::workflows::{self, Drifted, Failure, StatusRequest};

pub(super) fn status(context: &Context<'_>, is_live: bool, reach: &Reach) -> Ending {
    let world = context.reaching(reach, Telling::Looks)?;
    let request = StatusRequest { input: context.input(), look: is_live.then_some(reach.forks) };
    let status = workflows::status(&world, &request)?;
    context.display.show(&StatusView::from(status));
    Ok(Exit::Done)
}

pub(super) fn drift(context: &Context<'_>, reach: &Reach) -> Ending {
    let world = context.reaching(reach, Telling::Looks)?;
    let Drifted { steps, objects } = workflows::drift(&world, &context.input(), reach.forks)?;
    let mut actions = steps.iter().map(|step| step.action).chain(objects.iter().map(|step| step.action));
    let is_blocked = actions.any(|action| action == Action::Blocked);
    let has_drifted = !steps.is_empty() || !objects.is_empty();
    context.display.show(&DriftView { steps, objects });
    Ok(match (is_blocked, has_drifted) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Pending,
        (false, false) => Exit::Done,
    })
}

pub(super) fn graph(context: &Context<'_>, dot: bool) -> Ending {
    if dot && context.display.is_json() {
        return Err(Failure::Usage("`--dot` and `--json` are two forms of one answer; take one of them".to_owned()));
    }
    let resources = workflows::graph(&context.world()?, &context.input())?;
    context.display.show(&GraphView::new(&resources, dot));
    Ok(Exit::Done)
}
