//! `aether apply`, `aether resume`, `aether destroy`: one plan, one question, one report.

use super::{Context, Ending};
use crate::cli::args::{Consent, Reach};
use crate::cli::failure::Exit;
use crate::cli::progress::Telling;
use crate::cli::views::{AppliedView, PlanView, View};
use crate::plan::{Plan, Wish};
use crate::ports::World;
use crate::workflows::{self, Applied, ApplyRequest};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// How soon a Ctrl-C is answered.
const WATCH: Duration = Duration::from_millis(50);

pub(super) fn apply(
    context: &Context<'_>,
    plan: Option<PathBuf>,
    bundle: Option<PathBuf>,
    consent: &Consent,
    reach: &Reach,
) -> Ending {
    let world = context.reaching(reach, Telling::Changes)?;
    let request = ApplyRequest {
        input: context.input(),
        plan,
        bundle,
        wish: Wish::Present,
        is_approved: consent.yes,
        forks: reach.forks,
    };
    let mut show = |plan: &Plan| present(context, plan);
    attend(context, &world);
    let applied = workflows::apply(&world, &request, &mut show)?;
    Ok(report(context, &applied))
}

pub(super) fn destroy(context: &Context<'_>, consent: &Consent, reach: &Reach) -> Ending {
    let world = context.reaching(reach, Telling::Changes)?;
    let mut show = |plan: &Plan| present(context, plan);
    attend(context, &world);
    let applied = workflows::destroy(&world, &context.input(), consent.yes, reach.forks, &mut show)?;
    Ok(report(context, &applied))
}

/// Answers a Ctrl-C, as long as this process lives.
fn attend(context: &Context<'_>, world: &World) {
    let (display, interrupt, clock) = (context.display, world.interrupt.clone(), Arc::clone(&world.clock));
    thread::spawn(move || {
        while !interrupt.is_set() {
            clock.wait(WATCH);
        }
        display.say("stopping when the steps that run have ended; Ctrl-C again stops now, and is safe");
    });
}

/// The plan goes beside the answer, which is the report.
fn present(context: &Context<'_>, plan: &Plan) {
    if !context.display.is_json() && !plan.is_empty() {
        context.display.say(&PlanView::new(plan).text(context.display.paint_beside()));
        context.display.say("");
    }
}

fn report(context: &Context<'_>, applied: &Applied) -> Exit {
    let view = AppliedView::new(applied);
    let exit = match (view.done, view.not_done) {
        _ if view.interrupted => Exit::Interrupted,
        (_, 0) => Exit::Done,
        // Nothing went wrong: the same command does it once the others are done.
        (0, _) if view.is_held() => Exit::Held,
        (0, _) => Exit::Failed,
        _ => Exit::Partly,
    };
    context.display.show(&view);
    exit
}
