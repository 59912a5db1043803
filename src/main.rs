//! Wires the real world to the command line, runs, exits. Holds no logic.

use std::process::ExitCode;

#[expect(clippy::disallowed_methods, reason = "arguments are read once, here")]
fn main() -> ExitCode {
    aether::cli::run(std::env::args_os(), &aether::adapters::world).into()
}
