//! Ways out of a refusal. Each is tried with the resolver before it is offered.

use super::answer::{Answer, Choice};
use super::asked::{Asked, Wish};
use super::question::Device;
use super::release::line;
use super::resolve::found;
use super::rows::{Gpu, Index};
use super::tables;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// How many are offered.
const OFFERED: usize = 2;

/// Wishes to take back, and how the answer to what is left is put.
type Way = (&'static [Wish], fn(&Answer) -> Option<String>);

/// Cheapest first: packages, then the environment, then the host.
const WAYS: &[Way] = &[
    (&[Wish::Numpy], |a| Some(format!("`numpy=={}`", a.numpy))),
    (&[Wish::Cudnn], |a| Some(pinned(a, "cuDNN", |choice| choice.cudnn.as_ref()))),
    (&[Wish::Nccl], |a| Some(pinned(a, "NCCL", |choice| choice.nccl.as_ref()))),
    (&[Wish::Torchvision], |a| a.torchvision.as_ref().map(|version| format!("`torchvision=={version}`"))),
    (&[Wish::Torchaudio], |_| Some("leave torchaudio out".to_owned())),
    (&[Wish::Variant], |a| a.torch.as_ref().map(|torch| format!("the {} build", torch.variant))),
    (&[Wish::Torch], |a| a.torch.as_ref().map(|torch| release("pytorch", torch))),
    (&[Wish::Tensorflow], |a| a.tensorflow.as_ref().map(|tensorflow| release("tensorflow", tensorflow))),
    (&[Wish::Jax], |a| a.jax.as_ref().map(|version| format!("`jax: \"{}\"`", line(version)))),
    (&[Wish::Torch, Wish::Tensorflow], both),
    (&[Wish::Python], |a| Some(format!("`python: \"{}\"`", a.python))),
    (&[Wish::Python, Wish::Torch], |a| with_python(a, a.torch.as_ref(), "pytorch")),
    (&[Wish::Python, Wish::Tensorflow], |a| with_python(a, a.tensorflow.as_ref(), "tensorflow")),
    (&[Wish::Variant, Wish::Torch], |a| a.torch.as_ref().map(|torch| release("pytorch", torch))),
    (&[Wish::Image], |_| Some("an image of an older CUDA release, or of no CUDA at all".to_owned())),
    (&[Wish::CompatibilityPackage], |_| Some("no compatibility package".to_owned())),
    (&[Wish::Module], modules),
    (&[Wish::Driver], driver),
    (&[Wish::Driver, Wish::Torch], driver_with_torch),
    (&[Wish::System], |_| Some("a newer operating system".to_owned())),
    (&[Wish::Architecture], |a| Some(format!("an {} host", a.architecture))),
];

/// The cheapest ones that really lead to an answer.
pub(super) fn ways_out(asked: &Asked<'_>) -> Vec<String> {
    let mut offered: Vec<String> = Vec::new();
    for (wishes, phrase) in WAYS {
        let phrase = asked.without(wishes).and_then(|relaxed| phrase(&found(&relaxed)?.stack(&relaxed)));
        offered.extend(phrase.filter(|phrase| !offered.iter().any(|known| phrase.contains(known))));
        if offered.len() == OFFERED {
            return offered;
        }
    }
    offered.extend(other_gpu(asked));
    if offered.is_empty() {
        offered.push("no single change is enough; ask for less at once".to_owned());
    }
    offered
}

/// A newer GPU if one will do, else an older one.
fn other_gpu(asked: &Asked<'_>) -> Option<String> {
    let capability = asked.device?.capability();
    let host = asked.device?.host();
    // What has no answer without a GPU has none with another one.
    found(&asked.on(None))?;
    let works = |gpu: &&&'static Gpu| found(&asked.on(Some(Device::Model(gpu)))).is_some();
    let kinds = || kinds().iter().filter(|gpu| gpu.host.is_none() || gpu.host == host);
    let newer = kinds().filter(|gpu| gpu.capability > capability).find(works);
    if let Some(gpu) = newer {
        return Some(format!("a GPU ≥ {}, such as {}", gpu.capability, gpu.name));
    }
    let older = kinds().rev().filter(|gpu| gpu.capability < capability).find(works);
    older.map(|gpu| format!("a GPU ≤ {}, such as {}", gpu.capability, gpu.name))
}

/// One GPU of each capability and processor, by capability.
fn kinds() -> &'static [&'static Gpu] {
    static KINDS: LazyLock<Vec<&Gpu>> = LazyLock::new(|| {
        let mut known = BTreeSet::new();
        let mut kinds: Vec<&Gpu> =
            tables().gpus.iter().filter(|gpu| known.insert((gpu.capability, gpu.host))).collect();
        kinds.sort_by_key(|gpu| gpu.capability);
        kinds
    });
    &KINDS
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

fn driver_with_torch(answer: &Answer) -> Option<String> {
    Some(format!("{} with {}", driver(answer)?, release("pytorch", answer.torch.as_ref()?)))
}
