//! `aether ssh`, `aether exec`, `aether verify`: onto the hosts.

use super::{Context, Ending};
use crate::cli::args::Reach;
use crate::cli::failure::Exit;
use crate::cli::progress::Telling;
use crate::cli::views::{ExecutedView, VerifiedView};
use crate::workflows::{self, ExecRequest, Failure};

pub(super) fn ssh(context: &Context<'_>, host: &str) -> Ending {
    if context.display.is_json() {
        return Err(Failure::Usage(
            "`aether ssh` opens a shell and has no JSON form; run one command with `aether exec --json`".to_owned(),
        ));
    }
    match workflows::ssh(&context.world()?, &context.input(), host)? {
        0 => Ok(Exit::Done),
        _ => Ok(Exit::Failed),
    }
}

pub(super) fn exec(context: &Context<'_>, on: Vec<String>, command: Vec<String>, reach: &Reach) -> Ending {
    let world = context.reaching(reach, Telling::Nothing)?;
    let request = ExecRequest { input: context.input(), on, command, forks: reach.forks };
    let executed = workflows::exec(&world, &request)?;
    let good = executed.iter().filter(|host| host.status == Some(0)).count();
    context.display.show(&ExecutedView::from(executed.as_slice()));
    Ok(match good {
        _ if good == executed.len() => Exit::Done,
        0 => Exit::Failed,
        _ => Exit::Partly,
    })
}

pub(super) fn verify(context: &Context<'_>, on: &[String], reach: &Reach) -> Ending {
    let world = context.reaching(reach, Telling::Looks)?;
    let verified = workflows::verify(&world, &context.input(), on, reach.forks)?;
    let view = VerifiedView::from(verified.as_slice());
    context.display.show(&view);
    Ok(if view.works { Exit::Done } else { Exit::Failed })
}
