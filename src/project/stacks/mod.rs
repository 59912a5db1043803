//! One resolution over everything that is known: per environment and kind of host the builds that serve all places it
//! goes to, and per place with GPUs the driver that serves all environments there.
//!
//! Says no where nothing works, with the chain of reasons at the words that lead to it.

mod beneath;
mod build;
mod environment;
mod site;
mod toolkit;

pub use build::Build;

use super::lock::LockedStack;
use super::world::World;
use crate::diagnostic::Diagnostics;
use crate::stack::{Answer, Python};
use site::Site;

/// What became of every place and environment.
pub(super) struct Stacks {
    /// Per place, in the order of the world: what its hosts carry beneath their environments, where they have GPUs.
    pub(super) places: Vec<Option<LockedStack>>,
    /// Per environment, in the order of the world.
    pub(super) environments: Vec<Resolved>,
}

/// One environment.
#[derive(Default)]
pub(super) struct Resolved {
    /// The Python all its builds have; none where a rule had something to say.
    pub(super) python: Option<Python>,
    /// One per kind of host it goes to, sorted.
    pub(super) builds: Vec<Build>,
    /// Per place that it goes to, by number, the answer there.
    answers: Vec<(usize, Answer)>,
}

/// Resolves everything. Problems that other rules report are passed over here.
pub(super) fn resolve(world: &World<'_>, diagnostics: &mut Diagnostics) -> Stacks {
    let sites: Vec<Site<'_>> = world.places().map(Site::new).collect();
    let bare: Vec<Option<Answer>> = sites.iter().map(|site| beneath::bare(world.wheels, site, diagnostics)).collect();
    let is_sound: Vec<bool> =
        sites.iter().zip(&bare).map(|(site, bare)| site.gpu.is_none() || bare.is_some()).collect();
    let environments: Vec<Resolved> = world
        .stacks
        .iter()
        .map(|stack| environment::resolve(world.wheels, stack, &sites, &is_sound, diagnostics))
        .collect();
    let places = sites
        .iter()
        .enumerate()
        .zip(bare)
        .map(|((number, site), bare)| {
            let answers = environments.iter().flat_map(|resolved| &resolved.answers);
            let answers: Vec<&Answer> = answers.filter(|(at, _)| *at == number).map(|(_, answer)| answer).collect();
            beneath::stack(site, &bare?, &answers, world, diagnostics)
        })
        .collect();
    Stacks { places, environments }
}
