//! One call of `uv pip compile`. Says what is asked and where versions to prefer are put; reads no answer itself.

use super::{Refusal, ResolveError, pylock};
use crate::ports::{Files, Invocation, Output, ProgramError, Programs};
use crate::project::{Architecture, LockedPackage, Mirrors};
use std::path::Path;

/// The C library wheels must be content with: glibc 2.28, which Debian 10, Ubuntu 20.04 and RHEL 8 have, and which
/// torch has asked for since 2.7.
const LIBC: &str = "manylinux_2_28";

/// `uv` prefers the versions it finds in its own output file, and takes only names of this form for one.
const SCRATCH: &str = ".aether/resolve/pylock.toml";

/// What is to be resolved.
pub(super) struct Wanted {
    /// For messages.
    pub(super) subject: String,
    /// PEP 508 lines.
    pub(super) requirements: Vec<String>,
    /// `3.12`.
    pub(super) python: String,
    /// For which processor.
    pub(super) architecture: Architecture,
    /// Versions to keep if they still fit.
    pub(super) preferred: Vec<LockedPackage>,
    /// True when the requirements are complete, so that nothing they need is looked for.
    pub(super) is_complete: bool,
}

/// The packages `uv` chose, sorted by name, each with the hashes of the files that such a host can use.
pub(super) fn compile(
    wanted: &Wanted,
    mirrors: &Mirrors,
    files: &dyn Files,
    programs: &dyn Programs,
) -> Result<Vec<LockedPackage>, ResolveError> {
    let answer = answer(wanted, mirrors, files, programs)?;
    pylock::packages(&answer, &wanted.subject)
}

/// What `uv` says, in the standard's format.
pub(super) fn answer(
    wanted: &Wanted,
    mirrors: &Mirrors,
    files: &dyn Files,
    programs: &dyn Programs,
) -> Result<String, ResolveError> {
    let scratch = Path::new(SCRATCH);
    files.write(scratch, pylock::preferences(&wanted.preferred).as_bytes())?;
    let outcome = run(wanted, mirrors, programs);
    let answer = files.read(scratch);
    files.remove(scratch)?;
    outcome?;
    Ok(String::from_utf8_lossy(&answer?.unwrap_or_default()).into_owned())
}

fn run(wanted: &Wanted, mirrors: &Mirrors, programs: &dyn Programs) -> Result<(), ResolveError> {
    match programs.run(&invocation(wanted, mirrors)) {
        Ok(Output { status: Some(0), .. }) => Ok(()),
        Ok(Output { stderr, .. }) => Err(ResolveError::Refused {
            subject: wanted.subject.clone(),
            refusal: Refusal::read(&String::from_utf8_lossy(&stderr)),
        }),
        Err(ProgramError::Missing { .. }) => Err(ResolveError::UvMissing),
        Err(source) => Err(ResolveError::Run { subject: wanted.subject.clone(), source }),
    }
}

fn invocation(wanted: &Wanted, mirrors: &Mirrors) -> Invocation {
    let platform = format!("{}-{LIBC}", wanted.architecture);
    let arguments = [
        "pip",
        "compile",
        "-",
        "--quiet",
        "--color",
        "never",
        "--format",
        "pylock.toml",
        "--generate-hashes",
        "--no-python-downloads",
        "--python-version",
        &wanted.python,
        "--python-platform",
        &platform,
        "--output-file",
        SCRATCH,
    ];
    let index = mirrors.index.iter().flat_map(|index| ["--default-index", index.as_str()]);
    let complete = wanted.is_complete.then_some("--no-deps");
    Invocation {
        program: "uv".to_owned(),
        arguments: arguments.into_iter().chain(index).chain(complete).map(str::to_owned).collect(),
        stdin: wanted.requirements.join("\n").into_bytes(),
        ..Invocation::default()
    }
}
