//! `bundle`: everything a locked project needs in one archive, and such an archive opened again.

use super::load::{LOCK, profile_path};
use super::{Failure, Input, Loaded, haul, load};
use crate::bundle::{Bundle, Listed, Part, Pinned, Source, Supplies, gather, pack};
use crate::lock::{How, Pins, locate};
use crate::ports::World;
use crate::project::Platform;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where wheels lie until the archive is complete; a broken-off run goes on from there.
const GATHERED: &str = ".aether/bundle";

/// What to pack.
#[derive(Debug, Clone)]
pub struct BundleRequest {
    /// The project.
    pub input: Input,
    /// Where to write the archive; `PROJECT.bundle.tar` when `None`.
    pub output: Option<PathBuf>,
    /// A folder of system packages for the hosts.
    pub packages: Option<PathBuf>,
}

/// What is in a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleReport {
    /// The archive.
    pub file: PathBuf,
    /// The project's name.
    pub project: String,
    /// Its parts.
    pub files: Vec<Listed>,
    /// Packages that the hosts' own systems must have, as ``dkms for ubuntu-24.04``; known only while it is made.
    pub outside: Vec<String>,
}

/// Makes a bundle of everything the lock pins.
pub fn bundle(world: &World, request: &BundleRequest) -> Result<BundleReport, Failure> {
    let loaded = load(world, &request.input)?;
    loaded.must_have_sound_playbooks()?;
    loaded.must_be_locked()?;
    let mut parts = project_parts(world, &request.input)?;
    let brought = packages(world, request.packages.as_deref())?;
    let hauled = haul::packages(world, &loaded, &brought)?;
    parts.extend(brought.into_iter().chain(hauled.parts));
    let wheels = wheels(world, &loaded)?;
    let wheels = wheels.into_iter().map(|wheel| (format!("wheels/{}", wheel.name), wheel));
    let pinned: Vec<(String, Pinned)> = wheels.chain(hauled.files).collect();
    let gathered = Path::new(GATHERED);
    for (path, pinned) in &pinned {
        let file = gather(pinned, gathered, world.http.as_ref(), world.large.as_ref())?;
        parts.push(Part { path: path.clone(), source: Source::File(file) });
    }
    parts.push(Part { path: "aether".to_owned(), source: Source::OwnProgram });
    let project = &loaded.graph.project.name;
    parts.push(Part { path: "README.md".to_owned(), source: Source::Bytes(readme(project, &request.input.file)) });
    let file = request.output.clone().unwrap_or_else(|| format!("{project}.bundle.tar").into());
    let list = pack(project, &lock_text(world)?, parts, &file, world.large.as_ref())?;
    for (_, pinned) in &pinned {
        world.files.remove(&gathered.join(&pinned.sha256))?;
    }
    Ok(BundleReport { file, project: list.project, files: list.files, outside: hauled.outside.into_iter().collect() })
}

/// Opens a bundle and holds it against the project.
pub fn check_bundle(world: &World, input: &Input, file: &Path) -> Result<BundleReport, Failure> {
    let loaded = load(world, input)?;
    loaded.must_be_locked()?;
    let supplies = supplies(world, &loaded, file)?;
    let list = supplies.bundle.list().clone();
    Ok(BundleReport { file: file.to_owned(), project: list.project, files: list.files, outside: Vec::new() })
}

/// The bundle as the only source of a project's hosts.
pub(super) fn supplies(world: &World, loaded: &Loaded, file: &Path) -> Result<Supplies, Failure> {
    let project = &loaded.graph.project;
    let bundle = Bundle::open(file, Arc::clone(&world.large))?;
    let wanted: Vec<(&str, Platform)> = project
        .groups
        .iter()
        .flat_map(|group| group.environments.iter().map(|name| (name.as_str(), group.platform)))
        .collect();
    bundle.must_fit(&project.lock, &lock_text(world)?, &wanted)?;
    haul::must_be_in(&bundle, project)?;
    Ok(Supplies { bundle, lock: project.lock.clone() })
}

fn lock_text(world: &World) -> Result<Vec<u8>, Failure> {
    Ok(world.files.read(Path::new(LOCK)).map_err(Failure::Unreadable)?.unwrap_or_default())
}

fn wheels(world: &World, loaded: &Loaded) -> Result<Vec<Pinned>, Failure> {
    let project = &loaded.graph.project;
    let how = How { pins: Pins::Keep, mirrors: project.mirrors.clone() };
    let located = locate(&project.lock, &how, world.files.as_ref(), world.programs.as_ref())?;
    // One file may lie at several addresses.
    let mut seen = BTreeSet::new();
    let wheels = located.into_iter().map(|file| Pinned { name: file.name, url: file.url, sha256: file.sha256 });
    Ok(wheels.filter(|wheel| seen.insert(wheel.name.clone())).collect())
}

/// Manifest, profile, lock, playbooks and templates. Files of variables stay out: they may hold secrets.
fn project_parts(world: &World, input: &Input) -> Result<Vec<Part>, Failure> {
    let mut paths = vec![input.file.clone(), LOCK.into()];
    paths.extend(input.profile.as_deref().map(|profile| profile_path(&input.file, profile)));
    for folder in ["playbooks", "templates"] {
        paths.extend(world.files.list(Path::new(folder))?);
    }
    let part = |path: PathBuf| {
        let name = path.strip_prefix(world.files.root()).unwrap_or(&path).display().to_string();
        Part { path: format!("project/{name}"), source: Source::File(path) }
    };
    Ok(paths.into_iter().map(part).collect())
}

/// Every Debian and RPM package below a folder, by its path there.
fn packages(world: &World, folder: Option<&Path>) -> Result<Vec<Part>, Failure> {
    let Some(folder) = folder else { return Ok(Vec::new()) };
    let is_package = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "deb" || kind == "rpm");
    let found: Vec<PathBuf> = world.files.list(folder)?.into_iter().filter(is_package).collect();
    if found.is_empty() {
        let folder = folder.display();
        return Err(Failure::Usage(format!(
            "there is no package in `{folder}`: no file there ends with `.deb` or `.rpm`"
        )));
    }
    let part = |path: PathBuf| {
        let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        Part { path: format!("packages/{name}"), source: Source::File(path) }
    };
    Ok(found.into_iter().map(part).collect())
}

fn readme(project: &str, manifest: &Path) -> Vec<u8> {
    let file = match manifest.to_str() {
        Some("aether.yaml") | None => String::new(),
        Some(other) => format!(" --file {other}"),
    };
    format!(
        "# {project}\n\nEverything that `aether.lock` pins, for hosts that reach no network. Where it is to be applied:\n\n\
         ```sh\nsha256sum -c SHA256SUMS\ncd project\n../aether apply{file} --bundle ../../{project}.bundle.tar\n```\n\n\
         `bundle.json` lists every part. Made by Aether {}.\n",
        env!("CARGO_PKG_VERSION"),
    )
    .into_bytes()
}
