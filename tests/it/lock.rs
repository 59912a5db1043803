//! `aether.lock` made by the real `uv` from small packages of the package index.

use aether::adapters::{Disk, SystemPrograms, WebClient};
use aether::diagnostic::{Source, Span};
use aether::lock::{How, Locked, Pins, Refusal, ResolveError, changes, resolve};
use aether::ports::{Invocation, Output, ProgramError, Programs};
use aether::project::{Accelerator, Architecture, Environment, Lock, Platform};
use tempfile::TempDir;

const CPU: Platform = Platform { architecture: Architecture::X86_64, accelerator: Accelerator::Cpu };
const ARM: Platform = Platform { architecture: Architecture::Aarch64, accelerator: Accelerator::Cpu };

fn environment(requirements: &[&str]) -> Environment {
    let requirements: Vec<_> = requirements.iter().map(|&line| line.to_owned()).collect();
    Environment {
        name: "train".to_owned(),
        span: Span::start_of(&Source::new("aether.yaml", "")),
        python: "3.11".to_owned(),
        requirements_cpu: requirements.clone(),
        requirements_cuda: requirements,
        imports: Vec::new(),
        platforms: vec![CPU],
        builds: Vec::new(),
    }
}

fn lock_in(folder: &TempDir, environments: &[Environment], old: &Lock, pins: Pins) -> Result<Lock, ResolveError> {
    let (files, programs) = (Disk::new(folder.path()), SystemPrograms::new(folder.path()));
    let how = How { pins, ..How::default() };
    resolve(environments, &[], old, &how, &files, &programs, &WebClient::new()).map(|locked| locked.lock)
}

fn lock(environments: &[Environment], old: &Lock, pins: Pins) -> Result<Lock, ResolveError> {
    lock_in(&TempDir::new().unwrap(), environments, old, pins)
}

/// One environment, resolved with these programs.
fn with_programs(folder: &TempDir, programs: &dyn Programs) -> Result<Locked, ResolveError> {
    let (wishes, files) = ([environment(&["idna"])], Disk::new(folder.path()));
    resolve(&wishes, &[], &Lock::default(), &How::default(), &files, programs, &WebClient::new())
}

fn version<'a>(lock: &'a Lock, package: &str) -> &'a str {
    let packages = &lock.environments[0].packages;
    &packages.iter().find(|p| p.name == package).unwrap_or_else(|| panic!("{package} is locked")).version
}

fn refusal(requirements: &[&str], python: &str) -> String {
    let environment = Environment { python: python.to_owned(), ..environment(requirements) };
    lock(&[environment], &Lock::default(), Pins::Keep).expect_err("no solution").to_string()
}

#[test]
fn every_package_is_pinned_with_the_hashes_of_what_fits_the_host() {
    let folder = TempDir::new().unwrap();
    let lock = lock_in(&folder, &[environment(&["requests==2.31", "markupsafe==3.0.2"])], &Lock::default(), Pins::Keep);
    let lock = lock.unwrap();
    let packages = &lock.environments[0].packages;
    let names: Vec<_> = packages.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["certifi", "charset-normalizer", "idna", "markupsafe", "requests", "urllib3"]);
    assert_eq!(packages[3].hashes.len(), 1, "of some sixty wheels of markupsafe one fits");
    assert!(lock.tool("uv").unwrap().hashes.len() >= 2, "a wheel of uv for each architecture");
    assert!(!folder.path().join(".aether/resolve").exists(), "nothing is left behind");
}

#[test]
fn what_is_pinned_is_enough_to_install_it() {
    let folder = TempDir::new().unwrap();
    let wishes = [environment(&["markupsafe==3.0.2", "charset-normalizer"])];
    let lock = lock_in(&folder, &wishes, &Lock::default(), Pins::Keep).unwrap();
    std::fs::write(folder.path().join("requirements.txt"), lock.environments[0].requirements()).unwrap();
    uv(&folder, &["venv", "--quiet", "--no-python-downloads", "--python", "3.11", "venv"]);
    uv(&folder, &["pip", "sync", "--quiet", "--require-hashes", "--python", "venv/bin/python", "requirements.txt"]);
}

fn uv(folder: &TempDir, arguments: &[&str]) {
    let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
    let invocation = Invocation { program: "uv".to_owned(), arguments, ..Invocation::default() };
    let output = SystemPrograms::new(folder.path()).run(&invocation).unwrap();
    assert_eq!(output.status, Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_same_wishes_give_the_same_bytes_and_the_text_reads_back() {
    let environments = [environment(&["idna", "certifi"])];
    let first = lock(&environments, &Lock::default(), Pins::Keep).unwrap();
    let again = lock(&environments, &Lock::default(), Pins::Keep).unwrap();
    assert_eq!(first.to_text(), again.to_text());
    assert_eq!(Lock::parse(&first.to_text()).unwrap(), first);
}

#[test]
fn the_text_names_no_index_and_keeps_its_shape() {
    let mut lock = lock(&[environment(&["idna==3.6"])], &Lock::default(), Pins::Keep).unwrap();
    lock.tools[0].version = "1.2.3".to_owned();
    lock.tools[0].hashes = vec!["sha256:b".to_owned(), "sha256:a".to_owned()];
    assert!(!lock.to_text().contains("http"));
    insta::assert_snapshot!(lock.to_text(), @r#"
# Written by `aether lock`: commit it, do not edit it.
version = 1

[[tool]]
name = "uv"
version = "1.2.3"
hashes = [
    "sha256:a",
    "sha256:b",
]

[[environment]]
name = "train"
platform = { architecture = "x86_64", accelerator = "cpu" }
python = "3.11"
variant = "cpu"
inputs = "sha256:97c219097f6578fb2946ac9857832f130a4e1d7b49c65417416aecdf81b4048f"

[[environment.package]]
name = "idna"
version = "3.6"
hashes = [
    "sha256:c05567e9c24a6b9faaa835c4821bad0590fbb9d5779e7caa6e1cc4978e7eb24f",
]
"#);
}

#[test]
fn pinned_versions_stay_until_an_upgrade() {
    let old = lock(&[environment(&["idna==3.6"])], &Lock::default(), Pins::Keep).unwrap();
    let wider = [environment(&["idna>=3", "certifi"])];
    assert_ne!(old.environments[0].inputs, wider[0].inputs(CPU), "it is stale");

    let kept = lock(&wider, &old, Pins::Keep).unwrap();
    assert_eq!(version(&kept, "idna"), "3.6");
    let came: Vec<_> = changes(&old, &kept).into_iter().map(|change| (change.package, change.from)).collect();
    assert_eq!(came, [("certifi".to_owned(), None)]);

    let upgraded = lock(&wider, &kept, Pins::Upgrade).unwrap();
    assert_ne!(version(&upgraded, "idna"), "3.6");
}

#[test]
fn a_fresh_entry_is_taken_over_without_asking_the_index() {
    let environments = [environment(&["idna==3.6"])];
    let old = lock(&environments, &Lock::default(), Pins::Keep).unwrap();
    let same =
        resolve(&environments, &[], &old, &How::default(), &Disk::new("/nonexistent"), &NoPrograms, &WebClient::new());
    let same = same.unwrap().lock;
    assert_eq!(same, old);
}

#[test]
fn an_environment_has_the_same_versions_on_every_platform() {
    let old = lock(&[environment(&["idna==3.6"])], &Lock::default(), Pins::Keep).unwrap();
    let both = [Environment { platforms: vec![CPU, ARM], ..environment(&["idna>=3", "markupsafe"]) }];
    let lock = lock(&both, &old, Pins::Keep).unwrap();
    let of = |platform| lock.environment("train", platform).unwrap().packages.clone();
    let versions = |platform| of(platform).into_iter().map(|p| (p.name, p.version)).collect::<Vec<_>>();
    assert_eq!(versions(CPU), versions(ARM));
    assert_ne!(of(CPU), of(ARM), "the wheels of markupsafe differ, and so do their hashes");
}

#[test]
fn an_environment_that_is_gone_leaves_the_lock() {
    let old = lock(&[environment(&["idna==3.6"])], &Lock::default(), Pins::Keep).unwrap();
    assert_eq!(lock(&[], &old, Pins::Keep).unwrap().to_text(), Lock { version: 1, ..Lock::default() }.to_text());
}

#[test]
fn a_marker_chooses_by_the_host_and_an_extra_brings_its_packages() {
    let both = Environment {
        platforms: vec![CPU, ARM],
        ..environment(&["certifi ; platform_machine == 'aarch64'", "requests[socks]==2.31"])
    };
    let lock = lock(&[both], &Lock::default(), Pins::Keep).unwrap();
    assert_eq!(version(&lock, "requests"), "2.31.0");
    assert!(lock.environments[0].packages.iter().any(|p| p.name == "pysocks"));
}

#[test]
fn a_package_the_index_does_not_have_is_named() {
    insta::assert_snapshot!(refusal(&["aether-no-such-package-of-that-name"], "3.11"), @"environment `train` for x86_64 cpu could not be resolved: the package index has no `aether-no-such-package-of-that-name`; check the spelling");
}

#[test]
fn a_version_that_does_not_exist_is_named() {
    let refusal = refusal(&["idna==1999.*"], "3.11");
    assert!(refusal.starts_with("environment `train` for x86_64 cpu could not be resolved: only idna<="), "{refusal}");
    assert!(refusal.ends_with("and the environment asks for idna==1999.*; ask for a release that exists"), "{refusal}");
}

#[test]
fn a_python_without_wheels_is_named() {
    insta::assert_snapshot!(refusal(&["jaxlib==0.6.2"], "3.9"), @"environment `train` for x86_64 cpu could not be resolved: the environment asks for CPython 3.9 (`cp39`), but there are only wheels for `jaxlib` (v0.6.2) with the following Python implementation tags: `cp310`, `cp311`, `cp312`, `cp313`; choose another release, or another `python:`");
}

#[test]
fn wishes_that_exclude_each_other_are_named() {
    insta::assert_snapshot!(refusal(&["requests==2.31", "urllib3>=3"], "3.11"), @"environment `train` for x86_64 cpu could not be resolved: requests==2.31.0 depends on urllib3>=1.21.1,<3 and the environment asks for requests==2.31, so the environment asks for urllib3>=1.21.1,<3 and the environment asks for urllib3>=3; loosen one of them, or use two environments");
}

#[test]
fn a_line_that_is_no_requirement_is_named() {
    insta::assert_snapshot!(refusal(&["requests =="], "3.11"), @"environment `train` for x86_64 cpu could not be resolved: Unexpected end of version specifier, expected version requests ==; write `name` or `name>=1.2`");
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    assert!(refusal(&["./local-folder"], "3.11").contains("local-folder"));
}

#[test]
fn an_index_that_does_not_answer_is_no_verdict_on_the_wishes() {
    let folder = TempDir::new().unwrap();
    let programs = Unplugged(SystemPrograms::new(folder.path()), folder.path().join("cache").display().to_string());
    let error = with_programs(&folder, &programs).expect_err("no network");
    assert!(matches!(&error, ResolveError::Refused { refusal: Refusal::Unreachable(_), .. }), "{error}");
    insta::assert_snapshot!(error, @"environment `train` for x86_64 cpu could not be resolved: the package index cannot be reached (no network); check the network, or what `uv` is told about indexes");
}

#[test]
fn without_uv_the_message_says_how_to_get_it() {
    let folder = TempDir::new().unwrap();
    let error = with_programs(&folder, &NoPrograms).expect_err("no uv");
    insta::assert_snapshot!(error, @"`uv` is not installed, and resolves the environments; install it with `pipx install uv`");
}

/// A machine on which nothing is installed.
struct NoPrograms;

impl Programs for NoPrograms {
    fn run(&self, invocation: &Invocation) -> Result<Output, ProgramError> {
        Err(ProgramError::Missing { program: invocation.program.clone() })
    }

    fn attach(&self, invocation: &Invocation) -> Result<i32, ProgramError> {
        Err(ProgramError::Missing { program: invocation.program.clone() })
    }
}

/// The real programs, with the network taken from `uv` and its cache in an empty folder.
struct Unplugged(SystemPrograms, String);

impl Programs for Unplugged {
    fn run(&self, invocation: &Invocation) -> Result<Output, ProgramError> {
        let mut invocation = invocation.clone();
        let variables = [("UV_OFFLINE", "1"), ("UV_CACHE_DIR", self.1.as_str())];
        invocation.environment.extend(variables.map(|(name, value)| (name.to_owned(), value.to_owned())));
        self.0.run(&invocation)
    }

    fn attach(&self, invocation: &Invocation) -> Result<i32, ProgramError> {
        self.0.attach(invocation)
    }
}
