//! `init`: looks at the project and the machine, asks what it cannot know, writes a commented `aether.yaml`.
//!
//! A flag answers its question beforehand. Without a terminal nothing is asked: what can be guessed is, and what
//! cannot is an error that names the flag. Installs nothing and contacts no host.

mod answers;
mod code;
mod dependencies;
mod detect;
mod machine;
mod text;
mod trial;

pub use detect::Findings;

use crate::compile;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, Source};
use crate::manifest;
use crate::ports::{Files, FilesError, Programs, Prompt, PromptError};
use crate::project::Project;
use crate::providers;
use crate::stack::{OVERLAY, Wheels};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the manifest goes unless the person says otherwise.
const FILE: &str = "aether.yaml";

/// What the flags say; `None` is asked.
#[derive(Debug, Clone)]
pub struct InitRequest {
    /// `--file`: the manifest to write, relative to the project's folder.
    pub file: PathBuf,
    /// `--name`: the project's name.
    pub name: Option<String>,
    /// `--framework`, any number: `pytorch`, `tensorflow=2.20`, `jax>=0.8`; `none` for no framework.
    pub frameworks: Option<Vec<String>>,
    /// `--package`, any number: PEP 508 requirements.
    pub packages: Option<Vec<String>>,
    /// `--python`: `3.12`.
    pub python: Option<String>,
    /// `--provider`: `local` or `ssh`.
    pub provider: Option<String>,
    /// `--address`, any number: hosts to reach over SSH; implies `--provider ssh`.
    pub addresses: Option<Vec<String>>,
    /// `--user`: login name on them; implies `--provider ssh`.
    pub user: Option<String>,
    /// `--accelerators`: `A100:8`, or `none`.
    pub accelerators: Option<String>,
    /// `--force`: replace a manifest that is there.
    pub is_forced: bool,
}

impl Default for InitRequest {
    fn default() -> Self {
        Self {
            file: FILE.into(),
            name: None,
            frameworks: None,
            packages: None,
            python: None,
            provider: None,
            addresses: None,
            user: None,
            accelerators: None,
            is_forced: false,
        }
    }
}

/// What was done.
#[derive(Debug, Clone, serde::Serialize)]
pub struct InitReport {
    /// The manifest, relative to the project's folder.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// What was found, a phrase each.
    pub found: Vec<String>,
    /// The commands to go on with.
    pub next: Vec<String>,
}

/// No manifest was written.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// There is one already.
    #[error("`{}` is there already; `--force` replaces it", path.display())]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// Nobody can be asked, and nothing can be guessed.
    #[error("{what} cannot be guessed, and there is no terminal to ask on; add `{flag}`")]
    Needed {
        /// What is not known.
        what: &'static str,
        /// The flag with an example.
        flag: &'static str,
    },
    /// An answer that is none.
    #[error("`{answer}` is no answer for `{flag}`: {why}")]
    Answer {
        /// The flag it stands for.
        flag: &'static str,
        /// What was answered.
        answer: String,
        /// Why not.
        why: String,
    },
    /// Two flags that contradict each other.
    #[error("`{flag}` does not go with `{with}`: {why}")]
    Clash {
        /// The one.
        flag: &'static str,
        /// The other.
        with: &'static str,
        /// Why not.
        why: &'static str,
    },
    /// The answers do not make a valid manifest.
    #[error("these answers do not make a valid manifest")]
    Invalid {
        /// What is wrong with it.
        problems: Vec<Diagnostic>,
    },
    /// The project's own rows for the compatibility tables cannot be read.
    #[error("`{OVERLAY}` cannot be read")]
    Overlay {
        /// Why.
        source: toml::de::Error,
    },
    /// The person left.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// The disk refused.
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// Writes the manifest from what is found, what the flags say and what the person answers.
pub fn init(
    request: &InitRequest,
    files: &dyn Files,
    programs: &dyn Programs,
    prompt: &dyn Prompt,
) -> Result<InitReport, InitError> {
    let path = request.file.as_path();
    if !request.is_forced && files.read(path)?.is_some() {
        return Err(InitError::Exists { path: path.to_owned() });
    }
    let overlay = files.read(Path::new(OVERLAY))?;
    let wheels = Wheels::of_project(overlay.as_deref()).map_err(|source| InitError::Overlay { source })?;
    let findings = detect::detect(files, programs)?;
    let answers = answers::collect(request, &findings, &wheels, prompt)?;
    let text = text::manifest(&answers);
    refuse_invalid(path, &text, files.root(), &wheels)?;
    files.write(path, text.as_bytes())?;
    let option = if path == Path::new(FILE) { String::new() } else { format!(" -f {}", path.display()) };
    let next = ["lock", "plan", "apply"].map(|verb| format!("aether {verb}{option}")).to_vec();
    Ok(InitReport { path: path.to_owned(), text, found: findings.phrases(), next })
}

/// A flag may hold anything; what is written is read back and checked before it reaches the disk.
fn refuse_invalid(path: &Path, text: &str, root: &Path, wheels: &Arc<Wheels>) -> Result<(), InitError> {
    let problems = problems(path, text, root, wheels);
    let is_valid = problems.iter().all(|problem| problem.severity != Severity::Error);
    if is_valid { Ok(()) } else { Err(InitError::Invalid { problems }) }
}

/// Everything that the manifest's rules and the providers' have to say about a text.
fn problems(path: &Path, text: &str, root: &Path, wheels: &Arc<Wheels>) -> Vec<Diagnostic> {
    let mut problems = Diagnostics::new();
    let sections = super::load::provider_sections();
    let source = Source::new(path.display().to_string(), text);
    let manifest = manifest::read(&source, None, &[], &mut problems);
    let project = manifest.and_then(|manifest| Project::build(&manifest, None, &sections, wheels, &mut problems));
    if let Some(project) = project {
        compile::graph(project, root, providers::ALL, &mut problems);
    }
    problems.into_sorted()
}
