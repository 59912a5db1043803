//! Waiting for EC2: until all of it knows what was made, and until machines have come or gone.

use crate::ports::CloudError;
use std::time::Duration;

/// How many seconds EC2 may need until all of it knows what was just made.
pub(super) const AGREES: u64 = 30;

/// How many seconds a machine may need to come or to go; large ones take minutes.
pub(super) const MOVES: u64 = 900;

/// Asks again while the refusal is one that passes.
pub(super) fn patiently<T>(
    passes: fn(&CloudError) -> bool,
    seconds: u64,
    ask: impl Fn() -> Result<T, CloudError>,
) -> Result<T, CloudError> {
    for pause in pauses(seconds) {
        match ask() {
            Err(error) if passes(&error) => std::thread::sleep(Duration::from_secs(pause)),
            answer => return answer,
        }
    }
    ask()
}

/// Asks how something is until it is `wanted`, or can become so no more.
pub(super) fn wait_for(
    id: &str,
    wanted: &str,
    is_end: fn(&str) -> bool,
    state: impl Fn() -> Result<String, CloudError>,
) -> Result<(), CloudError> {
    let mut pauses = pauses(MOVES);
    loop {
        let now = state()?;
        match pauses.next() {
            _ if now == wanted => return Ok(()),
            Some(pause) if !is_end(&now) => std::thread::sleep(Duration::from_secs(pause)),
            _ => return Err(CloudError::Elsewhere { id: id.to_owned(), state: now, wanted: wanted.to_owned() }),
        }
    }
}

/// How long to wait before each further try, in seconds.
fn pauses(seconds: u64) -> impl Iterator<Item = u64> {
    let mut waited = 0;
    [1, 2, 2, 5].into_iter().chain(std::iter::repeat(10)).take_while(move |pause| {
        waited += pause;
        waited <= seconds
    })
}
