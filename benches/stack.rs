//! Asks the resolver the whole grid, on one core. Measured from outside, as a process.

#![allow(unreachable_pub, reason = "the grid is the one of the tests")]

#[path = "../tests/it/support/grid.rs"]
mod grid;

use aether::stack::{Resolution, Wheels, resolve};
use std::io::{Result, Write, stdout};

/// Prints `STACKS ANSWERS CHAINS`.
fn main() -> Result<()> {
    let wheels = Wheels::embedded();
    let (mut answers, mut chains) = (0, 0);
    for question in grid::grid() {
        match resolve(&wheels, &question) {
            Resolution::Answer(_) => answers += 1,
            Resolution::Unknown(_) | Resolution::Refused(_) => chains += 1,
        }
    }
    writeln!(stdout(), "{} {answers} {chains}", answers + chains)
}
