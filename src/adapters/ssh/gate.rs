//! At most so many logins at a time on one server. OpenSSH drops further ones at random (`MaxStartups 10:30:100`).

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError};

const LOGINS_AT_A_TIME: usize = 8;

/// Counts who is logging in where.
#[derive(Default)]
pub(super) struct Gate {
    inside: Mutex<BTreeMap<String, usize>>,
    left: Condvar,
}

/// One login under way; over when dropped.
pub(super) struct Pass<'a> {
    gate: &'a Gate,
    endpoint: String,
}

impl Gate {
    /// Waits for a turn at `endpoint`.
    pub(super) fn enter(&self, endpoint: &str) -> Pass<'_> {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full =
            |inside: &mut BTreeMap<String, usize>| inside.get(endpoint).is_some_and(|n| *n >= LOGINS_AT_A_TIME);
        let mut inside = self.left.wait_while(inside, is_full).unwrap_or_else(PoisonError::into_inner);
        *inside.entry(endpoint.to_owned()).or_default() += 1;
        Pass { gate: self, endpoint: endpoint.to_owned() }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let mut inside = self.gate.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = inside.get_mut(&self.endpoint) {
            *count -= 1;
        }
        drop(inside);
        self.gate.left.notify_all();
    }
}
