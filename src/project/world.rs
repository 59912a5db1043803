//! What the rules look at: the manifest with its names indexed and `extends` followed. Nothing here is checked yet.

use super::requirement::normalized;
use crate::manifest::{self, Framework, Manifest, Section};
use crate::stack::Wheels;
use crate::yaml::Spanned;
use std::collections::{HashMap, HashSet};

/// The manifest as the rules see it.
pub(super) struct World<'a> {
    pub(super) manifest: &'a Manifest,
    /// The providers there are.
    pub(super) providers: &'a [Section],
    /// What package indexes serve.
    pub(super) wheels: &'a Wheels,
    /// Every environment with what it inherits, in the order of the manifest.
    pub(super) stacks: Vec<Stack<'a>>,
    names: HashSet<&'a str>,
}

/// An environment with what it inherits.
#[derive(Debug, Clone)]
pub(super) struct Stack<'a> {
    /// As written.
    pub(super) own: &'a manifest::Environment,
    pub(super) python: Option<&'a Spanned<String>>,
    /// In the order of [`Framework::ALL`].
    pub(super) frameworks: Vec<(&'a Spanned<Framework>, &'a Spanned<String>)>,
    /// The inherited ones first.
    pub(super) packages: Vec<&'a Spanned<String>>,
}

/// A place that hosts workloads: a host group or a cluster.
pub(super) struct Place<'a> {
    pub(super) provider: &'a Spanned<String>,
    pub(super) environments: &'a [Spanned<String>],
    pub(super) accelerators: Option<&'a Spanned<String>>,
    pub(super) architecture: Option<&'a Spanned<String>>,
}

impl<'a> World<'a> {
    pub(super) fn new(manifest: &'a Manifest, providers: &'a [Section], wheels: &'a Wheels) -> Self {
        let by_name: HashMap<&str, &manifest::Environment> =
            manifest.environments.iter().map(|e| (e.name.value.as_str(), e)).collect();
        let stacks = manifest.environments.iter().map(|own| Stack::of(own, &by_name)).collect();
        Self { manifest, providers, wheels, stacks, names: by_name.into_keys().collect() }
    }

    /// Whether an environment of that name is declared.
    pub(super) fn has_environment(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Host groups, then clusters.
    pub(super) fn places(&self) -> impl Iterator<Item = Place<'a>> {
        let groups = self.manifest.hosts.iter().map(|group| Place {
            provider: &group.provider,
            environments: &group.environments,
            accelerators: group.accelerators.as_ref(),
            architecture: group.architecture.as_ref(),
        });
        let clusters = self.manifest.clusters.iter().map(|cluster| Place {
            provider: &cluster.provider,
            environments: &cluster.environments,
            accelerators: cluster.accelerators.as_ref(),
            architecture: cluster.architecture.as_ref(),
        });
        groups.chain(clusters)
    }
}

impl<'a> Stack<'a> {
    /// Follows `extends` until it ends, leads nowhere or comes back.
    fn of(own: &'a manifest::Environment, all: &HashMap<&str, &'a manifest::Environment>) -> Self {
        let mut stack = Self { own, python: None, frameworks: Vec::new(), packages: Vec::new() };
        let mut seen = HashSet::new();
        let mut next = Some(own);
        while let Some(environment) = next.filter(|e| seen.insert(e.name.value.as_str())) {
            stack.inherit(environment);
            next = environment.extends.as_ref().and_then(|parent| all.get(parent.value.as_str()).copied());
        }
        stack.frameworks.sort_by_key(|(framework, _)| framework.value);
        stack
    }

    /// Takes over what is not there yet.
    fn inherit(&mut self, environment: &'a manifest::Environment) {
        self.python = self.python.or(environment.python.as_ref());
        for (framework, version) in &environment.frameworks {
            if self.frameworks.iter().all(|(own, _)| own.value != framework.value) {
                self.frameworks.push((framework, version));
            }
        }
        let known: HashSet<String> = self.packages.iter().map(|package| package_name(&package.value)).collect();
        let is_new = |package: &&Spanned<String>| !known.contains(&package_name(&package.value));
        self.packages.splice(0..0, environment.packages.iter().filter(is_new));
    }
}

/// The name at the start of a requirement, well-formed or not.
fn package_name(requirement: &str) -> String {
    let end = requirement.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).unwrap_or(requirement.len());
    normalized(&requirement[..end])
}
