//! Why a workflow did not do what was asked. The front turns these into words and exit codes.

use crate::apply::RecordError;
use crate::bundle::AptError;
use crate::compile::RenderFailure;
use crate::diagnostic::Diagnostic;
use crate::lock::ResolveError;
use crate::plan::{SavedPlanError, Stale};
use crate::ports::{FilesError, ProgramError, PromptError, RemoteError, StoreError};
use crate::project::LockError;
use crate::state::{EditError, FormatError, JournalError};
use std::path::PathBuf;

/// A workflow's refusal.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The user's texts have errors.
    #[error("{} must be mended first", errors(.0))]
    Invalid(Vec<Diagnostic>),
    /// The folder to work in is none.
    #[error("cannot work in the folder `{}`", folder.display())]
    NoFolder {
        /// As typed.
        folder: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// There is no manifest.
    #[error("there is no manifest `{}` in `{}`", file.display(), folder.display())]
    NoManifest {
        /// The name looked for.
        file: PathBuf,
        /// Where.
        folder: PathBuf,
    },
    /// There is no such profile.
    #[error("there is no profile `{profile}`: `{}` is missing", file.display())]
    NoProfile {
        /// As typed.
        profile: String,
        /// The file it would be in.
        file: PathBuf,
    },
    /// There is no such file of variables.
    #[error("there is no file of variables `{}`", file.display())]
    NoVariables {
        /// As typed.
        file: PathBuf,
    },
    /// The manifest or another text of the user's cannot be read.
    #[error(transparent)]
    Unreadable(FilesError),
    /// The disk refused to take a result.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The lock does not fit the manifest.
    #[error("`aether.lock` is {}: {}", if *.is_missing { "missing" } else { "stale" }, .reasons.join(", "))]
    LockStale {
        /// ``environment `train` is not locked for x86_64 cpu``.
        reasons: Vec<String>,
        /// True when there is no lock at all.
        is_missing: bool,
    },
    /// The lock cannot be read.
    #[error(transparent)]
    LockFormat(#[from] LockError),
    /// An environment cannot be resolved.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    /// A file for a bundle cannot be had.
    #[error(transparent)]
    Gather(#[from] crate::bundle::GatherError),
    /// Packages for a bundle cannot be looked up.
    #[error(transparent)]
    Apt(#[from] AptError),
    /// A bundle cannot be made or used.
    #[error(transparent)]
    Bundle(#[from] crate::bundle::BundleError),
    /// The project's own rows for the compatibility tables cannot be read.
    #[error("`{}` cannot be read", crate::stack::OVERLAY)]
    Overlay {
        /// Why.
        source: toml::de::Error,
    },
    /// A package index could not be read.
    #[error(transparent)]
    Index(#[from] crate::index::IndexError),
    /// A template is wrong, or its output.
    #[error(transparent)]
    Render(#[from] RenderFailure),
    /// The state's store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The state cannot be trusted.
    #[error("the state in `{location}` cannot be trusted")]
    State {
        /// Which folder.
        location: String,
        /// The newest generation that can be gone back to.
        newest_sound: Option<u64>,
        /// Why.
        source: FormatError,
    },
    /// The journal cannot be trusted.
    #[error("the journal in `{location}` cannot be trusted")]
    Journal {
        /// Which folder.
        location: String,
        /// The newest generation that can be gone back to.
        newest_sound: Option<u64>,
        /// Why.
        source: JournalError,
    },
    /// The record cannot be changed so.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// No such snapshot.
    #[error("generation {serial} is not kept; kept {}", if kept.is_empty() { "is none".to_owned() } else { format!("are {}", kept.join(", ")) })]
    NoGeneration {
        /// As typed.
        serial: u64,
        /// Those that are kept.
        kept: Vec<String>,
    },
    /// What was to be put in place of the state cannot be trusted.
    #[error("{from} cannot be put in place of the state")]
    Pushed {
        /// Which file or generation.
        from: String,
        /// Why.
        source: FormatError,
    },
    /// A state of another project.
    #[error("`{}` is of lineage {found}, the recorded state of {wanted}", file.display())]
    OtherLineage {
        /// Which file.
        file: PathBuf,
        /// Its lineage.
        found: String,
        /// That of the recorded state.
        wanted: String,
    },
    /// A state from before the present one.
    #[error("`{}` has serial {found}, and the recorded state has come to {present} since", file.display())]
    OlderState {
        /// Which file.
        file: PathBuf,
        /// Its serial.
        found: u64,
        /// That of the recorded state.
        present: u64,
    },
    /// What another state does not know would stand in the world with nobody to know of it.
    #[error("it would forget what stands: {}", .addresses.join(", "))]
    WouldForget {
        /// Resources that are recorded now.
        addresses: Vec<String>,
    },
    /// Something could not be written down.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The saved plan cannot be read.
    #[error("`{}` cannot be applied", file.display())]
    SavedPlan {
        /// Which file.
        file: PathBuf,
        /// Why.
        source: SavedPlanError,
    },
    /// The saved plan no longer fits.
    #[error("the plan is stale: {0}")]
    Stale(Stale),
    /// The person said no.
    #[error("not applied: the answer was not `yes`")]
    Declined,
    /// Somebody had to be asked and nobody is there.
    #[error("the plan needs a yes, and there is no terminal to ask on")]
    NeedsYes,
    /// The dialogue broke off.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// No such host.
    #[error("there is no host or host group `{name}`{}", nearest.as_ref().map(|n| format!(", did you mean `{n}`?")).unwrap_or_default())]
    NoHost {
        /// As typed.
        name: String,
        /// The nearest there is.
        nearest: Option<String>,
    },
    /// A name that several hosts have.
    #[error("`{name}` names several hosts: {}", .hosts.join(", "))]
    ManyHosts {
        /// As typed.
        name: String,
        /// All of them.
        hosts: Vec<String>,
    },
    /// A machine refused.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// A program here could not be run.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// No manifest was written.
    #[error(transparent)]
    Init(#[from] super::InitError),
    /// The request makes no sense.
    #[error("{0}")]
    Usage(String),
}

impl Failure {
    /// What to do about it, with a command to copy where there is one.
    pub fn fix(&self) -> Option<String> {
        let fix = match self {
            Self::NoFolder { .. } => {
                "name the project's folder with `-C FOLDER`, or leave it out where you stand in it"
            }
            Self::NoManifest { .. } => "write one with `aether init`, or name its folder with `-C FOLDER`",
            Self::LockStale { .. } => "resolve it: `aether lock`",
            Self::LockFormat(LockError::Format(_)) => "make it anew: `aether lock --upgrade`",
            Self::LockFormat(LockError::Version(_)) | Self::State { source: FormatError::Version(_), .. } => {
                "use the Aether that wrote it, or a newer one"
            }
            Self::Overlay { .. } | Self::Init(super::InitError::Overlay { .. }) => {
                "make it anew: remove it, then `aether stack refresh`"
            }
            Self::Resolve(ResolveError::SameFile { .. } | ResolveError::Collision { .. }) => {
                "put them into two environments; one host can carry both"
            }
            Self::Store(StoreError::Locked { .. }) => "wait for that run; the lock ends with its process",
            Self::Store(StoreError::TakenAway { .. })
            | Self::Record(RecordError::Store(StoreError::TakenAway { .. })) => {
                "this run stood still for too long; what is left is done by `aether resume`, once the other run has ended"
            }
            Self::Store(StoreError::Write { .. }) | Self::Record(RecordError::Store(StoreError::Write { .. })) => {
                "nothing that was recorded is lost; once the disk takes it, go on with `aether resume`"
            }
            Self::Journal { newest_sound, .. } | Self::State { newest_sound, .. } => {
                return Some(restore(*newest_sound));
            }
            Self::SavedPlan { .. } | Self::Stale(_) => "plan again: `aether plan -o FILE`",
            Self::NeedsYes => "review `aether plan`, then run with `--yes`",
            Self::NoHost { .. } | Self::ManyHosts { .. } => "list them with `aether graph`",
            Self::Edit(EditError::Bound { .. }) => {
                "change the manifest and apply: what has the new name is made, what has the old one goes"
            }
            Self::Edit(EditError::Tagged { .. }) => {
                "change the manifest and apply: what has the new name is made, what has the old one goes; \
                 `aether state rm` forgets it and leaves it standing"
            }
            Self::Edit(_) => "list what is recorded with `aether state list`",
            Self::NoGeneration { .. } => "list them with `aether state history`",
            Self::Pushed { .. } => "push a file that `aether state pull` wrote",
            Self::OtherLineage { .. } | Self::OlderState { .. } | Self::WouldForget { .. } => {
                "add `--force` if that is meant; the present state is kept, see `aether state history`"
            }
            Self::Bundle(error) => error.fix()?,
            Self::Apt(AptError::NoGnupg { .. }) => "install GnuPG, on Debian and Ubuntu: `apt-get install gpg gpgv`",
            _ => return None,
        };
        Some(fix.to_owned())
    }
}

/// The way back from a record that cannot be trusted.
fn restore(newest_sound: Option<u64>) -> String {
    match newest_sound {
        Some(serial) => {
            format!("nothing was changed; go back to the newest that can be read: `aether state restore {serial}`")
        }
        None => {
            "nothing was changed; no earlier one can be read: move the folder away, and `aether plan` looks at every \
                 host anew"
                .to_owned()
        }
    }
}

fn errors(diagnostics: &[Diagnostic]) -> String {
    match diagnostics.iter().filter(|d| d.severity == crate::diagnostic::Severity::Error).count() {
        1 => "1 error".to_owned(),
        count => format!("{count} errors"),
    }
}
