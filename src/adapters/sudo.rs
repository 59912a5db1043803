//! The password for sudo, asked of the person once per login name and kept in memory only.

use crate::ports::{Prompt, RemoteError};
use crate::secret::Secret;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What the person has said so far; shared by all connections of a run, so that fifty hosts ask one question.
pub(super) struct SudoPasswords {
    prompt: Arc<dyn Prompt>,
    known: Mutex<BTreeMap<String, Secret>>,
}

impl SudoPasswords {
    pub(super) fn new(prompt: Arc<dyn Prompt>) -> Arc<Self> {
        Arc::new(Self { prompt, known: Mutex::default() })
    }

    /// The password of `user`. Whoever comes while the question is open waits for its answer.
    pub(super) fn of(&self, user: &str, host: &str) -> Result<Secret, RemoteError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(secret) = known.get(user) {
            return Ok(secret.clone());
        }
        let secret = self.prompt.secret(&format!("sudo password for `{user}`")).map_err(|error| RemoteError::Sudo {
            host: host.to_owned(),
            user: user.to_owned(),
            source: error.into(),
        })?;
        known.insert(user.to_owned(), secret.clone());
        Ok(secret)
    }
}
