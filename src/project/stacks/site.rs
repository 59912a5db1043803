//! A place as the resolver sees it: what is known of its hosts before any framework is asked about.

use crate::project::Platform;
use crate::project::software::{DriverWish, Software};
use crate::project::world::Place;
use crate::stack::{Device, Gpu, Python, Question, tables};
use pep440_rs::Version;

/// The oldest C library that wheels of today are built for; hosts below it get wheels of the generation before.
const GLIBC_OF_WHEELS: [u64; 2] = [2, 28];

/// A host group or cluster.
pub(super) struct Site<'a> {
    pub(super) place: Place<'a>,
    pub(super) software: Software,
    pub(super) platform: Platform,
    /// Its GPU, where the tables have it.
    pub(super) gpu: Option<&'static Gpu>,
    /// How many of them a host has.
    pub(super) count: u32,
}

impl<'a> Site<'a> {
    pub(super) fn new(place: Place<'a>) -> Self {
        let gpus = place.gpus();
        Self {
            software: Software::of(&place),
            platform: place.platform(),
            gpu: gpus.as_ref().and_then(|(name, _)| tables().gpu(name)),
            count: gpus.map_or(0, |(_, count)| count),
            place,
        }
    }

    /// Whether it has accelerators of which the tables know nothing.
    pub(super) fn is_in_the_dark(&self) -> bool {
        self.count > 0 && self.gpu.is_none()
    }

    /// Everything known about the hosts.
    pub(super) fn question(&self, python: Option<Python>) -> Question {
        Question {
            device: self.gpu.map(Device::Model),
            architecture: Some(self.platform.architecture),
            system: self.software.system,
            python,
            driver: match self.software.driver {
                DriverWish::Exactly(driver) => Some(driver),
                DriverWish::Fitting | DriverWish::Keep => None,
            },
            module: self.software.kernel_modules,
            ..Question::default()
        }
    }

    /// Whether its system has an older C library than today's wheels ask for.
    pub(super) fn has_old_glibc(&self) -> bool {
        let glibc = self.software.system.and_then(|system| system.glibc.as_ref());
        glibc.is_some_and(|glibc| *glibc < Version::new(GLIBC_OF_WHEELS))
    }

    /// What an answer for it depends on, in words; nothing on hosts of which nothing special is known.
    pub(super) fn wishes(&self) -> Option<String> {
        let Some(gpu) = self.gpu else { return self.has_old_glibc().then(|| "old glibc".to_owned()) };
        let Software { system, driver, kernel_modules, .. } = &self.software;
        let parts = [
            Some(gpu.name.clone()),
            system.map(|system| system.name.clone()),
            Some(match driver {
                DriverWish::Fitting => "any driver".to_owned(),
                DriverWish::Keep => "its own driver".to_owned(),
                DriverWish::Exactly(driver) => format!("driver {driver}"),
            }),
            kernel_modules.map(|kind| format!("{kind} modules")),
        ];
        Some(parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}
