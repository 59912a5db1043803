//! Whether the person has asked to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Set once by the first Ctrl-C: finish what runs and start nothing more. (The second one ends the process.)
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// What the second Ctrl-C says before the process ends.
    pub const LAST_WORDS: &str =
        "stopped; a program that runs on a host goes on to its end there: `aether resume` waits for it and goes on";

    /// Not asked yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The flag itself, for the signal handler.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }

    /// True when nothing new should begin.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
