//! A host that restarts in the middle of its program: wait until it is back, and have the program go on.

use super::listener::{End, Listener};
use super::{ConvergeError, Tools, supervised};
use crate::graph::Host;
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
    for pause in pauses(seconds) {
        tools.clock.wait(pause);
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

/// Waits until a host that was about to restart is back. What it cannot find out, the look that follows says.
pub(super) fn wait(host: &Host, run: &str, tools: Tools<'_>) {
    tools.progress.report(&host.address, Moment::Restarting);
    for pause in pauses(TIMEOUT) {
        tools.clock.wait(pause);
        let Ok(mut remote) = tools.dialer.connect(&host.target) else { continue };
        let asked = remote.exec(&HostProgram::attach(run, 0), &[], &mut |_| {});
        if asked.is_ok_and(|ending| ending.status != Some(HostProgram::RESTARTING)) {
            return;
        }
    }
}

/// The waits between looks, until together they reach so many seconds.
fn pauses(seconds: u64) -> impl Iterator<Item = Duration> {
    let mut waited = 0;
    let all = PATIENCE.into_iter().chain(std::iter::repeat(PATIENCE[PATIENCE.len() - 1]));
    let in_time = all.take_while(move |pause| {
        let is_early = waited < seconds;
        waited += pause;
        is_early
    });
    in_time.map(Duration::from_secs)
}
