//! A run that outlives its connection: the host goes on by itself, and we come back to hear the rest.

use super::listener::Listener;
use super::{ConvergeError, Tools, restart};
use crate::address::HostAddress;
use crate::digest::sha256;
use crate::graph::{Host, Target};
use crate::playbook::HostProgram;
use crate::ports::{Ending, Moment, Remote, RemoteError};
use std::time::Duration;

/// How long to wait before each new connection, in seconds; together about five minutes, enough for a reboot of a
/// router or a walk between two desks.
const PATIENCE: [u64; 13] = [1, 1, 2, 4, 8, 15, 30, 30, 30, 45, 45, 45, 45];

/// Runs the program in `stdin` under the host's own supervision and hears it to its end, restarts of the host included.
pub(super) fn run(remote: &mut dyn Remote, stdin: &[u8], listener: &mut Listener<'_>) -> Result<Ending, ConvergeError> {
    let run = run_name(listener.tools.run, &listener.job.host.address);
    let mut ending = begin(remote, &run, listener.job.before.as_deref(), stdin, listener)?;
    while matches!(ending.status, Some(HostProgram::RESTARTED | HostProgram::RESTARTING)) {
        ending = restart::go_on(&run, stdin, listener)?;
    }
    Ok(ending)
}

/// Begins the run, or goes on with it after a restart.
pub(super) fn begin(
    remote: &mut dyn Remote,
    run: &str,
    before: Option<&str>,
    stdin: &[u8],
    listener: &mut Listener<'_>,
) -> Result<Ending, RemoteError> {
    let command = HostProgram::supervise(run, before, listener.lines);
    match remote.exec(&command, stdin, &mut |line| listener.hear(line)) {
        Ok(ending) => {
            clear(remote, &HostProgram::forget(run), &listener.job.host.target, listener.tools);
            Ok(ending)
        }
        Err(lost) => come_back(run, listener, lost),
    }
}

/// Connects anew until the host answers, and hears the rest. Gives up with the first loss.
fn come_back(run: &str, listener: &mut Listener<'_>, lost: RemoteError) -> Result<Ending, RemoteError> {
    let tools = listener.tools;
    tools.progress.report(&listener.job.host.address, Moment::Reconnecting);
    for seconds in PATIENCE {
        tools.clock.wait(Duration::from_secs(seconds));
        let Ok(mut remote) = tools.dialer.connect(&listener.job.host.target) else { continue };
        let attach = HostProgram::attach(run, listener.lines);
        if let Ok(ending) = remote.exec(&attach, &[], &mut |line| listener.hear(line)) {
            clear(remote.as_mut(), &after_loss(run, &ending), &listener.job.host.target, tools);
            return Ok(ending);
        }
    }
    Err(lost)
}

/// So often is the folder of an ended run asked for; the host removes it after an hour if that is not enough.
const TRIES: usize = 3;

/// Removes what is left of a run, on a new connection where this one breaks.
fn clear(remote: &mut dyn Remote, command: &str, target: &Target, tools: Tools<'_>) {
    let mut is_clear = remote.exec(command, &[], &mut |_| {}).is_ok();
    for _ in 1..TRIES {
        if is_clear {
            return;
        }
        let Ok(mut again) = tools.dialer.connect(target) else { continue };
        is_clear = again.exec(command, &[], &mut |_| {}).is_ok();
    }
}

/// What clears a run whose connection was lost. One that is gone may not have arrived yet.
fn after_loss(run: &str, ending: &Ending) -> String {
    if ending.status == Some(HostProgram::GONE) { HostProgram::bury(run) } else { HostProgram::forget(run) }
}

/// Waits for the end of a run that another process began and does not hear any more. Its events are not told: the look
/// that follows sees what they did.
pub fn settle(host: &Host, run: &str, tools: Tools<'_>) {
    tools.progress.report(&host.address, Moment::Settling);
    if let Ok(mut remote) = tools.dialer.connect(&host.target) {
        match remote.exec(&HostProgram::attach(run, 0), &[], &mut |_| {}) {
            Ok(ending) if ending.status != Some(HostProgram::RESTARTING) => {
                clear(remote.as_mut(), &after_loss(run, &ending), &host.target, tools);
            }
            // It goes down this moment, or it did while we asked.
            _ => restart::wait(host, run, tools),
        }
    }
    tools.progress.report(&host.address, Moment::Looked);
}

/// The name of a process's run on a host: two addresses may lead to one machine.
pub fn run_name(run: &str, host: &HostAddress) -> String {
    sha256(format!("{run} {host}"))[..24].to_owned()
}
