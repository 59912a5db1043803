//! What the rules look at: the manifest with its names indexed and `extends` followed. Nothing here is checked yet.

use super::requirement::normalized;
use super::{Accelerator, Architecture, Platform, accelerators};
use crate::diagnostic::Span;
use crate::manifest::{self, Framework, Implied, Manifest, Section};
use crate::stack::{Wheels, tables};
use crate::yaml::{Node, Spanned};
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
    pub(super) name: &'a Spanned<String>,
    pub(super) provider: &'a Spanned<String>,
    pub(super) environments: &'a [Spanned<String>],
    pub(super) accelerators: Option<&'a Spanned<String>>,
    pub(super) architecture: Option<&'a Spanned<String>>,
    pub(super) software: &'a manifest::Software,
    /// What its provider's keys say beside.
    pub(super) implied: Implied,
    pub(super) is_cluster: bool,
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
            name: &group.name,
            provider: &group.provider,
            environments: &group.environments,
            accelerators: group.accelerators.as_ref(),
            architecture: group.architecture.as_ref(),
            software: &group.software,
            implied: self.implied(&group.provider.value, &group.section),
            is_cluster: false,
        });
        let clusters = self.manifest.clusters.iter().map(|cluster| Place {
            name: &cluster.name,
            provider: &cluster.provider,
            environments: &cluster.environments,
            accelerators: cluster.accelerators.as_ref(),
            architecture: cluster.architecture.as_ref(),
            software: &cluster.software,
            implied: self.implied(&cluster.provider.value, &cluster.section),
            is_cluster: true,
        });
        groups.chain(clusters)
    }

    fn implied(&self, provider: &str, section: &Node) -> Implied {
        let known = self.providers.iter().find(|known| known.provider == provider);
        known.map_or_else(Implied::default, |known| (known.implied)(section))
    }
}

impl Place<'_> {
    /// GPU and count per host, where it has any: as written, else as its machine type has them.
    pub(super) fn gpus(&self) -> Option<(String, u32)> {
        match self.accelerators {
            Some(text) => accelerators::parse(&text.value).ok().flatten(),
            None => self.implied.accelerators.map(|(name, count)| (name.to_owned(), count)),
        }
    }

    /// Processor and accelerator. What nobody wrote, the machine type says, else the GPU that comes with its processor.
    pub(super) fn platform(&self) -> Platform {
        let gpus = self.gpus();
        let written = self.architecture.map(|word| word.value.as_str()).or(self.implied.architecture);
        let of_gpu = gpus.as_ref().and_then(|(name, _)| tables().gpu(name)?.host);
        Platform {
            architecture: match written {
                Some("aarch64") => Architecture::Aarch64,
                Some(_) => Architecture::X86_64,
                None => of_gpu.unwrap_or(Architecture::X86_64),
            },
            accelerator: if gpus.is_some() { Accelerator::Cuda } else { Accelerator::Cpu },
        }
    }

    /// Whether a driver can be installed there: by root on a host, by the GPU operator on a cluster's nodes.
    pub(super) fn is_managed(&self) -> bool {
        self.is_cluster || self.implied.is_system_managed
    }

    /// The keys about NVIDIA's software that are given, each with the place of its value.
    pub(super) fn gpu_keys(&self) -> impl Iterator<Item = (&'static str, &Span)> {
        let manifest::Software { driver, kernel_modules, cuda_toolkit, container_runtime, system: _ } = self.software;
        let keys = [
            ("driver", driver),
            ("kernel_modules", kernel_modules),
            ("cuda_toolkit", cuda_toolkit),
            ("container_runtime", container_runtime),
        ];
        keys.into_iter().filter_map(|(key, value)| Some((key, &value.as_ref()?.span)))
    }

    /// Where to point when something is wrong with its GPUs.
    pub(super) fn gpu_span(&self) -> &Span {
        &self.accelerators.unwrap_or(self.name).span
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
