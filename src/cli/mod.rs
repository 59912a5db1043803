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
use clap::Parser;
use std::ffi::OsString;

/// Runs one command line to its end.
pub fn run(arguments: impl IntoIterator<Item = OsString>, make_world: MakeWorld<'_>) -> Exit {
    match Arguments::try_parse_from(arguments) {
        Ok(arguments) => commands::run(arguments, make_world),
        Err(error) => {
            // Help and version are no failures; clap knows which stream each belongs to. A closed pipe is no matter.
            let _ = error.print();
            if error.use_stderr() { Exit::Usage } else { Exit::Done }
        }
    }
}
