//! The system's clock. Knows no time zone: everything is UTC until it is shown.

use crate::ports::Clock;

/// Asks the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }

    fn wait(&self, duration: std::time::Duration) {
        std::thread::sleep(duration);
    }
}
