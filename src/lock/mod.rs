//! Environments → `aether.lock`: exact versions with hashes for each kind of host, resolved by `uv`.
//!
//! What is fresh stays as it is. What is stale is resolved anew with its old versions preferred, so a lock moves only
//! where the manifest moved; `Pins::Upgrade` forgets them. Knows no flags, no manifest text and no package index.

mod change;
mod collision;
mod locate;
mod ownership;
mod pylock;
mod refusal;
mod uv;

pub use change::{Change, changes};
pub use locate::{Located, locate};
pub use ownership::Collision;
pub use refusal::Refusal;

use crate::ports::{Files, FilesError, Http, ProgramError, Programs};
use crate::project::{
    Accelerator, Architecture, Environment, Lock, LockedEnvironment, LockedPackage, LockedStack, LockedTool, Mirrors,
    Platform,
};
use uv::Wanted;

/// The lock format this engine writes.
const VERSION: u32 = 1;
/// The tool every host builds environments with, and the oldest Python that may have to install it there.
const TOOL: &str = "uv";
const TOOL_PYTHON: &str = "3.8";

/// How to resolve.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct How {
    /// What becomes of versions that are pinned already.
    pub pins: Pins,
    /// Where to ask. The answer is the same wherever the same releases are.
    pub mirrors: Mirrors,
}

/// What becomes of versions that are pinned already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pins {
    #[default]
    /// Kept as long as the manifest allows them.
    Keep,
    /// Forgotten: everything moves to the newest version that fits.
    Upgrade,
}

/// Resolving stopped; the old lock stands.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The program that resolves is not there.
    #[error("`uv` is not installed, and resolves the environments; install it with `pipx install uv`")]
    UvMissing,
    /// It is there but could not be run.
    #[error("{subject} could not be resolved")]
    Run {
        /// `environment `train` for x86_64 cuda`.
        subject: String,
        /// Why.
        source: ProgramError,
    },
    /// It ran and found no solution.
    #[error("{subject} could not be resolved: {refusal}")]
    Refused {
        /// `environment `train` for x86_64 cuda`.
        subject: String,
        /// What it said, in our words.
        refusal: Refusal,
    },
    /// It found one in a form this Aether cannot read.
    #[error("{subject}: the answer of `uv` cannot be read; Aether was tried with uv 0.13")]
    Answer {
        /// `environment `train` for x86_64 cuda`.
        subject: String,
        /// Why.
        source: toml::de::Error,
    },
    /// A package that does not come from the index has no hash to pin.
    #[error("{subject}: `{package}` is not from the package index; a lock pins only releases of an index")]
    NotFromIndex {
        /// `environment `train` for x86_64 cuda`.
        subject: String,
        /// Its name.
        package: String,
    },
    /// The index no longer has a file that is pinned, or never had one that fits.
    #[error("{subject}: the package index has no wheel of `{package}` with a hash of `aether.lock`")]
    NoWheel {
        /// `environment `train` for x86_64 cuda`.
        subject: String,
        /// `numpy==2.1.0`.
        package: String,
    },
    /// Two packages install the same files, which no installer notices.
    #[error(
        "{subject}: `{one}` and `{other}` install the same library into the same folder, for different CUDA releases"
    )]
    Collision {
        /// `environment `train` for x86_64 cuda`.
        subject: String,
        /// One of them.
        one: String,
        /// The other.
        other: String,
    },
    /// Two packages bring the same file, and the last one installed would win.
    #[error("{subject}: {} and {} both install `{}`", .collision.packages[0], .collision.packages[1], .collision.path)]
    SameFile {
        /// `environment `train` for x86_64 cuda`.
        subject: String,
        /// Which file, and whose.
        collision: Collision,
    },
    /// The folder for handing over preferred versions.
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// A lock, and what could not be made sure of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locked {
    /// What is pinned.
    pub lock: Lock,
    /// Packages whose files could not be held against those of the others, with the reason.
    pub unchecked: Vec<String>,
}

/// The lock for these environments, and for what the resolver says is beneath them. Entries of `old` that are fresh
/// are taken over to the byte; entries that no
/// environment needs any more are dropped.
pub fn resolve(
    environments: &[Environment],
    stacks: &[LockedStack],
    old: &Lock,
    how: &How,
    files: &dyn Files,
    programs: &dyn Programs,
    http: &dyn Http,
) -> Result<Locked, ResolveError> {
    let pins = how.pins;
    let mut lock = Lock { version: VERSION, ..Lock::default() };
    let mut unchecked = Vec::new();
    for environment in environments {
        for platform in &environment.platforms {
            let entry = match old.environment(&environment.name, *platform) {
                Some(entry) if pins == Pins::Keep && entry.inputs == environment.inputs(*platform) => entry.clone(),
                _ => {
                    let preferred = preferred(&lock, old, environment, *platform, pins);
                    let (entry, doubts) =
                        entry(environment, *platform, preferred, &how.mirrors, files, programs, http)?;
                    unchecked.extend(doubts);
                    entry
                }
            };
            lock.environments.push(entry);
        }
    }
    lock.stacks.extend(stacks.iter().map(|stack| match old.stack(&stack.group) {
        Some(entry) if pins == Pins::Keep && entry.inputs == stack.inputs => entry.clone(),
        _ => stack.clone(),
    }));
    lock.stacks.sort_by(|a, b| a.group.cmp(&b.group));
    lock.environments.sort_by(|a, b| (&a.name, a.platform).cmp(&(&b.name, b.platform)));
    if !lock.environments.is_empty() {
        lock.tools.push(tool(old, how, files, programs)?);
    }
    Ok(Locked { lock, unchecked })
}

/// The versions to keep where possible: the entry's own, and for what it lacks those of the environment on another
/// platform, so that an environment has the same versions everywhere unless it cannot.
fn preferred(new: &Lock, old: &Lock, environment: &Environment, platform: Platform, pins: Pins) -> Vec<LockedPackage> {
    let own = old.environment(&environment.name, platform).filter(|_| pins == Pins::Keep);
    let siblings = new.environments.iter().filter(|entry| entry.name == environment.name);
    let mut packages: Vec<LockedPackage> = Vec::new();
    for package in own.into_iter().chain(siblings).flat_map(|entry| &entry.packages) {
        if !packages.iter().any(|known| known.name == package.name) {
            packages.push(package.clone());
        }
    }
    packages
}

fn entry(
    environment: &Environment,
    platform: Platform,
    preferred: Vec<LockedPackage>,
    mirrors: &Mirrors,
    files: &dyn Files,
    programs: &dyn Programs,
    http: &dyn Http,
) -> Result<(LockedEnvironment, Vec<String>), ResolveError> {
    let build = environment.build(platform);
    let mut wanted = Wanted {
        subject: format!("environment `{}` for {platform}", environment.name),
        requirements: build.requirements,
        constraints: build.constraints,
        index: build.index.clone(),
        python: environment.python.clone(),
        architecture: platform.architecture,
        has_old_glibc: build.has_old_glibc,
        preferred,
        is_complete: false,
    };
    let mut answer = uv::answer(&wanted, mirrors, files, programs)?;
    let mut packages = pylock::packages(&answer, &wanted.subject)?;
    if wanted.ask_for_companions(&packages) {
        answer = uv::answer(&wanted, mirrors, files, programs)?;
        packages = pylock::packages(&answer, &wanted.subject)?;
    }
    let ownership = ownership::compare(&pylock::owners(&answer), files, http)?;
    if let Some(collision) = ownership.collision {
        return Err(ResolveError::SameFile { subject: wanted.subject, collision });
    }
    if let Some((one, other)) = collision::find(&packages) {
        return Err(ResolveError::Collision { subject: wanted.subject, one, other });
    }
    let locked = LockedEnvironment {
        name: environment.name.clone(),
        platform,
        python: environment.python.clone(),
        variant: build.variant,
        index: build.index,
        inputs: environment.inputs(platform),
        packages,
    };
    Ok((locked, ownership.unchecked))
}

/// `uv` itself, with the hashes of its wheels for every architecture: one line serves all hosts.
fn tool(old: &Lock, how: &How, files: &dyn Files, programs: &dyn Programs) -> Result<LockedTool, ResolveError> {
    if let (Pins::Keep, Some(tool)) = (how.pins, old.tool(TOOL)) {
        return Ok(tool.clone());
    }
    let mut tool: Option<LockedTool> = None;
    for architecture in [Architecture::X86_64, Architecture::Aarch64] {
        let exact = tool.as_ref().map_or(TOOL.to_owned(), |tool| format!("{TOOL}=={}", tool.version));
        let wanted = Wanted {
            subject: format!("the tool `{TOOL}` for {}", Platform { architecture, accelerator: Accelerator::Cpu }),
            requirements: vec![exact],
            python: TOOL_PYTHON.to_owned(),
            architecture,
            constraints: Vec::new(),
            index: None,
            has_old_glibc: false,
            preferred: Vec::new(),
            is_complete: false,
        };
        for package in uv::compile(&wanted, &how.mirrors, files, programs)? {
            let LockedPackage { name, version, hashes } = package;
            tool.get_or_insert(LockedTool { name, version, hashes: Vec::new() }).hashes.extend(hashes);
        }
    }
    let mut tool = tool.unwrap_or_else(|| unreachable!("a resolution of `{TOOL}` holds `{TOOL}`"));
    tool.hashes.sort();
    Ok(tool)
}
