//! Looking without touching: the host program in check mode, as the plan wants to see it.

use super::{Job, Tools, converge, explain};
use crate::plan::{Look, Seen, TaskLook, Unseen};
use crate::playbook::{Mode, Status};
use crate::ports::Moment;

/// Looks at one host. A host that cannot be looked at is an answer too.
pub fn look(job: &Job, tools: Tools<'_>) -> Look {
    let result = converge(job, Mode::Check, tools, None);
    tools.progress.report(&job.host.address, Moment::Looked);
    match result {
        Err(error) => Look::Unseen(Unseen { why: explain(&error), fix: error.fix() }),
        Ok(outcome) => Look::Seen(Box::new(Seen {
            facts: outcome.facts,
            tasks: outcome
                .tasks
                .into_iter()
                .map(|task| TaskLook {
                    address: task.address,
                    name: task.name,
                    module: task.module,
                    status: task.status,
                    reason: task.reason.or(task.output.filter(|_| task.status == Status::Failed)),
                })
                .collect(),
            digests: outcome.digests,
        })),
    }
}
