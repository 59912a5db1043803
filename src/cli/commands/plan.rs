//! `aether plan`.

use super::{Context, Ending};
use crate::cli::args::Reach;
use crate::cli::failure::Exit;
use crate::cli::progress::Telling;
use crate::cli::views::PlanView;
use crate::plan::Wish;
use crate::workflows::{self, PlanRequest};
use std::path::PathBuf;

pub(super) fn plan(
    context: &Context<'_>,
    output: Option<PathBuf>,
    detailed_exitcode: bool,
    destroy: bool,
    reach: &Reach,
) -> Ending {
    let world = context.reaching(reach, Telling::Looks)?;
    let saved = output.as_ref().map(|file| file.display().to_string());
    let wish = if destroy { Wish::Absent } else { Wish::Present };
    let request = PlanRequest { input: context.input(), output, wish, forks: reach.forks };
    let planned = workflows::plan(&world, &request)?;
    context.display.show(&PlanView::of(&planned, saved));
    Ok(match () {
        () if planned.is_held() => Exit::Held,
        () if planned.plan.is_blocked() => Exit::Failed,
        () if detailed_exitcode && planned.plan.has_changes() => Exit::Pending,
        () => Exit::Done,
    })
}
