//! A command's output on each host.

use super::{Paint, View};
use crate::workflows::Executed;
use schemars::JsonSchema;
use serde::Serialize;

/// What `exec` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExecutedView {
    /// One per host, in the order of the manifest.
    pub hosts: Vec<Host>,
}

/// One host's answer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Host {
    /// `group/name`.
    pub address: String,
    /// Exit status; none when a signal ended it or the host was not reached.
    pub status: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// Why the host was not reached.
    pub failure: Option<String>,
}

impl From<&[Executed]> for ExecutedView {
    fn from(executed: &[Executed]) -> Self {
        let host = |e: &Executed| Host {
            address: e.host.to_string(),
            status: e.status,
            stdout: e.stdout.clone(),
            stderr: e.stderr.clone(),
            failure: e.failure.clone(),
        };
        Self { hosts: executed.iter().map(host).collect() }
    }
}

impl View for ExecutedView {
    fn text(&self, paint: Paint) -> String {
        if self.hosts.is_empty() {
            return "not run: the manifest has no host whose address is known".to_owned();
        }
        let mut lines = Vec::new();
        for host in &self.hosts {
            let ending = match (&host.failure, host.status) {
                (Some(why), _) => paint.bad(why),
                (None, Some(0)) => String::new(),
                (None, Some(status)) => paint.bad(&format!("status {status}")),
                (None, None) => paint.bad("ended by a signal"),
            };
            lines.push(format!("{} {ending}", paint.strong(&host.address)).trim_end().to_owned());
            lines.extend(host.stdout.lines().chain(host.stderr.lines()).map(|line| format!("  {line}")));
        }
        lines.join("\n")
    }
}
