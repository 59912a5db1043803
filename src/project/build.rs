//! [`Manifest`] and [`Lock`] → [`Project`], once every rule holds.

use super::stacks::{self, Resolved, Stacks};
use super::world::{Place, Stack, World};
use super::{
    Accelerator, Architecture, Cluster, Environment, HostGroup, Lock, LockedStack, Mirrors, Platform, Project,
    Software, rules,
};
use crate::diagnostic::Diagnostics;
use crate::manifest::{self, Framework, Manifest, Section};
use crate::stack::{self, Wheels, Wish};
use std::sync::Arc;

/// Where an environment goes when nothing uses it, so that it can still be locked and tried.
pub(super) const ANYWHERE: Platform = Platform { architecture: Architecture::X86_64, accelerator: Accelerator::Cpu };

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
        wheels: &Arc<Wheels>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let world = World::new(manifest, providers, wheels);
        rules::check(&world, diagnostics);
        let Stacks { places, environments } = stacks::resolve(&world, diagnostics);
        if diagnostics.has_errors() {
            return None;
        }
        let environments = world.stacks.iter().zip(environments);
        let environments = environments.map(|(stack, resolved)| environment(stack, resolved)).collect::<Option<_>>()?;
        let (of_groups, of_clusters) = places.split_at(manifest.hosts.len());
        Some(Self {
            name: manifest.name.value.clone(),
            environments,
            groups: groups(&world, of_groups),
            clusters: clusters(&world, of_clusters),
            max_hourly_cost: manifest.max_hourly_cost.clone(),
            lock: lock.cloned().unwrap_or_default(),
            mirrors: Mirrors::of(&manifest.mirrors),
            wheels: Arc::clone(wheels),
        })
    }
}

/// The frameworks of an environment as questions to the tables; `None` when a version cannot be read.
pub(super) fn wishes(stack: &Stack<'_>) -> Option<Vec<Wish>> {
    let wish = |framework: Framework, version: &str| Wish::new(known(framework), version).ok();
    stack.frameworks.iter().map(|(framework, version)| wish(framework.value, &version.value)).collect()
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

fn environment(stack: &Stack<'_>, resolved: Resolved) -> Option<Environment> {
    let name = &stack.own.name;
    Some(Environment {
        name: name.value.clone(),
        span: name.span.clone(),
        python: resolved.python?.to_string(),
        requirements_cpu: requirements(stack, Accelerator::Cpu)?,
        requirements_cuda: requirements(stack, Accelerator::Cuda)?,
        imports: stack.frameworks.iter().map(|(f, _)| known(f.value).import_name().to_owned()).collect(),
        platforms: resolved.builds.iter().map(|build| build.platform).collect(),
        builds: resolved.builds,
    })
}

/// What an environment asks of the package index on hosts of a kind, as written; `None` when a version cannot be read.
pub(super) fn requirements(stack: &Stack<'_>, accelerator: Accelerator) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for (framework, version) in &stack.frameworks {
        all.extend(known(framework.value).requirements(&version.value, accelerator).ok()?);
    }
    all.extend(stack.packages.iter().map(|package| package.value.trim().to_owned()));
    Some(all)
}

fn groups(world: &World<'_>, stacks: &[Option<LockedStack>]) -> Vec<HostGroup> {
    let pairs = world.manifest.hosts.iter().zip(world.places()).zip(stacks);
    let group = |((group, place), stack): ((&manifest::HostGroup, Place<'_>), &Option<LockedStack>)| HostGroup {
        name: group.name.value.clone(),
        span: group.name.span.clone(),
        provider: group.provider.clone(),
        platform: place.platform(),
        accelerators: place.gpus(),
        software: Software::of(&place),
        stack: stack.clone(),
        environments: place.environments.iter().map(|name| name.value.clone()).collect(),
        playbooks: group.playbooks.clone(),
        max_hourly_cost: group.max_hourly_cost.clone(),
        section: group.section.clone(),
    };
    pairs.map(group).collect()
}

fn clusters(world: &World<'_>, stacks: &[Option<LockedStack>]) -> Vec<Cluster> {
    let places = world.places().skip(world.manifest.hosts.len());
    let pairs = world.manifest.clusters.iter().zip(places).zip(stacks);
    let cluster = |((cluster, place), stack): ((&manifest::Cluster, Place<'_>), &Option<LockedStack>)| Cluster {
        name: cluster.name.value.clone(),
        span: cluster.name.span.clone(),
        provider: cluster.provider.clone(),
        platform: place.platform(),
        accelerators: place.gpus(),
        software: Software::of(&place),
        stack: stack.clone(),
        environments: place.environments.iter().map(|name| name.value.clone()).collect(),
        section: cluster.section.clone(),
    };
    pairs.map(cluster).collect()
}
