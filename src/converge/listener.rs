//! Hears a running host program: events become outcomes and moments.

use super::{Job, TaskOutcome, Tools};
use crate::playbook::{Event, EventError, HostProgram, Mode};
use crate::ports::Moment;

/// How the stream of events ended.
pub(super) enum End {
    Missing,
    Said,
    /// The host restarts, for which it has so many seconds.
    Restarting(u64),
    Busy(String),
    Unreadable(EventError),
}

/// Turns events into outcomes and moments.
pub(super) struct Listener<'a> {
    /// The host it hears.
    pub(super) job: &'a Job,
    program: &'a HostProgram,
    mode: Mode,
    /// What the run works with.
    pub(super) tools: Tools<'a>,
    /// How the tasks ended so far.
    pub(super) tasks: Vec<TaskOutcome>,
    /// How the stream ended.
    pub(super) end: End,
    /// How many lines were heard: where to go on after a lost connection.
    pub(super) lines: usize,
    /// The task that has begun and not ended: its index.
    at: Option<usize>,
}

impl<'a> Listener<'a> {
    pub(super) fn new(job: &'a Job, program: &'a HostProgram, mode: Mode, tools: Tools<'a>) -> Self {
        Self { job, program, mode, tools, tasks: Vec::new(), end: End::Missing, lines: 0, at: None }
    }

    /// Takes one line of the program's output.
    pub(super) fn hear(&mut self, line: &str) {
        self.lines += 1;
        match Event::parse(line) {
            Ok(event) => self.take(event),
            // What comes after it may say that all went well; what it would have said is lost all the same.
            Err(error) if !matches!(self.end, End::Unreadable(_)) => self.end = End::Unreadable(error),
            Err(_) => {}
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Started { .. } => {}
            Event::TaskStarted { task } => {
                self.at = Some(task);
                if let Some(task) = self.program.tasks.get(task) {
                    self.report(Moment::TaskStarted { name: task.name.clone() });
                }
            }
            Event::TaskEnded { task, status, reason, milliseconds, output } => {
                self.at = None;
                let Some(task) = self.program.tasks.get(task) else { return };
                let Some(section) = self.job.sections.iter().find(|s| s.address.to_string() == task.section) else {
                    return;
                };
                let name = task.name.clone();
                self.tasks.push(TaskOutcome {
                    address: section.address.clone(),
                    name: name.clone(),
                    module: task.module.clone(),
                    status,
                    reason: reason.clone(),
                    output: output.clone(),
                });
                self.report(Moment::TaskEnded { name, status, reason, milliseconds, output });
            }
            Event::Restarting { timeout, .. } => self.end = End::Restarting(timeout),
            Event::Busy { owner } => self.end = End::Busy(owner),
            Event::Ended { .. } if matches!(self.end, End::Unreadable(_)) => {}
            Event::Ended { .. } => self.end = End::Said,
        }
    }

    /// The task that has begun and not ended: its place in the program, from 1, and its name.
    pub(super) fn broken_off(&self) -> Option<(usize, String)> {
        let index = self.at?;
        self.program.tasks.get(index).map(|task| (index + 1, task.name.clone()))
    }

    /// What a look finds belongs to the plan and is no news on the way.
    fn report(&self, moment: Moment) {
        if self.mode == Mode::Check {
            return;
        }
        self.tools.progress.report(&self.job.host.address, moment);
    }
}
