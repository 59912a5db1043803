//! What `aether lock` asks the package index for, per kind of host.

use crate::project::mirrors::TORCH_INDEX;
use crate::project::requirement::Requirement;
use crate::project::{Accelerator, Platform};
use crate::stack::{Answer, Choice, Index};

/// One environment on one kind of host, with what the resolver answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// The kind of host.
    pub platform: Platform,
    /// `cpu`, or the CUDA variant of its framework such as `cu126`; none where the tables know none.
    pub variant: Option<String>,
    /// The project index that torch and its companions come from; none is `PyPI`.
    pub index: Option<String>,
    /// PEP 508 requirements, frameworks first, as exact as the resolver's answer.
    pub requirements: Vec<String>,
    /// What holds for packages that nobody asked for by name but that may come along.
    pub constraints: Vec<String>,
    /// Whether some hosts have an older C library than today's wheels ask for.
    pub has_old_glibc: bool,
    /// What the answer depends on beside the requirements: one line per kind of GPU, system and driver.
    pub wishes: Vec<String>,
}

impl Build {
    /// What is asked for before anything is resolved.
    pub(in crate::project) fn as_written(platform: Platform, requirements: Vec<String>) -> Self {
        Self {
            platform,
            variant: (platform.accelerator == Accelerator::Cpu).then(|| "cpu".to_owned()),
            index: None,
            requirements,
            constraints: Vec::new(),
            has_old_glibc: false,
            wishes: Vec::new(),
        }
    }

    /// Fills in what the resolver answered for GPUs: the exact releases of torch and tensorflow, and what goes with them.
    pub(super) fn settle(&mut self, answer: &Answer) {
        if let Some(torch) = &answer.torch {
            self.pin("torch", "torch", torch);
            self.index = (torch.index == Index::Pytorch).then(|| format!("{TORCH_INDEX}/{}", torch.variant));
            let companions = [("torchvision", &answer.torchvision), ("torchaudio", &answer.torchaudio)];
            let beside = companions.into_iter().filter_map(|(name, version)| Some((name, version.as_ref()?)));
            self.constraints.extend(beside.map(|(name, version)| format!("{name}=={version}")));
        }
        if let Some(tensorflow) = &answer.tensorflow {
            self.pin("tensorflow", "tensorflow[and-cuda]", tensorflow);
        }
        self.hold_numpy(answer);
        self.variant = answer.torch.as_ref().or(answer.tensorflow.as_ref()).map(|choice| choice.variant.clone());
    }

    /// An old torch breaks with a new `NumPy`, and no wheel says so.
    pub(super) fn hold_numpy(&mut self, answer: &Answer) {
        let choices = answer.torch.iter().chain(&answer.tensorflow);
        let wishes = choices.filter_map(|choice| choice.numpy.as_ref());
        self.constraints.extend(wishes.map(|wish| format!("numpy{}", wish.to_string().replace(", ", ","))));
    }

    /// Puts the exact release in the place of the wish, or before all others where it only comes along.
    fn pin(&mut self, package: &str, requirement: &str, choice: &Choice) {
        let exact = format!("{requirement}=={}", choice.version);
        let name = |text: &String| Requirement::parse(text).map(|known| known.name).unwrap_or_default();
        match self.requirements.iter_mut().find(|text| name(text) == package) {
            Some(wish) => *wish = exact,
            None => self.requirements.insert(0, exact),
        }
    }
}
