//! Every row of the tables as a line for people, and an answer part by part with where each was read.

use super::answer::{Answer, Choice};
use super::{Architecture, Build, Framework, Index, Wheels, tables};
use pep440_rs::Version;

/// The tables that can be listed.
pub const TABLES: [&str; 9] =
    ["torch", "tensorflow", "jax", "scikit-learn", "cuda", "driver", "gpu", "system", "image"];

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// `2.15.0 cu132 x86_64`.
    pub name: String,
    /// What is known, in short phrases.
    pub says: Vec<String>,
    /// Whether it was read at its source.
    pub is_verified: bool,
    /// Fields of a verified row that were not.
    pub unconfirmed: Vec<String>,
    /// What else there is to say.
    pub note: Option<String>,
    /// Where it was read.
    pub source: String,
    /// When: `2026-11-21`.
    pub date: String,
}

/// One part of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `pytorch`.
    pub name: &'static str,
    /// `2.14.1 cu126 from the index of PyTorch`.
    pub value: String,
    /// Where that was read; none for what was asked for or follows from the rest.
    pub source: Option<String>,
    /// Whether it was read at its source.
    pub is_confirmed: bool,
}

/// A row's fields that every row has.
macro_rules! fact {
    ($row:expr, $name:expr, $says:expr) => {
        Fact {
            name: $name,
            says: $says.into_iter().flatten().collect(),
            is_verified: $row.verified,
            unconfirmed: $row.unconfirmed.clone(),
            note: $row.note.clone(),
            source: $row.source.clone(),
            date: $row.date.to_string(),
        }
    };
}

impl Fact {
    /// Whether the row has those words in it, in lower case.
    pub fn mentions(&self, term: &str) -> bool {
        let has = |text: &str| text.to_lowercase().contains(term);
        has(&self.name) || self.says.iter().any(|says| has(says)) || self.note.as_deref().is_some_and(has)
    }
}

/// The rows of one of [`TABLES`].
pub fn facts(wheels: &Wheels, table: &str) -> Vec<Fact> {
    match table {
        "torch" => builds(wheels, Framework::Pytorch),
        "tensorflow" => builds(wheels, Framework::Tensorflow),
        "jax" => releases(wheels, Framework::Jax),
        "scikit-learn" => releases(wheels, Framework::ScikitLearn),
        "cuda" => toolkits(),
        "driver" => branches(),
        "gpu" => gpus(),
        "system" => systems(),
        "image" => images(),
        _ => Vec::new(),
    }
}

fn said<T: ToString>(what: &str, value: Option<T>) -> Option<String> {
    value.map(|value| format!("{what} {}", value.to_string()))
}

fn list<T: ToString>(what: &str, values: &[T]) -> Option<String> {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    (!values.is_empty()).then(|| format!("{what} {}", values.join(" ")))
}

fn builds(wheels: &Wheels, framework: Framework) -> Vec<Fact> {
    let rows = wheels.builds.iter().filter(|build| build.framework == framework);
    let fact = |build: &Build| {
        let versions: Vec<String> = build.versions.iter().rev().map(ToString::to_string).collect();
        let release = wheels.of(framework).find(|release| release.versions.last() == build.versions.last());
        let python = build.python.or(release.map(|release| release.python));
        fact!(
            build,
            format!("{} {} {}", versions.join(" "), build.variant, build.architecture),
            [
                python.map(|(first, last)| format!("Python {first} to {last}")),
                said("CUDA", build.cuda.as_ref()),
                said("cuDNN", build.cudnn.as_ref()),
                said("NCCL", build.nccl.as_ref()),
                match &build.code {
                    Some(code) => list("GPUs", code),
                    None => Some("GPUs not known".to_owned()),
                },
                list("compiled by the driver from", &build.ptx),
                said("glibc", release.map(|release| &release.glibc)),
                (build.index == Index::Pytorch).then(|| "from the index of PyTorch".to_owned()),
            ]
        )
    };
    rows.map(fact).collect()
}

fn releases(wheels: &Wheels, framework: Framework) -> Vec<Fact> {
    let fact = |release: &super::Release| Fact {
        name: release.versions.iter().rev().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        says: vec![format!("Python {} to {}", release.python.0, release.python.1), format!("glibc {}", release.glibc)],
        is_verified: true,
        unconfirmed: Vec::new(),
        note: None,
        source: release.source.clone(),
        date: release.date.to_string(),
    };
    wheels.of(framework).map(fact).collect()
}

fn toolkits() -> Vec<Fact> {
    let rows = tables().toolkits.iter();
    rows.map(|row| {
        let driver = row.driver.map_or_else(|| "driver not known".to_owned(), |driver| format!("driver {driver}"));
        fact!(
            row,
            row.version.to_string(),
            [Some(driver), Some(format!("loads from driver {} on", row.floor)), list("GPUs", &row.code)]
        )
    })
    .collect()
}

fn branches() -> Vec<Fact> {
    let rows = tables().branches.iter();
    rows.map(|row| {
        let window = match &row.capabilities[..] {
            [first, last] => Some(format!("GPUs {first} to {last}")),
            [first] => Some(format!("GPUs from {first} on")),
            _ => None,
        };
        fact!(
            row,
            format!("R{}", row.branch),
            [
                row.kind.clone(),
                said("support until", row.end_of_life.as_ref()),
                said("CUDA up to", row.cuda),
                window,
                list("modules", &row.modules)
            ]
        )
    })
    .collect()
}

fn gpus() -> Vec<Fact> {
    let rows = tables().gpus.iter();
    rows.map(|row| {
        fact!(
            row,
            row.name.clone(),
            [
                Some(format!("{} {}", row.generation, row.capability)),
                list("GiB", &row.memory_gib),
                said("first CUDA", Some(&row.first_cuda)),
                said("last CUDA", row.last_cuda.as_ref()),
                said("first driver R", row.first_branch).map(|text| text.replace("R ", "R")),
                said("last driver R", row.last_branch).map(|text| text.replace("R ", "R")),
                list("modules", &row.modules),
                said("host", row.host),
            ]
        )
    })
    .collect()
}

fn systems() -> Vec<Fact> {
    let rows = tables().systems.iter();
    rows.map(|row| {
        fact!(
            row,
            row.name.clone(),
            [
                said("glibc", row.glibc.as_ref()),
                said("Python", row.python),
                said(
                    "CUDA up to",
                    row.newest_cuda.as_ref().map(ToString::to_string).or(row.newest_cuda_major.map(|m| m.to_string()))
                ),
                list("driver guides", row.branches.as_deref().unwrap_or_default()),
                said("repository", row.repository.as_ref()),
            ]
        )
    })
    .collect()
}

fn images() -> Vec<Fact> {
    let rows = tables().images.iter();
    rows.map(|row| {
        fact!(row, row.system.clone(), [said("from CUDA", row.first.as_ref()), said("up to CUDA", Some(&row.last))])
    })
    .collect()
}

/// An answer, part by part.
pub fn parts(wheels: &Wheels, answer: &Answer) -> Vec<Part> {
    let plain = |name, value: Option<String>| value.map(|value| Part { name, value, source: None, is_confirmed: true });
    let row = |version: &Version| wheels.companion(version).map(|row| (row.source.clone(), row.verified));
    let torch_row = answer.torch.as_ref().and_then(|choice| row(&choice.version));
    let beside = |name, version: Option<&Version>| {
        let (source, is_confirmed) = torch_row.clone().map_or((None, true), |(source, ok)| (Some(source), ok));
        version.map(|version| Part { name, value: version.to_string(), source, is_confirmed })
    };
    let driver = answer.driver.map(|choice| {
        let branch = tables().branch(choice.driver.branch);
        let modules = choice.module.map(|module| format!(" with {module} kernel modules")).unwrap_or_default();
        let is_confirmed = branch.is_some_and(|row| row.is_confirmed("capabilities") && row.is_confirmed("modules"));
        let source = branch.map(|row| row.source.clone());
        Part { name: "driver", value: format!("{}{modules}", choice.driver), source, is_confirmed }
    });
    let chosen = |name, framework, choice: Option<&Choice>| {
        choice.map(|choice| part(wheels, name, framework, choice, answer.architecture))
    };
    [
        plain("processor", Some(answer.architecture.to_string())),
        plain("python", Some(answer.python.to_string())),
        driver,
        plain("fabric", answer.fabric.map(|fabric| format!("{fabric:?}").to_lowercase())),
        chosen("pytorch", Framework::Pytorch, answer.torch.as_ref()),
        beside("torchvision", answer.torchvision.as_ref()),
        beside("torchaudio", answer.torchaudio.as_ref()),
        chosen("tensorflow", Framework::Tensorflow, answer.tensorflow.as_ref()),
        plain("jax", answer.jax.as_ref().map(ToString::to_string)),
        plain("numpy", Some(answer.numpy.to_string())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn part(wheels: &Wheels, name: &'static str, framework: Framework, choice: &Choice, on: Architecture) -> Part {
    let row = wheels.build(framework, &choice.version, on, &choice.variant);
    let mut value = format!("{} {}", choice.version, choice.variant);
    if choice.index == Index::Pytorch {
        value.push_str(" from the index of PyTorch");
    }
    let brings =
        [said("CUDA", choice.cuda.as_ref()), said("cuDNN", choice.cudnn.as_ref()), said("NCCL", choice.nccl.as_ref())];
    let brings: Vec<String> = brings.into_iter().flatten().collect();
    match &choice.from_host {
        Some((cuda, cudnn)) => value.push_str(&format!(", on the host's own CUDA {cuda} and cuDNN {cudnn}")),
        None if !brings.is_empty() => value.push_str(&format!(", with {}", brings.join(", "))),
        None => {}
    }
    Part { name, value, source: row.map(|row| row.source.clone()), is_confirmed: row.is_some_and(|row| row.verified) }
}
