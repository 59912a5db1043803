//! The command line: reads arguments, calls a workflow, shows its answer. Holds no logic of its own.

pub mod args;
mod commands;
pub mod display;
pub mod failure;
pub mod progress;
pub mod views;

pub use args::Arguments;
pub use failure::Exit;
pub use views::schemas;

use crate::ports::MakeWorld;
use crate::workflows::Failure;
use clap::Parser;
use display::Display;
use std::ffi::OsString;

/// Runs one command line to its end.
pub fn run(arguments: impl IntoIterator<Item = OsString>, make_world: MakeWorld<'_>) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let is_json = arguments.iter().take_while(|word| *word != "--").any(|word| word == "--json");
    match Arguments::try_parse_from(arguments) {
        Ok(arguments) => commands::run(arguments, make_world),
        Err(error) if is_json && error.use_stderr() => Display::for_programs().fail(&usage(&error)),
        Err(error) => {
            // Help and version are no failures; clap knows which stream each belongs to. A closed pipe is no matter.
            let _ = error.print();
            if error.use_stderr() { Exit::Usage } else { Exit::Done }
        }
    }
}

/// What clap says, on one line and without its heading.
fn usage(error: &clap::Error) -> Failure {
    let text = error.render().to_string();
    let line = text.lines().next().unwrap_or_default();
    Failure::Usage(line.strip_prefix("error: ").unwrap_or(line).to_owned())
}
