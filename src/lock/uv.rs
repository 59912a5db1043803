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

/// The generation before, glibc 2.17, for hosts whose own is older than that.
const OLD_LIBC: &str = "manylinux_2_17";

/// What else is handed over, beside the file of preferences and removed with it.
const PROJECT: &str = ".aether/resolve/pyproject.toml";
const CONSTRAINTS: &str = ".aether/resolve/constraints.txt";

/// The name under which the index of a variant is known to `uv`: `UV_INDEX=pytorch=http://…` puts another in its place.
const INDEX: &str = "pytorch";

/// The packages that come from such an index and from nowhere else; everything else never comes from there.
const OF_INDEX: [&str; 3] = ["torch", "torchvision", "torchaudio"];

/// What is to be resolved.
pub(super) struct Wanted {
    /// For messages.
    pub(super) subject: String,
    /// PEP 508 lines.
    pub(super) requirements: Vec<String>,
    /// What holds for packages that may come along.
    pub(super) constraints: Vec<String>,
    /// Where torch and its companions come from; none is where everything else comes from.
    pub(super) index: Option<String>,
    /// `3.12`.
    pub(super) python: String,
    /// For which processor.
    pub(super) architecture: Architecture,
    /// Whether the hosts' C library is older than today's wheels ask for.
    pub(super) has_old_glibc: bool,
    /// Versions to keep if they still fit.
    pub(super) preferred: Vec<LockedPackage>,
    /// True when the requirements are complete, so that nothing they need is looked for.
    pub(super) is_complete: bool,
}

impl Wanted {
    /// Asks for the companions of torch by name where they only came along: `uv` looks at another index only for what is
    /// asked for by name. False when there is nothing to ask for again.
    pub(super) fn ask_for_companions(&mut self, packages: &[LockedPackage]) -> bool {
        if self.index.is_none() {
            return false;
        }
        let is_asked = |name: &str| self.requirements.iter().any(|line| name_of(line) == name);
        let came = packages.iter().map(|package| &package.name);
        let missing: Vec<String> =
            came.filter(|name| OF_INDEX.contains(&name.as_str()) && !is_asked(name)).cloned().collect();
        self.requirements.extend(missing.iter().cloned());
        !missing.is_empty()
    }

    /// The requirements as a project of `uv`'s own kind, the only form that ties packages to an index.
    fn project(&self, index: &str) -> String {
        let list = |lines: &[String]| lines.iter().map(|line| format!("    {},\n", quoted(line))).collect::<String>();
        let sources: String = OF_INDEX.iter().map(|name| format!("{name} = {{ index = \"{INDEX}\" }}\n")).collect();
        format!(
            "[project]\nname = \"aether-environment\"\nversion = \"0\"\nrequires-python = \">={}\"\ndependencies = [\n{}]\n\n\
             [tool.uv]\nconstraint-dependencies = [\n{}]\n\n\
             [[tool.uv.index]]\nname = \"{INDEX}\"\nurl = {}\nexplicit = true\n\n[tool.uv.sources]\n{sources}",
            self.python,
            list(&self.requirements),
            list(&self.constraints),
            quoted(index),
        )
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn name_of(requirement: &str) -> &str {
    let end = requirement.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c));
    &requirement[..end.unwrap_or(requirement.len())]
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
    match &wanted.index {
        Some(index) => files.write(Path::new(PROJECT), wanted.project(&mirrors.moved(index)).as_bytes())?,
        None if wanted.constraints.is_empty() => {}
        None => files.write(Path::new(CONSTRAINTS), (wanted.constraints.join("\n") + "\n").as_bytes())?,
    }
    let outcome = run(wanted, mirrors, programs);
    let answer = files.read(scratch);
    for path in [SCRATCH, PROJECT, CONSTRAINTS] {
        files.remove(Path::new(path))?;
    }
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
    let platform = format!("{}-{}", wanted.architecture, if wanted.has_old_glibc { OLD_LIBC } else { LIBC });
    let (source, stdin) = match wanted.index {
        Some(_) => (PROJECT, Vec::new()),
        None => ("-", wanted.requirements.join("\n").into_bytes()),
    };
    let constraints: &[&str] =
        if wanted.index.is_none() && !wanted.constraints.is_empty() { &["--constraint", CONSTRAINTS] } else { &[] };
    let arguments = [
        "pip",
        "compile",
        source,
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
        arguments: arguments
            .iter()
            .chain(constraints)
            .copied()
            .chain(index)
            .chain(complete)
            .map(str::to_owned)
            .collect(),
        stdin,
        ..Invocation::default()
    }
}
