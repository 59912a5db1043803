//! One file per verb: from arguments to a workflow, from its answer to a view and an exit code.

mod apply;
mod bundle;
mod explain;
mod inspect;
mod offers;
mod pages;
mod plan;
mod reach;
mod schema;
mod stack;
mod state;
mod text;

use super::args::{Arguments, Shared, Verb};
use super::display::Display;
use super::failure::Exit;
use super::progress::{Telling, listener};
use crate::ports::{HostKeyPolicy, MakeWorld, Setup, World};
use crate::workflows::{Failure, Input};

/// What every command gets.
struct Context<'a> {
    shared: Shared,
    display: Display,
    make_world: MakeWorld<'a>,
}

/// A command's end: an exit code, or a failure that is shown in one place.
type Ending = Result<Exit, Failure>;

/// Runs the verb.
pub(super) fn run(arguments: Arguments, make_world: MakeWorld<'_>) -> Exit {
    let display = Display::new(&arguments.shared);
    let context = Context { shared: arguments.shared, display, make_world };
    dispatch(&context, arguments.verb).unwrap_or_else(|failure| display.fail(&failure))
}

fn dispatch(context: &Context<'_>, verb: Verb) -> Ending {
    match verb {
        Verb::Init(answers) => text::init(context, answers),
        Verb::Validate => text::validate(context),
        Verb::Lock { upgrade, check } => text::lock(context, upgrade, check),
        Verb::Render { check } => text::render(context, check),
        Verb::Plan { output, detailed_exitcode, destroy, reach } => {
            plan::plan(context, output, detailed_exitcode, destroy, &reach)
        }
        Verb::Apply { plan, bundle, consent, reach } => apply::apply(context, plan, bundle, &consent, &reach),
        Verb::Bundle { what } => bundle::bundle(context, what),
        Verb::Resume { bundle, consent, reach } => apply::apply(context, None, bundle, &consent, &reach),
        Verb::Destroy { consent, reach } => apply::destroy(context, &consent, &reach),
        Verb::Status { live, reach } => inspect::status(context, live, &reach),
        Verb::Drift { reach } => inspect::drift(context, &reach),
        Verb::Graph { dot } => inspect::graph(context, dot),
        Verb::Ssh { host } => reach::ssh(context, &host),
        Verb::Exec { on, command, reach } => reach::exec(context, on, command, &reach),
        Verb::Verify { on, reach } => reach::verify(context, &on, &reach),
        Verb::Schema { name } => schema::schema(context, &name),
        Verb::Offers(wish) => offers::offers(context, wish),
        Verb::Stack { verb } => stack::stack(context, verb),
        Verb::State { verb } => state::state(context, verb),
        Verb::Explain { code } => explain::explain(context, code.as_deref()),
        Verb::Completions { shell } => Ok(pages::completions(context, shell)),
        Verb::Man { output } => pages::man(context, &output),
    }
}

impl Context<'_> {
    /// The world for a command that touches no host.
    fn world(&self) -> Result<World, Failure> {
        self.open(HostKeyPolicy::Refuse, Telling::Nothing)
    }

    /// The world for a command that works on hosts.
    fn reaching(&self, reach: &super::args::Reach, telling: Telling) -> Result<World, Failure> {
        let host_keys = if reach.accept_new_host_keys { HostKeyPolicy::AcceptNew } else { HostKeyPolicy::Refuse };
        self.open(host_keys, if self.display.is_json() { Telling::Nothing } else { telling })
    }

    fn open(&self, host_keys: HostKeyPolicy, telling: Telling) -> Result<World, Failure> {
        let setup = Setup { directory: self.shared.directory.clone(), host_keys, progress: listener(telling) };
        (self.make_world)(&setup).map_err(|source| {
            let folder = self.shared.directory.clone().unwrap_or_else(|| ".".into());
            Failure::NoFolder { folder, source }
        })
    }

    /// The project as the user named it.
    fn input(&self) -> Input {
        Input {
            file: self.shared.file.clone(),
            profile: self.shared.profile.clone(),
            variables: self.shared.variables.clone(),
            variable_files: self.shared.variable_files.clone(),
        }
    }
}
