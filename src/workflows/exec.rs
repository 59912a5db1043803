//! `exec`: one command on many hosts, side by side. Changes nothing that Aether records.

use super::{Failure, Input, hosts, load};
use crate::address::HostAddress;
use crate::converge::{each, explain};
use crate::graph::Host;
use crate::ports::World;

/// What to run where.
#[derive(Debug, Clone)]
pub struct ExecRequest {
    /// The project.
    pub input: Input,
    /// Groups and hosts; all of them when empty.
    pub on: Vec<String>,
    /// Words of the command, passed on as they are.
    pub command: Vec<String>,
    /// How many hosts at a time.
    pub forks: u16,
}

/// One host's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executed {
    /// The host.
    pub host: HostAddress,
    /// Exit status; `None` when a signal ended it or the host was not reached.
    pub status: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// The end of standard error.
    pub stderr: String,
    /// Why the host was not reached.
    pub failure: Option<String>,
}

/// Runs the command on every host that is meant.
pub fn exec(world: &World, request: &ExecRequest) -> Result<Vec<Executed>, Failure> {
    let loaded = load(world, &request.input)?;
    let hosts = hosts::select(&loaded.graph, &request.on)?;
    let command = request.command.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
    Ok(each(&hosts, usize::from(request.forks), |host| on_host(world, host, &command)))
}

fn on_host(world: &World, host: &Host, command: &str) -> Executed {
    let mut stdout = String::new();
    let result = world.dialer.connect(&host.target).and_then(|mut remote| {
        remote.exec(command, &[], &mut |line| {
            stdout.push_str(line);
            stdout.push('\n');
        })
    });
    let host = host.address.clone();
    match result {
        Ok(ending) => Executed { host, status: ending.status, stdout, stderr: ending.stderr, failure: None },
        Err(error) => Executed { host, status: None, stdout, stderr: String::new(), failure: Some(explain(&error)) },
    }
}

/// One word for a POSIX shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
