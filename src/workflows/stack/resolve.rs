//! One question to the resolver, as it is typed.

use super::{Age, known};
use crate::diagnostic::nearest;
use crate::ports::World;
use crate::stack::{
    Architecture, Device, Index, Module, Part, Question, Reason, Resolution, parts, resolve as ask, specifier, tables,
};
use crate::workflows::Failure;
use pep440_rs::VersionSpecifiers;
use std::str::FromStr;

/// What the flags say; what is `None` is left open.
#[derive(Debug, Clone, Default)]
pub struct ResolveRequest {
    /// `V100`, or a compute capability such as `7.0`.
    pub gpu: Option<String>,
    /// `x86_64` or `aarch64`.
    pub architecture: Option<String>,
    /// `ubuntu-22.04`.
    pub system: Option<String>,
    /// `3.12`.
    pub python: Option<String>,
    /// `580` or `580.65.06`.
    pub driver: Option<String>,
    /// `open` or `proprietary`.
    pub modules: Option<String>,
    /// `cu126`.
    pub variant: Option<String>,
    /// The CUDA release of an image, `12.6.3`.
    pub image: Option<String>,
    /// Only what `PyPI` serves.
    pub is_pypi_only: bool,
    /// `2.15`.
    pub pytorch: Option<String>,
    /// `0.29`.
    pub torchvision: Option<String>,
    /// `2.11`.
    pub torchaudio: Option<String>,
    /// `2.20`.
    pub tensorflow: Option<String>,
    /// `0.8`.
    pub jax: Option<String>,
    /// `<2`.
    pub numpy: Option<String>,
}

/// The answer, as plain lines.
#[derive(Debug, Clone)]
pub enum Resolved {
    /// A stack.
    Answer {
        /// Part by part.
        parts: Vec<Part>,
        /// What it rests on and nobody confirmed.
        unconfirmed: Vec<String>,
        /// When the tables were read.
        age: Age,
    },
    /// The tables do not know.
    Unknown(Reason, Age),
    /// It cannot work.
    Refused(Reason, Age),
}

/// Asks the resolver.
pub fn resolve(world: &World, request: &ResolveRequest) -> Result<Resolved, Failure> {
    let (wheels, age) = known(world)?;
    let question = question(request)?;
    Ok(match ask(&wheels, &question) {
        Resolution::Answer(answer) => {
            Resolved::Answer { parts: parts(&wheels, &answer), unconfirmed: answer.unconfirmed, age }
        }
        Resolution::Unknown(reason) => Resolved::Unknown(reason, age),
        Resolution::Refused(reason) => Resolved::Refused(reason, age),
    })
}

fn question(request: &ResolveRequest) -> Result<Question, Failure> {
    Ok(Question {
        device: request.gpu.as_deref().map(device).transpose()?,
        architecture: request.architecture.as_deref().map(architecture).transpose()?,
        system: request.system.as_deref().map(system).transpose()?,
        python: read(request.python.as_deref())?,
        driver: read(request.driver.as_deref())?,
        module: request.modules.as_deref().map(modules).transpose()?,
        index: request.is_pypi_only.then_some(Index::Pypi),
        variant: request.variant.clone(),
        image: request.image.as_deref().map(release).transpose()?,
        torch: wish(request.pytorch.as_deref())?,
        torchvision: wish(request.torchvision.as_deref())?,
        torchaudio: wish(request.torchaudio.as_deref())?,
        tensorflow: wish(request.tensorflow.as_deref())?,
        jax: wish(request.jax.as_deref())?,
        numpy: wish(request.numpy.as_deref())?,
        ..Question::default()
    })
}

fn read<T: FromStr<Err: ToString>>(text: Option<&str>) -> Result<Option<T>, Failure> {
    text.map(|text| text.parse().map_err(|error: T::Err| Failure::Usage(error.to_string()))).transpose()
}

fn wish(text: Option<&str>) -> Result<Option<VersionSpecifiers>, Failure> {
    text.map(|text| specifier(text).map_err(|error| Failure::Usage(error.to_string()))).transpose()
}

fn release(text: &str) -> Result<pep440_rs::Version, Failure> {
    let is_whole = |version: &pep440_rs::Version| version.release().len() > 1;
    text.parse()
        .ok()
        .filter(is_whole)
        .ok_or_else(|| Failure::Usage(format!("`{text}` is no CUDA release; write `12.6.3`")))
}

fn device(name: &str) -> Result<Device, Failure> {
    if let Ok(capability) = name.parse() {
        return Ok(Device::Capability(capability));
    }
    let known = || tables().gpus.iter().map(|gpu| gpu.name.as_str());
    tables().gpu(name).map(Device::Model).ok_or_else(|| unknown("GPU", name, known()))
}

fn system(name: &str) -> Result<&'static crate::stack::System, Failure> {
    let known = || tables().systems.iter().map(|system| system.name.as_str());
    tables().system(name).ok_or_else(|| unknown("operating system", name, known()))
}

fn architecture(name: &str) -> Result<Architecture, Failure> {
    match name {
        "x86_64" => Ok(Architecture::X86_64),
        "aarch64" => Ok(Architecture::Aarch64),
        _ => Err(unknown("processor", name, ["x86_64", "aarch64"].into_iter())),
    }
}

fn modules(name: &str) -> Result<Module, Failure> {
    match name {
        "open" => Ok(Module::Open),
        "proprietary" => Ok(Module::Proprietary),
        _ => Err(unknown("kind of kernel modules", name, ["open", "proprietary"].into_iter())),
    }
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let hint = nearest(name, known).map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
    Failure::Usage(format!("the tables know no {what} `{name}`{hint}; `aether stack list` shows them"))
}
