//! From files to a graph: everything a workflow needs to know before it touches anything.

use super::Failure;
use crate::artifacts;
use crate::bundle::Supplies;
use crate::compile;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span, code, nearest};
use crate::digest::Digest;
use crate::graph::Graph;
use crate::manifest::{self, VariableSource};
use crate::playbook::{self, Library};
use crate::ports::{FilesError, Templates, World};
use crate::project::{Lock, Mirrors, Project};
use crate::providers;
use crate::stack::{OVERLAY, Wheels};
use crate::yaml::Spanned;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The lock beside the manifest.
pub(super) const LOCK: &str = "aether.lock";

/// A project as the user names it.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// The manifest, relative to the project's folder.
    pub file: PathBuf,
    /// The profile laid over it.
    pub profile: Option<String>,
    /// `name=value`, as typed.
    pub variables: Vec<String>,
    /// Files of variables, relative to the project's folder.
    pub variable_files: Vec<PathBuf>,
}

impl Input {
    /// True when the person named no profile and no variable: only the usual manifest is meant.
    pub fn is_plain(&self) -> bool {
        self.file.as_os_str() == "aether.yaml"
            && self.profile.is_none()
            && self.variables.is_empty()
            && self.variable_files.is_empty()
    }
}

/// A project that was read, checked and linked.
pub struct Loaded {
    /// What it wants.
    pub graph: Graph,
    /// Bundled roles and the project's own playbooks.
    pub library: Library,
    /// Bundled templates and the project's own.
    pub templates: Templates,
    /// Digest of everything it was made from.
    pub inputs: String,
    /// True when there is a lock file.
    pub has_lock: bool,
    /// The bundle that hosts are served from, instead of fetching for themselves.
    pub supplies: Option<Supplies>,
    /// What is worth mending.
    pub warnings: Vec<Diagnostic>,
}

impl Loaded {
    /// Lock entries that are missing or stale: `train for x86_64 cpu`, `driver of lab`.
    pub fn stale(&self) -> Vec<String> {
        self.graph.project.stale().iter().map(|stale| stale.subject.to_string()).collect()
    }

    /// Refuses to go on with playbooks of the project's own that no host can run. Needs no lock and touches no host.
    pub fn must_have_sound_playbooks(&self) -> Result<(), Failure> {
        self.check_playbooks(|path, diagnostics| {
            playbook::check(&self.library, &playbook_alone(path), diagnostics);
        })
    }

    /// Refuses to go on with playbooks that are not there. What Aether cannot run, stock Ansible may.
    pub fn must_have_playbooks(&self) -> Result<(), Failure> {
        self.check_playbooks(|_, _| ())
    }

    /// Every playbook of the project once: it must be there, and stand what `check` has to say.
    fn check_playbooks(&self, check: impl Fn(&str, &mut Diagnostics)) -> Result<(), Failure> {
        let mut diagnostics = Diagnostics::new();
        let mut seen = BTreeSet::new();
        for path in self.graph.project.groups.iter().flat_map(|group| &group.playbooks) {
            if !seen.insert(&path.value) {
                continue;
            }
            if self.library.get(&path.value).is_none() {
                diagnostics.push(no_playbook(path));
            } else {
                check(&path.value, &mut diagnostics);
            }
        }
        if diagnostics.has_errors() { Err(Failure::Invalid(diagnostics.into_sorted())) } else { Ok(()) }
    }

    /// Refuses to go on from a lock that does not fit.
    pub fn must_be_locked(&self) -> Result<(), Failure> {
        let reasons: Vec<String> = self.graph.project.stale().iter().map(ToString::to_string).collect();
        if reasons.is_empty() { Ok(()) } else { Err(Failure::LockStale { reasons, is_missing: !self.has_lock }) }
    }
}

fn no_playbook(path: &Spanned<String>) -> Diagnostic {
    let summary = format!("there is no playbook `{}`", path.value);
    let problem = Diagnostic::error(&code::MISSING_FILE, &path.span, summary);
    if path.value.starts_with("playbooks/") {
        problem
    } else {
        problem
            .why("the project's own playbooks and roles lie below `playbooks/`, so that they are found from each other")
    }
}

/// A playbook as a section of no host.
fn playbook_alone(path: &str) -> playbook::Section {
    playbook::Section {
        label: path.to_owned(),
        entry: playbook::Entry::Playbook(path.to_owned()),
        variables: serde_json::Map::new(),
        r#become: false,
    }
}

/// What to do with a lock that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Damaged {
    /// Nothing goes on from it.
    Refused,
    /// It is about to be made anew.
    Ignored,
}

/// Reads a project. Every mistake of its texts is reported at once.
pub fn load(world: &World, input: &Input) -> Result<Loaded, Failure> {
    load_with(world, input, Damaged::Refused)
}

/// Reads a project whose lock may be damaged.
pub(super) fn load_with(world: &World, input: &Input, damaged: Damaged) -> Result<Loaded, Failure> {
    let mut diagnostics = Diagnostics::new();
    let mut inputs = Digest::default();
    let base = manifest_source(world, &input.file)?;
    let profile = input.profile.as_deref().map(|profile| profile_source(world, &input.file, profile)).transpose()?;
    let variables = variable_sources(world, input)?;
    let texts = [base.text(), profile.as_ref().map_or("", |profile| profile.text())];
    texts.into_iter().chain(variables.iter().map(text)).for_each(|text| inputs.add(format!("{}:{text}", text.len())));
    let manifest = manifest::read(&base, profile.as_ref(), &variables, &mut diagnostics);
    let lock_text = world.files.read(Path::new(LOCK)).map_err(Failure::Unreadable)?;
    inputs.add(lock_text.as_deref().unwrap_or_default());
    let lock = match lock_text.as_deref().map(|bytes| Lock::parse(&String::from_utf8_lossy(bytes))).transpose() {
        Err(_) if damaged == Damaged::Ignored => None,
        lock => lock?,
    };
    let has_lock = lock.is_some();
    let wheels = wheels(world)?;
    let sections = provider_sections();
    let project =
        manifest.and_then(|manifest| Project::build(&manifest, lock.as_ref(), &sections, &wheels, &mut diagnostics));
    let root = world.files.root();
    let graph = project.map(|project| compile::graph(project, root, providers::ALL, &mut diagnostics));
    let library = library(world, &mut inputs)?;
    let templates = templates(world, &mut diagnostics)?;
    match graph {
        Some(graph) if !diagnostics.has_errors() => {
            let warnings = diagnostics.into_sorted();
            let inputs = inputs.finish_named();
            Ok(Loaded { graph, library, templates, inputs, has_lock, supplies: None, warnings })
        }
        _ => Err(Failure::Invalid(diagnostics.into_sorted())),
    }
}

/// What package indexes serve: the embedded tables and the project's own, newer rows.
pub(super) fn wheels(world: &World) -> Result<Arc<Wheels>, Failure> {
    let overlay = world.files.read(Path::new(OVERLAY)).map_err(Failure::Unreadable)?;
    Wheels::of_project(overlay.as_deref()).map_err(|source| Failure::Overlay { source })
}

/// The mirrors of a project, which need not be there. One whose text is wrong may name mirrors that cannot be read, so
/// nothing is asked in its name.
pub(super) fn mirrors(world: &World, input: &Input) -> Result<Mirrors, Failure> {
    if input.is_plain() && world.files.read(&input.file).map_err(Failure::Unreadable)?.is_none() {
        return Ok(Mirrors::default());
    }
    let mut diagnostics = Diagnostics::new();
    let base = manifest_source(world, &input.file)?;
    let profile = input.profile.as_deref().map(|profile| profile_source(world, &input.file, profile)).transpose()?;
    let manifest = manifest::read(&base, profile.as_ref(), &variable_sources(world, input)?, &mut diagnostics);
    match manifest {
        Some(manifest) if !diagnostics.has_errors() => Ok(Mirrors::of(&manifest.mirrors)),
        _ => Err(Failure::Invalid(diagnostics.into_sorted())),
    }
}

/// What the manifest's rules know of the providers.
pub(super) fn provider_sections() -> Vec<manifest::Section> {
    providers::ALL.iter().map(|provider| provider.section()).collect()
}

fn manifest_source(world: &World, file: &Path) -> Result<Arc<Source>, Failure> {
    let folder = world.files.root().to_owned();
    source(world, file)?.ok_or_else(|| Failure::NoManifest { file: file.to_owned(), folder })
}

fn profile_source(world: &World, manifest: &Path, profile: &str) -> Result<Arc<Source>, Failure> {
    if profile.is_empty() || profile.contains('/') {
        return Err(Failure::Usage(format!("`{profile}` is no name of a profile")));
    }
    let file = profile_path(manifest, profile);
    source(world, &file)?.ok_or_else(|| Failure::NoProfile { profile: profile.to_owned(), file })
}

fn variable_file(world: &World, file: &Path) -> Result<Arc<Source>, Failure> {
    source(world, file)?.ok_or_else(|| Failure::NoVariables { file: file.to_owned() })
}

/// A text of the user's; `None` when there is no such file.
fn source(world: &World, file: &Path) -> Result<Option<Arc<Source>>, Failure> {
    let bytes = world.files.read(file).map_err(Failure::Unreadable)?;
    let source = bytes.map(|bytes| Source::from_bytes(file.display().to_string(), bytes));
    source.transpose().map_err(|problem| Failure::Invalid(vec![problem]))
}

/// `aether.yaml` and `staging` make `aether.staging.yaml`.
pub(super) fn profile_path(file: &Path, profile: &str) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let extension = file.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
    file.with_file_name(format!("{stem}.{profile}{extension}"))
}

/// Every place variables may come from; which binds more is the manifest room's rule.
fn variable_sources(world: &World, input: &Input) -> Result<Vec<VariableSource>, Failure> {
    let environment = world
        .variables
        .iter()
        .map(|(name, value)| VariableSource::Environment(Source::new(format!("AETHER_VAR_{name}"), value.as_str())));
    let mut sources: Vec<VariableSource> = environment.collect();
    for file in &input.variable_files {
        sources.push(VariableSource::File(variable_file(world, file)?));
    }
    sources.extend(input.variables.iter().map(|text| VariableSource::Flag(Source::new("--var", text.as_str()))));
    Ok(sources)
}

fn text(source: &VariableSource) -> &str {
    match source {
        VariableSource::Flag(source) | VariableSource::File(source) | VariableSource::Environment(source) => {
            source.text()
        }
    }
}

/// Bundled roles, then the project's own `playbooks/`, where `playbooks/roles/<role>` replaces a bundled role whole.
fn library(world: &World, inputs: &mut Digest) -> Result<Library, FilesError> {
    let mut library = artifacts::library();
    for (path, bytes) in below(world, "playbooks")? {
        library.insert(path, bytes);
    }
    library.prefer_own_roles();
    for path in library.paths() {
        inputs.add(path);
        inputs.add(library.get(path).unwrap_or_default());
    }
    Ok(library)
}

/// Bundled templates, then the project's own `templates/`: each stands for a bundled one, or another includes it.
fn templates(world: &World, diagnostics: &mut Diagnostics) -> Result<Templates, FilesError> {
    let mut templates = artifacts::templates();
    let own = below(world, "templates")?;
    let is_included = |name: &str| own.values().any(|bytes| String::from_utf8_lossy(bytes).contains(name));
    for (path, bytes) in &own {
        let readable = String::from_utf8_lossy(bytes).into_owned();
        let place = Span::start_of(&Source::new(path.as_str(), readable.as_str()));
        let Some(name) = path.strip_prefix("templates/") else { continue };
        if !templates.contains_key(name) && !is_included(name) {
            let problem = Diagnostic::error(&code::UNKNOWN_KEY, &place, format!("`{path}` stands for no template"));
            diagnostics.push(match nearest(name, templates.keys().map(String::as_str)) {
                Some(meant) => problem.fix(format!("did you mean `templates/{meant}`?")),
                None => problem.fix("name it after one of Aether's own, which `aether render` uses"),
            });
        } else if let Ok(text) = String::from_utf8(bytes.clone()) {
            templates.insert(name.to_owned(), text);
        } else {
            diagnostics.push(Diagnostic::error(&code::NOT_UTF8, &place, format!("`{path}` is not UTF-8")));
        }
    }
    Ok(templates)
}

fn below(world: &World, folder: &str) -> Result<BTreeMap<String, Vec<u8>>, FilesError> {
    let mut found = BTreeMap::new();
    for path in world.files.list(Path::new(folder))? {
        if let Some(bytes) = world.files.read(&path)? {
            found.insert(path.display().to_string(), bytes);
        }
    }
    Ok(found)
}
