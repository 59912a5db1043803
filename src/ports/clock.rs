//! Time, so that tests can hold it still.

/// Tells the time, and waits.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> jiff::Timestamp;
    /// Lets time pass.
    fn wait(&self, duration: std::time::Duration);
}
