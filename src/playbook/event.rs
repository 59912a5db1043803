//! What a running host program says: one JSON object a line. Both ends of that wire are in this room.

use serde::{Deserialize, Serialize};

/// How a task ended. In [`Mode::Check`](super::Mode::Check), `Changed` means "would change".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// As wanted already.
    Ok,
    /// Changed, or would be.
    Changed,
    /// Its condition did not hold.
    Skipped,
    /// Not known before an earlier task has run (check mode only).
    Unknown,
    /// Went wrong; the program stops unless the task ignores errors.
    Failed,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The program runs.
    Started {
        /// Boot id of the host.
        boot: String,
    },
    /// A task began.
    TaskStarted {
        /// Index in [`HostProgram::tasks`](super::HostProgram).
        task: usize,
    },
    /// A task ended.
    TaskEnded {
        /// Index in [`HostProgram::tasks`](super::HostProgram).
        task: usize,
        /// How.
        status: Status,
        /// Why it changed or would change, was skipped or failed: `mode is 0644, wanted 0755`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// Wall time.
        #[serde(default)]
        milliseconds: u64,
        /// The end of what it printed (at most 4 KiB), secrets left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        output: Option<String>,
    },
    /// The host is about to restart; the program goes on after it when it is sent once more.
    Restarting {
        /// The task that asked for it: index in [`HostProgram::tasks`](super::HostProgram).
        task: usize,
        /// Boot id before the restart.
        boot: String,
        /// How many seconds the host may take.
        timeout: u64,
    },
    /// Another run holds this host.
    Busy {
        /// Who, as that run described itself.
        owner: String,
    },
    /// The last line: without it, the run was cut off.
    Ended {
        /// True when a task failed.
        failed: bool,
    },
}

/// A line that is no event.
#[derive(Debug, thiserror::Error)]
#[error("the host program said something that is no event: `{line}`")]
pub struct EventError {
    /// The line, shortened.
    line: String,
    source: serde_json::Error,
}

impl Event {
    /// Reads one line of a host program's standard output.
    pub fn parse(line: &str) -> Result<Self, EventError> {
        serde_json::from_str(line).map_err(|source| EventError { line: line.chars().take(200).collect(), source })
    }
}
