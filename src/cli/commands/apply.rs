//! `aether apply`, `aether resume`, `aether destroy`: one plan, one question, one report.

use super::{Context, Ending};
use crate::cli::args::{Consent, Reach};
use crate::cli::failure::Exit;
use crate::cli::progress::Telling;
use crate::cli::views::{AppliedView, PlanView, View};
use crate::plan::{Plan, Wish};
use crate::workflows::{self, Applied, ApplyRequest};
use std::path::PathBuf;

pub(super) fn apply(context: &Context<'_>, plan: Option<PathBuf>, consent: &Consent, reach: &Reach) -> Ending {
    let world = context.reaching(reach, Telling::Changes)?;
    let request = ApplyRequest {
        input: context.input(),
        plan,
        wish: Wish::Present,
        is_approved: consent.yes,
        forks: reach.forks,
    };
    let applied = workflows::apply(&world, &request, &mut |plan| present(context, plan))?;
    Ok(report(context, &applied))
}

pub(super) fn destroy(context: &Context<'_>, consent: &Consent, reach: &Reach) -> Ending {
    let world = context.reaching(reach, Telling::Changes)?;
    let mut show = |plan: &Plan| present(context, plan);
    let applied = workflows::destroy(&world, &context.input(), consent.yes, reach.forks, &mut show)?;
    Ok(report(context, &applied))
}

/// The plan goes beside the answer, which is the report.
fn present(context: &Context<'_>, plan: &Plan) {
    if !context.display.is_json() && !plan.is_empty() {
        context.display.say(&PlanView::new(plan, Vec::new(), None).text(context.display.paint()));
        context.display.say("");
    }
}

fn report(context: &Context<'_>, applied: &Applied) -> Exit {
    let view = AppliedView::new(applied);
    let exit = match (view.done, view.not_done) {
        _ if view.interrupted => Exit::Interrupted,
        (_, 0) => Exit::Done,
        (0, _) => Exit::Failed,
        _ => Exit::Partly,
    };
    context.display.show(&view);
    exit
}
