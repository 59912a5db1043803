//! What the locked stacks of host groups take of NVIDIA's repositories: for a bundle that is made, and of one that is there.

use super::{Failure, Loaded};
use crate::bundle::{Bundle, Part, Pinned, Source, Tools, haul, names};
use crate::diagnostic::{Diagnostic, code};
use crate::ports::World;
use crate::project::{HostGroup, LockedStack, Project};
use crate::stack::System;
use std::collections::{BTreeMap, BTreeSet};

/// What no repository of NVIDIA's has, and every driver takes.
const HEADERS: &str = "linux-headers-…";

/// Packages of all groups.
#[derive(Debug, Default)]
pub(super) struct Packages {
    /// Where each lies in the bundle, and where it comes from.
    pub(super) files: BTreeMap<String, Pinned>,
    /// What comes as it is.
    pub(super) parts: Vec<Part>,
    /// ``dkms for ubuntu-24.04``: what the systems' own archives must have.
    pub(super) outside: BTreeSet<String>,
}

/// Looks up what the hosts take. `brought` are the paths in the bundle of packages that somebody brings.
pub(super) fn packages(world: &World, loaded: &Loaded, brought: &[Part]) -> Result<Packages, Failure> {
    let project = &loaded.graph.project;
    let tools = Tools { http: world.http.as_ref(), programs: world.programs.as_ref(), files: world.files.as_ref() };
    let mut packages = Packages::default();
    for (group, locked, system) in stacks(project)? {
        let folder = format!("packages/{}", system.name);
        let mut hauled = haul(group, locked, system, &project.mirrors, tools)?;
        if locked.driver.is_some() {
            hauled.outside.insert(HEADERS.to_owned());
        }
        let is_brought = |name: &String| {
            let start = name.strip_suffix('…').map_or_else(|| format!("{name}_"), str::to_owned);
            let places = [format!("{folder}/{start}"), format!("packages/{start}")];
            brought.iter().any(|part| places.iter().any(|place| part.path.starts_with(place)))
        };
        let outside = hauled.outside.iter().filter(|name| !is_brought(name));
        packages.outside.extend(outside.map(|name| format!("{name} for {}", system.name)));
        packages.files.extend(hauled.files.into_iter().map(|file| (format!("{folder}/{}", file.name), file)));
        packages.parts.extend(
            hauled.key.map(|(name, key)| Part { path: format!("{folder}/{name}"), source: Source::Bytes(key) }),
        );
    }
    Ok(packages)
}

/// Refuses a bundle that lacks what the hosts take.
pub(super) fn must_be_in(bundle: &Bundle, project: &Project) -> Result<(), Failure> {
    for (group, locked, system) in stacks(project)? {
        let (cuda, containers) = names(group, locked, system);
        bundle.must_hold(&group.name, &system.name, &[cuda, containers].concat())?;
    }
    Ok(())
}

type Stack<'a> = (&'a HostGroup, &'a LockedStack, &'static System);

/// The groups whose hosts install something, with their systems; all that cannot be packed is refused at once.
fn stacks(project: &Project) -> Result<Vec<Stack<'_>>, Failure> {
    let (mut stacks, mut problems) = (Vec::new(), Vec::new());
    for group in &project.groups {
        let Some(locked) = project.lock.stack(&group.name).filter(|locked| installs(group, locked)) else { continue };
        match system(group) {
            Ok(system) => stacks.push((group, locked, system)),
            Err(problem) => problems.push(*problem),
        }
    }
    if problems.is_empty() { Ok(stacks) } else { Err(Failure::Invalid(problems)) }
}

fn installs(group: &HostGroup, locked: &LockedStack) -> bool {
    locked.driver.is_some() || group.software.cuda_toolkit.is_some() || group.software.container_runtime.is_some()
}

fn system(group: &HostGroup) -> Result<&'static System, Box<Diagnostic>> {
    let problem = |summary: String| Diagnostic::error(&code::PACKAGES_NOT_PACKED, &group.span, summary);
    let Some(system) = group.software.system else {
        let summary =
            format!("which packages the hosts of `{}` take depends on their system, and nothing names it", group.name);
        return Err(Box::new(problem(summary).fix("say it, such as `system: ubuntu-24.04`")));
    };
    if ["ubuntu-", "debian-"].iter().any(|family| system.name.starts_with(family)) {
        return Ok(system);
    }
    let summary =
        format!("no bundle has NVIDIA's packages for {}, which the hosts of `{}` take", system.name, group.name);
    Err(Box::new(problem(summary).why("packages are packed for Debian and Ubuntu only").fix(
        "let the hosts install them from a mirror (`mirrors:`, without a bundle); or make the hosts' image with the driver \
         in it, write `driver: keep`, and leave out `cuda_toolkit` and `container_runtime`",
    )))
}
