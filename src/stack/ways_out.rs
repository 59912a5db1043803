//! Ways out of a refusal. Each is tried with the resolver before it is offered.

use super::answer::{Answer, Choice};
use super::question::{Device, Question};
use super::resolve::find;
use super::rows::{Gpu, Index};
use super::table::line;
use super::tables;
use pep440_rs::VersionSpecifiers;
use std::collections::BTreeSet;

/// How many are offered.
const OFFERED: usize = 2;

/// One wish less, and how the answer to it is put.
type Way = (fn(&mut Question) -> bool, fn(&Answer) -> Option<String>);

/// Cheapest first: packages, then the environment, then the host. Each function says whether it took something back.
const WAYS: &[Way] = &[
    (|q| q.numpy.take().is_some(), |a| Some(format!("`numpy=={}`", a.numpy))),
    (|q| q.cudnn.take().is_some(), |a| Some(pinned(a, "cuDNN", |choice| choice.cudnn.as_ref()))),
    (|q| q.nccl.take().is_some(), |a| Some(pinned(a, "NCCL", |choice| choice.nccl.as_ref()))),
    (|q| q.torchvision.take().is_some(), |a| a.torchvision.as_ref().map(|version| format!("`torchvision=={version}`"))),
    (|q| q.torchaudio.take().is_some(), |_| Some("leave torchaudio out".to_owned())),
    (|q| q.variant.take().is_some(), |a| a.torch.as_ref().map(|torch| format!("the {} build", torch.variant))),
    (|q| open(&mut q.torch), |a| a.torch.as_ref().map(|torch| release("pytorch", torch))),
    (|q| open(&mut q.tensorflow), |a| a.tensorflow.as_ref().map(|tensorflow| release("tensorflow", tensorflow))),
    (|q| open(&mut q.jax), |a| a.jax.as_ref().map(|version| format!("`jax: \"{}\"`", line(version)))),
    (|q| open(&mut q.torch) & open(&mut q.tensorflow), both),
    (|q| q.python.take().is_some(), |a| Some(format!("`python: \"{}\"`", a.python))),
    (|q| q.python.take().is_some() & open(&mut q.torch), |a| with_python(a, a.torch.as_ref(), "pytorch")),
    (|q| q.python.take().is_some() & open(&mut q.tensorflow), |a| with_python(a, a.tensorflow.as_ref(), "tensorflow")),
    (|q| q.variant.take().is_some() & open(&mut q.torch), |a| a.torch.as_ref().map(|torch| release("pytorch", torch))),
    (|q| q.image.take().is_some(), |_| Some("an image of an older CUDA release, or of no CUDA at all".to_owned())),
    (|q| std::mem::take(&mut q.has_compatibility_package), |_| Some("no compatibility package".to_owned())),
    (|q| q.module.take().is_some(), modules),
    (|q| q.driver.take().is_some(), driver),
    (
        |q| q.driver.take().is_some() & open(&mut q.torch),
        |a| {
            driver(a)
                .zip(a.torch.as_ref())
                .map(|(driver, torch)| format!("{driver} with {}", release("pytorch", torch)))
        },
    ),
    (|q| q.system.take().is_some(), |_| Some("a newer operating system".to_owned())),
    (|q| q.architecture.take().is_some(), |a| Some(format!("an {} host", a.architecture))),
];

/// The cheapest ones that really lead to an answer.
pub(super) fn ways_out(question: &Question) -> Vec<String> {
    let mut offered: Vec<String> = Vec::new();
    for (relax, phrase) in WAYS {
        let mut relaxed = question.clone();
        let phrase = relax(&mut relaxed).then(|| find(&relaxed)).flatten().as_ref().and_then(phrase);
        offered.extend(phrase.filter(|phrase| !offered.iter().any(|known| phrase.contains(known))));
        if offered.len() == OFFERED {
            return offered;
        }
    }
    offered.extend(other_gpu(question));
    if offered.is_empty() {
        offered.push("no single change is enough; ask for less at once".to_owned());
    }
    offered
}

/// A newer GPU if one will do, else an older one.
fn other_gpu(question: &Question) -> Option<String> {
    let capability = question.device?.capability();
    let works =
        |gpu: &&&'static Gpu| find(&Question { device: Some(Device::Model(gpu)), ..question.clone() }).is_some();
    let host = question.device?.host();
    let mut tried = BTreeSet::new();
    let fits_host = |gpu: &&Gpu| gpu.host.is_none() || gpu.host == host;
    let mut of_kind: Vec<&'static Gpu> =
        tables().gpus.iter().filter(fits_host).filter(|gpu| tried.insert((gpu.capability, gpu.host))).collect();
    of_kind.sort_by_key(|gpu| gpu.capability);
    let newer = of_kind.iter().filter(|gpu| gpu.capability > capability).find(works);
    if let Some(gpu) = newer {
        return Some(format!("a GPU ≥ {}, such as {}", gpu.capability, gpu.name));
    }
    let older = of_kind.iter().rev().filter(|gpu| gpu.capability < capability).find(works);
    older.map(|gpu| format!("a GPU ≤ {}, such as {}", gpu.capability, gpu.name))
}

/// Any release instead of some.
fn open(wish: &mut Option<VersionSpecifiers>) -> bool {
    match wish {
        Some(specifiers) if !specifiers.is_empty() => {
            *specifiers = VersionSpecifiers::empty();
            true
        }
        _ => false,
    }
}

/// `pytorch: "2.10"`, with the index where it is not the usual one.
fn release(key: &str, choice: &Choice) -> String {
    match choice.index {
        Index::Pypi => format!("`{key}: \"{}\"`", line(&choice.version)),
        Index::Pytorch => format!("{key} {} from {}", line(&choice.version), choice.variant),
    }
}

fn both(answer: &Answer) -> Option<String> {
    let (torch, tensorflow) = answer.torch.as_ref().zip(answer.tensorflow.as_ref())?;
    Some(format!("{} with {}", release("pytorch", torch), release("tensorflow", tensorflow)))
}

fn with_python(answer: &Answer, choice: Option<&Choice>, key: &str) -> Option<String> {
    Some(format!("`python: \"{}\"` with {}", answer.python, release(key, choice?)))
}

fn pinned(answer: &Answer, library: &str, pin: fn(&Choice) -> Option<&pep440_rs::Version>) -> String {
    let mut pins = answer.torch.iter().chain(&answer.tensorflow).filter_map(pin);
    let version = pins.next().map_or_else(|| "in the release".to_owned(), ToString::to_string);
    format!("{library} {version}, as it comes")
}

fn modules(answer: &Answer) -> Option<String> {
    Some(format!("the {} kernel modules", answer.driver?.module?))
}

fn driver(answer: &Answer) -> Option<String> {
    Some(format!("driver {}", answer.driver?.driver))
}
