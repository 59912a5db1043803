//! Every refusal as words, as JSON and as an exit code. The one place that knows all three.

use crate::apply::RecordError;
use crate::diagnostic::{Diagnostic, Style, to_json, to_text};
use crate::ports::{PromptError, StoreError};
use crate::workflows::{Failure, InitError};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::error::Error;
use std::process::ExitCode;

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All done.
    Done,
    /// Something went wrong.
    Failed,
    /// Changes are pending, and the user wanted to know by the exit code.
    Pending,
    /// Somebody holds the lock, or the plan is stale.
    Held,
    /// Some hosts are done and some are not.
    Partly,
    /// The command line makes no sense.
    Usage,
    /// The manifest, the lock or a playbook is invalid.
    Invalid,
    /// A mistake of Aether's.
    Bug,
    /// The person stopped it.
    Interrupted,
}

impl Exit {
    /// The number; stable, and listed in `docs/ARCHITECTURE.md`.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Pending => 2,
            Self::Held => 3,
            Self::Partly => 4,
            Self::Usage => 64,
            Self::Invalid => 65,
            Self::Bug => 70,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// The exit code of a failure.
pub fn exit(failure: &Failure) -> Exit {
    match failure {
        Failure::Invalid(_)
        | Failure::NoManifest { .. }
        | Failure::NoProfile { .. }
        | Failure::NoVariables { .. }
        | Failure::Unreadable(_)
        | Failure::LockStale { .. }
        | Failure::LockFormat(_)
        | Failure::Bundle(_)
        | Failure::Overlay { .. }
        | Failure::SavedPlan { .. }
        | Failure::Pushed { .. }
        | Failure::Init(InitError::Invalid { .. } | InitError::Overlay { .. }) => Exit::Invalid,
        Failure::Store(StoreError::Locked { .. } | StoreError::TakenAway { .. })
        | Failure::Record(RecordError::Store(StoreError::TakenAway { .. }))
        | Failure::Stale(_) => Exit::Held,
        Failure::Prompt(PromptError::Cancelled { .. })
        | Failure::Init(InitError::Prompt(PromptError::Cancelled { .. })) => Exit::Interrupted,
        Failure::Usage(_)
        | Failure::NoFolder { .. }
        | Failure::NoHost { .. }
        | Failure::ManyHosts { .. }
        | Failure::NeedsYes
        | Failure::Edit(_)
        | Failure::NoGeneration { .. }
        | Failure::Init(InitError::Needed { .. } | InitError::Answer { .. } | InitError::Clash { .. })
        | Failure::Prompt(PromptError::NoTerminal { .. }) => Exit::Usage,
        Failure::Render(crate::compile::RenderFailure::Verify(_)) => Exit::Bug,
        _ => Exit::Failed,
    }
}

/// A failure for people: diagnostics with their excerpts, or one line with its causes, then the way out.
pub fn text(failure: &Failure, style: Style) -> String {
    let mut lines: Vec<String> = diagnostics(failure).iter().map(|d| to_text(d, style) + "\n").collect();
    lines.push(format!("error: {failure}"));
    lines.extend(causes(failure).into_iter().map(|cause| format!("  because: {cause}")));
    lines.extend(failure.fix().map(|fix| format!("  fix: {fix}")));
    lines.join("\n")
}

/// A failure for programs: the one document on stdout when a command does not do what was asked.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FailureView {
    error: ErrorView,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ErrorView {
    /// What went wrong.
    message: String,
    /// Its causes, nearest first.
    causes: Vec<String>,
    /// What to do about it.
    fix: Option<String>,
    /// The exit code of the command.
    exit_code: u8,
    /// Mistakes in the user's texts, with their places.
    diagnostics: Vec<Value>,
}

impl From<&Failure> for FailureView {
    fn from(failure: &Failure) -> Self {
        let error = ErrorView {
            message: failure.to_string(),
            causes: causes(failure),
            fix: failure.fix(),
            exit_code: exit(failure).code(),
            diagnostics: diagnostics(failure).iter().map(to_json).collect(),
        };
        Self { error }
    }
}

fn diagnostics(failure: &Failure) -> &[Diagnostic] {
    match failure {
        Failure::Invalid(diagnostics) | Failure::Init(InitError::Invalid { problems: diagnostics }) => diagnostics,
        _ => &[],
    }
}

fn causes(error: &dyn Error) -> Vec<String> {
    let mut causes = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    causes
}
