//! `aether offers`.

use super::{Context, Ending};
use crate::cli::args::OffersArguments;
use crate::cli::failure::Exit;
use crate::cli::views::OffersView;
use crate::workflows::{self, OffersRequest};

/// Nothing that fits is no success: a script that asks for a machine must not go on without one.
pub(super) fn offers(context: &Context<'_>, arguments: OffersArguments) -> Ending {
    let request = OffersRequest {
        accelerators: arguments.gpu,
        provider: arguments.provider,
        max_hourly_cost: arguments.max_hourly_cost,
        is_all: arguments.all,
    };
    let offered = workflows::offers(&context.world()?, &context.input(), &request)?;
    let view = OffersView::from(offered);
    let exit = if view.has_all() { Exit::Done } else { Exit::Failed };
    context.display.show(&view);
    Ok(exit)
}
