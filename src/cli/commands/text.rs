//! `aether init`, `validate`, `lock`, `render`: from text to text, without a host.

use super::{Context, Ending};
use crate::cli::args::InitArguments;
use crate::cli::failure::Exit;
use crate::cli::views::{InitView, LockView, RenderView, ValidateView};
use crate::workflows::{self, InitRequest};

pub(super) fn init(context: &Context<'_>, answers: InitArguments) -> Ending {
    let some = |list: Vec<String>| (!list.is_empty()).then_some(list);
    let request = InitRequest {
        file: context.shared.file.clone(),
        name: answers.name,
        frameworks: some(answers.frameworks),
        packages: some(answers.packages),
        python: answers.python,
        provider: answers.provider,
        addresses: some(answers.addresses),
        user: answers.user,
        accelerators: answers.accelerators,
        is_forced: answers.force,
    };
    let world = context.world()?;
    let report = workflows::init(&request, world.files.as_ref(), world.programs.as_ref(), world.prompt.as_ref())?;
    context.display.show(&InitView::from(report));
    Ok(Exit::Done)
}

pub(super) fn validate(context: &Context<'_>) -> Ending {
    let valid = workflows::validate(&context.world()?, &context.input())?;
    context.display.show(&ValidateView::new(valid, context.display.style()));
    Ok(Exit::Done)
}

pub(super) fn lock(context: &Context<'_>, upgrade: bool, check: bool) -> Ending {
    let report = workflows::lock(&context.world()?, &context.input(), upgrade, check)?;
    let is_stale = check && !report.resolved.is_empty();
    context.display.show(&LockView::new(report, check));
    Ok(if is_stale { Exit::Failed } else { Exit::Done })
}

pub(super) fn render(context: &Context<'_>, check: bool) -> Ending {
    let report = workflows::render(&context.world()?, &context.input(), check)?;
    let is_stale = check && !report.differences.is_empty();
    context.display.show(&RenderView::new(&report, check));
    Ok(if is_stale { Exit::Failed } else { Exit::Done })
}
