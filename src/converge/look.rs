//! Looking without touching: the host program in check mode, as the plan wants to see it.

use super::{ConvergeError, Job, Tools, converge, explain};
use crate::diagnostic::Diagnostic;
use crate::plan::{Look, Seen, TaskLook, Unseen};
use crate::playbook::{Mode, Status};
use crate::ports::Moment;

/// Looks at one host. A host that cannot be looked at is an answer too; what only its facts show to be wrong with a
/// playbook is the user's text, and comes back as an error.
pub fn look(job: &Job, tools: Tools<'_>) -> Result<Look, Vec<Diagnostic>> {
    let result = converge(job, Mode::Check, tools, None);
    tools.progress.report(&job.host.address, Moment::Looked);
    Ok(match result {
        Err(ConvergeError::Compile { diagnostics, .. }) => return Err(diagnostics),
        Err(error) => Look::Unseen(Unseen { why: explain(&error), fix: error.fix(), is_busy: error.is_busy() }),
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
    })
}
