//! Wires the real world to the command line, runs, exits. Holds no logic.

use std::process::ExitCode;

fn main() -> ExitCode {
    aether::cli::run(std::env::args_os(), &aether::adapters::world).into()
}
