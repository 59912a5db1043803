//! The loop: per host announce, run, write down. Hosts go side by side.

use super::{HostReport, Recorder, StepReport, StepResult};
use crate::address::Address;
use crate::converge::{ConvergeError, Job, Outcome, TaskOutcome, Tools, converge, each, explain, run_name};
use crate::plan::{Action, HostSteps, Step};
use crate::playbook::{Mode, Proof, Status};
use crate::ports::{Clock, Interrupt, Moment};
use crate::state::{Condition, Entry, Recorded, RecordedHost, TaskFailure};
use std::collections::BTreeMap;

/// One host's share of a plan.
#[derive(Debug, Clone)]
pub struct Work {
    /// Its steps.
    pub steps: HostSteps,
    /// The program that carries them out.
    pub job: Job,
    /// What is known of the host, for cleaning up after a run that nobody saw the end of.
    pub recorded: RecordedHost,
}

/// Carries out every piece of work, at most `width` hosts at a time.
pub fn apply(
    work: &[Work],
    width: usize,
    recorder: &Recorder<'_>,
    tools: Tools<'_>,
    clock: &dyn Clock,
    interrupt: &Interrupt,
) -> Vec<HostReport> {
    each(work, width, |piece| {
        if interrupt.is_set() {
            return report(piece, None, |_| StepResult::NotStarted("interrupted before it began".to_owned()));
        }
        let done = on_host(piece, recorder, tools, clock);
        let failure = done.steps.iter().find_map(|step| match &step.result {
            StepResult::Done => None,
            StepResult::Failed(why) | StepResult::NotStarted(why) => Some(why.clone()),
        });
        tools.progress.report(&piece.steps.host, Moment::Finished { failure });
        done
    })
}

fn on_host(work: &Work, recorder: &Recorder<'_>, tools: Tools<'_>, clock: &dyn Clock) -> HostReport {
    let before = work.steps.steps.iter().map(|step| recorder.recorded(&step.address)).collect();
    if let Err(error) = recorder.record(announce(work, run_name(tools.run, &work.steps.host), clock)) {
        return report(work, None, |_| StepResult::NotStarted(explain(&error)));
    }
    let pen = Pen { work, recorder, clock, before };
    if !work.steps.runs_on_host() {
        return pen.write_down(None, None, |_| StepResult::Done);
    }
    let planned: BTreeMap<Address, String> = work
        .steps
        .steps
        .iter()
        .filter(|step| !step.digest.is_empty())
        .map(|step| (step.address.clone(), step.digest.clone()))
        .collect();
    match converge(&work.job, Mode::Apply, tools, Some(&planned)) {
        Ok(outcome) => pen.write_down(Some(&outcome), None, |step| result_of(step, work, &outcome)),
        Err(error) => refused(&pen, &error, run_name(tools.run, &work.steps.host)),
    }
}

/// The entries that precede the effect.
fn announce(work: &Work, run: String, clock: &dyn Clock) -> Vec<Entry> {
    let run = work.steps.runs_on_host().then_some(run);
    let recorded = RecordedHost { run, ..work.recorded.clone() };
    let host = Entry::Host { address: work.steps.host.clone(), host: Box::new(recorded) };
    let intents = work.steps.steps.iter().map(|step| Entry::Intent {
        address: step.address.clone(),
        digest: step.digest.clone(),
        at: clock.now(),
    });
    std::iter::once(host).chain(intents).collect()
}

/// Writes down the ends of one host's steps.
struct Pen<'a> {
    work: &'a Work,
    recorder: &'a Recorder<'a>,
    clock: &'a dyn Clock,
    /// What the state said of each step's resource before the run.
    before: Vec<Option<Recorded>>,
}

impl Pen<'_> {
    /// Writes the end of each step down and reports it. `open` is the run when it may still go on there.
    fn write_down(
        &self,
        outcome: Option<&Outcome>,
        open: Option<String>,
        result: impl Fn(&Step) -> StepResult,
    ) -> HostReport {
        let facts = outcome.map_or_else(|| self.work.recorded.facts.clone(), |outcome| outcome.facts.clone());
        let recorded = RecordedHost { host: self.work.job.host.clone(), facts, run: open };
        let host = Entry::Host { address: self.work.steps.host.clone(), host: Box::new(recorded) };
        let steps = self.work.steps.steps.iter().zip(&self.before);
        let failure = outcome.and_then(failure_of);
        let ends = steps.map(|(step, before)| {
            let proofs = outcome.map_or_else(Vec::new, |outcome| proofs(step, outcome));
            self.end_of(step, before.as_ref(), &result(step), failure.as_ref(), proofs)
        });
        match self.recorder.record(std::iter::once(host).chain(ends).collect()) {
            Ok(()) => report(self.work, None, result),
            Err(error) => {
                report(self.work, None, |_| StepResult::Failed(format!("not written down: {}", explain(&error))))
            }
        }
    }

    /// The entry that follows the effect. What never began is put back to what it was.
    fn end_of(
        &self,
        step: &Step,
        before: Option<&Recorded>,
        result: &StepResult,
        failure: Option<&TaskFailure>,
        proofs: Vec<Proof>,
    ) -> Entry {
        let ended = |condition, failure| Recorded {
            digest: step.digest.clone(),
            applied: self.clock.now(),
            condition,
            failure,
            proofs,
        };
        let is_gone = matches!(step.action, Action::Delete | Action::Forget);
        let recorded = match result {
            StepResult::Done if is_gone => None,
            StepResult::Done => Some(ended(Condition::Complete, None)),
            StepResult::Failed(_) if failure.is_some() => Some(ended(Condition::Failed, failure.cloned())),
            StepResult::Failed(_) => Some(ended(Condition::Interrupted, None)),
            StepResult::NotStarted(_) => before.cloned(),
        };
        Entry::Outcome { address: step.address.clone(), recorded }
    }
}

/// What a failed task printed; of proofs, only those that failed.
fn in_words(output: &str) -> String {
    let failed: Vec<Proof> = Proof::all(output).into_iter().filter(|proof| !proof.works).collect();
    if failed.is_empty() {
        return output.to_owned();
    }
    failed.iter().map(|proof| format!("{}: {}", proof.module, proof.trouble())).collect::<Vec<_>>().join("\n")
}

/// What the tasks of a step proved.
fn proofs(step: &Step, outcome: &Outcome) -> Vec<Proof> {
    let own = outcome.tasks.iter().filter(|task| task.address == step.address);
    own.filter_map(|task| task.output.as_deref()).flat_map(Proof::all).collect()
}

fn result_of(step: &Step, work: &Work, outcome: &Outcome) -> StepResult {
    let sections = &work.job.sections;
    let place = |address: &Address| sections.iter().position(|section| section.address == *address);
    let Some(failed) = outcome.tasks.iter().find(|task| task.status == Status::Failed) else { return StepResult::Done };
    if failed.address == step.address {
        let reason = failed.reason.clone().unwrap_or_default();
        // The reason often ends with the tool's last line; when that was its only one, it is said once.
        let output = failed.output.as_deref().map(in_words).filter(|output| !reason.ends_with(output.trim_end()));
        let why = [Some(reason).filter(|reason| !reason.is_empty()), output];
        let why = why.into_iter().flatten().collect::<Vec<_>>().join(": ");
        return StepResult::Failed(format!("task `{}` failed: {why}", failed.name));
    }
    if place(&step.address) > place(&failed.address) {
        return StepResult::NotStarted(format!("`{}` failed before it", failed.address));
    }
    StepResult::Done
}

/// The task at which the program stopped, for the record.
fn failure_of(outcome: &Outcome) -> Option<TaskFailure> {
    let index = outcome.tasks.iter().position(|task| task.status == Status::Failed)?;
    let task = &outcome.tasks[index];
    Some(TaskFailure { number: index + 1, task: task.name.clone(), words: last_words(task) })
}

/// The last line that a task printed, or why it failed; at most 200 characters.
fn last_words(task: &TaskOutcome) -> String {
    let said =
        |text: &Option<String>| text.as_ref()?.lines().rev().find(|line| !line.trim().is_empty()).map(str::to_owned);
    let words = said(&task.output).or_else(|| said(&task.reason)).unwrap_or_default();
    words.trim().chars().take(200).collect()
}

/// The run did not come to its end. What was lost on the way, or waits for its host, is found again by its name.
fn refused(pen: &Pen<'_>, error: &ConvergeError, run: String) -> HostReport {
    let why = explain(error);
    let began = error.has_begun();
    let open = if error.may_go_on() { Some(run) } else { pen.work.job.before.clone().filter(|_| !began) };
    let told = pen.write_down(None, open, |_| {
        if began { StepResult::Failed(why.clone()) } else { StepResult::NotStarted(why.clone()) }
    });
    HostReport { fix: error.fix(), is_busy: error.is_busy(), ..told }
}

fn report(work: &Work, fix: Option<String>, result: impl Fn(&Step) -> StepResult) -> HostReport {
    let steps = work
        .steps
        .steps
        .iter()
        .map(|step| StepReport { address: step.address.clone(), action: step.action, result: result(step) })
        .collect();
    HostReport { host: work.steps.host.clone(), steps, fix, is_busy: false }
}
