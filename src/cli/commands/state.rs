//! `aether state`.

use super::{Context, Ending};
use crate::cli::args::StateVerb;
use crate::cli::failure::Exit;
use crate::cli::views::{StateEditedView, StateHistoryView, StateListView, StateShowView};
use crate::workflows;

pub(super) fn state(context: &Context<'_>, verb: StateVerb) -> Ending {
    let world = context.world()?;
    let display = context.display;
    match verb {
        StateVerb::List => display.show(&StateListView::from(workflows::state_list(&world)?)),
        StateVerb::Show { address } => display.show(&StateShowView::from(workflows::state_show(&world, &address)?)),
        StateVerb::Pull => display.print(&workflows::state_pull(&world)?),
        StateVerb::History => display.show(&StateHistoryView::from(workflows::state_history(&world)?)),
        StateVerb::Mv { from, to } => {
            display.show(&StateEditedView::from(workflows::state_rename(&world, &from, &to)?));
        }
        StateVerb::Rm { address } => display.show(&StateEditedView::from(workflows::state_forget(&world, &address)?)),
        StateVerb::Push { file, force } => {
            display.show(&StateEditedView::from(workflows::state_push(&world, &file, force)?));
        }
        StateVerb::Restore { serial, force } => {
            display.show(&StateEditedView::from(workflows::state_restore(&world, serial, force)?));
        }
    }
    Ok(Exit::Done)
}
