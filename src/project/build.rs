//! [`Manifest`] and [`Lock`] → [`Project`], once every rule holds.

use super::world::{Place, Stack, World};
use super::{
    Accelerator, Architecture, Cluster, Environment, HostGroup, Lock, Mirrors, Platform, Project, accelerators, rules,
};
use crate::diagnostic::Diagnostics;
use crate::manifest::{Framework, Manifest, Section};
use crate::stack::{self, Wheels, Wish};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Where an environment goes when nothing uses it, so that it can still be locked and tried.
const ANYWHERE: Platform = Platform { architecture: Architecture::X86_64, accelerator: Accelerator::Cpu };

impl Project {
    /// Checks a manifest against every rule and applies all defaults. `providers` says which
    /// words `provider:` takes and the keys each adds, `wheels` what package indexes serve.
    ///
    /// A stale or missing lock is no mistake of the manifest: see [`Project::stale`]. `None` when `diagnostics` has
    /// errors, whoever found them.
    pub fn build(
        manifest: &Manifest,
        lock: Option<&Lock>,
        providers: &[Section],
        wheels: &Wheels,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let world = World::new(manifest, providers, wheels);
        rules::check(&world, diagnostics);
        if diagnostics.has_errors() {
            return None;
        }
        let platforms = platforms(&world);
        let environments =
            world.stacks.iter().map(|stack| environment(wheels, stack, &platforms)).collect::<Option<_>>()?;
        Some(Self {
            name: manifest.name.value.clone(),
            environments,
            groups: groups(&world),
            clusters: clusters(&world),
            lock: lock.cloned().unwrap_or_default(),
            mirrors: Mirrors::of(&manifest.mirrors),
        })
    }
}

/// The frameworks of an environment as questions to the tables; `None` when a version cannot be read.
pub(super) fn wishes(stack: &Stack<'_>) -> Option<Vec<Wish>> {
    let wish = |framework: Framework, version: &str| Wish::new(known(framework), version).ok();
    stack.frameworks.iter().map(|(framework, version)| wish(framework.value, &version.value)).collect()
}

/// Names of the environments that go to hosts with a GPU.
pub(super) fn needs_cuda<'a>(world: &World<'a>) -> HashSet<&'a str> {
    let with_gpus = world.places().filter(|place| platform(place).accelerator == Accelerator::Cuda);
    with_gpus.flat_map(|place| place.environments).map(|name| name.value.as_str()).collect()
}

/// The framework by the name that manifest and tables share.
fn known(framework: Framework) -> stack::Framework {
    match framework {
        Framework::Pytorch => stack::Framework::Pytorch,
        Framework::Tensorflow => stack::Framework::Tensorflow,
        Framework::Jax => stack::Framework::Jax,
        Framework::ScikitLearn => stack::Framework::ScikitLearn,
    }
}

/// Processor and accelerator of a place.
pub(super) fn platform(place: &Place<'_>) -> Platform {
    let architecture = match place.architecture.map(|word| word.value.as_str()) {
        Some("aarch64") => Architecture::Aarch64,
        _ => Architecture::X86_64,
    };
    let accelerator = if gpus(place).is_some() { Accelerator::Cuda } else { Accelerator::Cpu };
    Platform { architecture, accelerator }
}

/// GPU and count of a place, where it has any.
pub(super) fn gpus(place: &Place<'_>) -> Option<(String, u32)> {
    place.accelerators.and_then(|text| accelerators::parse(&text.value).ok().flatten())
}

fn platforms<'a>(world: &World<'a>) -> HashMap<&'a str, BTreeSet<Platform>> {
    let mut platforms: HashMap<&str, BTreeSet<Platform>> = HashMap::new();
    for place in world.places() {
        let platform = platform(&place);
        for name in place.environments {
            platforms.entry(&name.value).or_default().insert(platform);
        }
    }
    platforms
}

fn environment(
    wheels: &Wheels,
    stack: &Stack<'_>,
    platforms: &HashMap<&str, BTreeSet<Platform>>,
) -> Option<Environment> {
    let name = &stack.own.name;
    let python = match stack.python {
        Some(python) => python.value.clone(),
        None => stack::default_python(wheels, &wishes(stack)?).ok()?.to_string(),
    };
    let used_on = platforms.get(name.value.as_str());
    Some(Environment {
        name: name.value.clone(),
        span: name.span.clone(),
        python,
        requirements_cpu: requirements(stack, Accelerator::Cpu)?,
        requirements_cuda: requirements(stack, Accelerator::Cuda)?,
        imports: stack.frameworks.iter().map(|(f, _)| known(f.value).import_name().to_owned()).collect(),
        platforms: used_on.map_or_else(|| vec![ANYWHERE], |platforms| platforms.iter().copied().collect()),
    })
}

fn requirements(stack: &Stack<'_>, accelerator: Accelerator) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for (framework, version) in &stack.frameworks {
        all.extend(known(framework.value).requirements(&version.value, accelerator).ok()?);
    }
    all.extend(stack.packages.iter().map(|package| package.value.trim().to_owned()));
    Some(all)
}

fn groups(world: &World<'_>) -> Vec<HostGroup> {
    let pairs = world.manifest.hosts.iter().zip(world.places());
    let group = |(group, place): (&crate::manifest::HostGroup, Place<'_>)| HostGroup {
        name: group.name.value.clone(),
        span: group.name.span.clone(),
        provider: group.provider.clone(),
        platform: platform(&place),
        accelerators: gpus(&place),
        environments: place.environments.iter().map(|name| name.value.clone()).collect(),
        playbooks: group.playbooks.clone(),
        section: group.section.clone(),
    };
    pairs.map(group).collect()
}

fn clusters(world: &World<'_>) -> Vec<Cluster> {
    let pairs = world.manifest.clusters.iter().zip(world.places().skip(world.manifest.hosts.len()));
    let cluster = |(cluster, place): (&crate::manifest::Cluster, Place<'_>)| Cluster {
        name: cluster.name.value.clone(),
        span: cluster.name.span.clone(),
        provider: cluster.provider.clone(),
        platform: platform(&place),
        accelerators: gpus(&place),
        environments: place.environments.iter().map(|name| name.value.clone()).collect(),
        section: cluster.section.clone(),
    };
    pairs.map(cluster).collect()
}
