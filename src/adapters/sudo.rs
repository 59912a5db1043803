//! The password for sudo, asked of the person on first use and kept in memory only.

use crate::ports::{Prompt, RemoteError};
use crate::secret::Secret;

/// The password known so far, or the person's answer.
pub(super) fn ask(
    known: &mut Option<Secret>,
    prompt: &dyn Prompt,
    host: &str,
    user: &str,
) -> Result<Secret, RemoteError> {
    if let Some(secret) = known {
        return Ok(secret.clone());
    }
    let secret = prompt
        .secret(&format!("sudo password for `{user}` on `{host}`"))
        .map_err(|error| RemoteError::Sudo { host: host.to_owned(), user: user.to_owned(), source: error.into() })?;
    Ok(known.insert(secret).clone())
}
