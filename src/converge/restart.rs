//! A host that restarts in the middle of its program: wait until it is back, and have the program go on.

use super::listener::{End, Listener};
use super::{ConvergeError, supervised};
use crate::playbook::HostProgram;
use crate::ports::{Ending, Moment};
use std::time::Duration;

/// How long to wait before each look at a host that restarts, in seconds; the last for all that follow.
const PATIENCE: [u64; 5] = [2, 2, 3, 5, 10];

/// How long a host may take that was found waiting for its restart and did not say (Ansible's own default).
const TIMEOUT: u64 = 600;

/// Waits for the host, sends the program once more, and hears it on. Secrets travel again: none was kept there.
pub(super) fn go_on(run: &str, stdin: &[u8], listener: &mut Listener<'_>) -> Result<Ending, ConvergeError> {
    let tools = listener.tools;
    let target = &listener.job.host.target;
    let seconds = if let End::Restarting(seconds) = listener.end { seconds } else { TIMEOUT };
    tools.progress.report(&listener.job.host.address, Moment::Restarting);
    let mut waited = 0;
    for pause in PATIENCE.iter().chain(std::iter::repeat(&PATIENCE[PATIENCE.len() - 1])) {
        if waited >= seconds {
            break;
        }
        tools.clock.wait(Duration::from_secs(*pause));
        waited += pause;
        let Ok(mut remote) = tools.dialer.connect(target) else { continue };
        let attach = HostProgram::attach(run, listener.lines);
        let Ok(ending) = remote.exec(&attach, &[], &mut |line| listener.hear(line)) else { continue };
        match ending.status {
            Some(HostProgram::RESTARTING) => {}
            Some(HostProgram::RESTARTED) => {
                return supervised::begin(remote.as_mut(), run, None, stdin, listener).map_err(ConvergeError::from);
            }
            // Gone, or it went on by itself: what it said decides.
            _ => return Ok(ending),
        }
    }
    Err(ConvergeError::Restart { host: target.name.clone(), seconds })
}
