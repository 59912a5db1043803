//! What the hosts of a group have beside environments, as wished: their system, and what of NVIDIA's is to be there.

use super::world::Place;
use crate::stack::{Driver, Module, System};
use pep440_rs::Version;

/// The word for a driver that Aether never touches.
const KEEP: &str = "keep";

/// The software of hosts or nodes themselves.
#[derive(Debug, Clone, Default)]
pub struct Software {
    /// Their operating system, where it is known.
    pub system: Option<&'static System>,
    /// What becomes of the driver.
    pub driver: DriverWish,
    /// The kind of its kernel modules.
    pub kernel_modules: Option<Module>,
    /// The CUDA release whose compiler is installed.
    pub cuda_toolkit: Option<Version>,
    /// `docker`, `containerd` or `crio`.
    pub container_runtime: Option<String>,
}

/// What becomes of the driver.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DriverWish {
    /// One that fits stays; where there is none, the branch that fits is installed.
    #[default]
    Fitting,
    /// Never touched, only checked.
    Keep,
    /// This branch or release is installed.
    Exactly(Driver),
}

impl Software {
    /// What a place says; what cannot be read was reported by a rule.
    pub(super) fn of(place: &Place<'_>) -> Self {
        let written = place.software;
        let wish = written.driver.as_ref().and_then(|text| driver(&text.value));
        let modules = written.kernel_modules.as_ref().and_then(|word| module(&word.value));
        let toolkit = written.cuda_toolkit.as_ref().and_then(|text| toolkit(&text.value).ok());
        let system = written.system.as_ref().map(|text| text.value.as_str()).or(place.implied.system);
        Self {
            system: system.and_then(System::named),
            driver: match wish {
                // Where nobody may install anything, what is there is all there is.
                None if !place.is_managed() => DriverWish::Keep,
                wish => wish.unwrap_or_default(),
            },
            kernel_modules: modules,
            cuda_toolkit: toolkit,
            container_runtime: written.container_runtime.as_ref().map(|word| word.value.clone()),
        }
    }
}

/// Reads `580`, `580.65.06` or `keep`.
pub(super) fn driver(text: &str) -> Option<DriverWish> {
    if text == KEEP { Some(DriverWish::Keep) } else { text.parse().ok().map(DriverWish::Exactly) }
}

/// Reads `12.8`. The error is false when it is no release at all, true when no table has it.
pub(super) fn toolkit(text: &str) -> Result<Version, bool> {
    let version: Version = text.parse().map_err(|_| false)?;
    let is_line = version.release().len() == 2 && version == version.only_release();
    let row = crate::stack::tables().toolkits.iter().find(|row| row.version.release().starts_with(version.release()));
    match (is_line, row) {
        (false, _) => Err(false),
        (true, None) => Err(true),
        (true, Some(_)) => Ok(version),
    }
}

fn module(word: &str) -> Option<Module> {
    match word {
        "open" => Some(Module::Open),
        "proprietary" => Some(Module::Proprietary),
        _ => None,
    }
}
