//! Wires the real world and runs.
fn main() {}
