//! `aether bundle create` and `aether bundle check`.

use super::{Context, Ending};
use crate::cli::args::BundleVerb;
use crate::cli::failure::Exit;
use crate::cli::views::BundleView;
use crate::workflows::{self, BundleRequest};

pub(super) fn bundle(context: &Context<'_>, what: BundleVerb) -> Ending {
    let world = context.world()?;
    let (report, is_new) = match what {
        BundleVerb::Create { output, packages } => {
            let request = BundleRequest { input: context.input(), output, packages };
            (workflows::bundle(&world, &request)?, true)
        }
        BundleVerb::Check { bundle } => (workflows::check_bundle(&world, &context.input(), &bundle)?, false),
    };
    context.display.show(&BundleView::new(report, is_new));
    Ok(Exit::Done)
}
