//! Places that stand in for those of the internet. Which of them is asked is the business of whoever asks.

use crate::manifest;

/// Where torch's own indexes lie, each in a folder of its CUDA release.
pub(super) const TORCH_INDEX: &str = "https://download.pytorch.org/whl";

/// The variable by which libraries that fetch models and datasets find their hub.
pub const HUB_VARIABLE: &str = "HF_ENDPOINT";

/// Mirrors without a final slash.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mirrors {
    /// Python package index; `None` leaves the choice to `uv` and `pip`.
    pub index: Option<String>,
    /// Stands for `https://download.pytorch.org/whl`.
    pub torch_index: Option<String>,
    /// Stands for `https://developer.download.nvidia.com/compute/cuda/repos`.
    pub cuda: Option<String>,
    /// Stands for `https://nvidia.github.io/libnvidia-container`.
    pub container_toolkit: Option<String>,
    /// Stands for `https://huggingface.co`.
    pub huggingface: Option<String>,
    /// Stands for `docker.io` and `nvcr.io` at the beginning of an image's name.
    pub registry: Option<String>,
}

impl Mirrors {
    /// What was written.
    pub fn of(written: &manifest::Mirrors) -> Self {
        let text = |place: &Option<crate::yaml::Spanned<String>>| {
            place.as_ref().map(|place| place.value.trim_end_matches('/').to_owned())
        };
        Self {
            index: text(&written.index),
            torch_index: text(&written.torch_index),
            cuda: text(&written.cuda),
            container_toolkit: text(&written.container_toolkit),
            huggingface: text(&written.huggingface),
            registry: text(&written.registry),
        }
    }

    /// A text with the addresses of torch's own indexes as they are here.
    pub fn moved(&self, text: &str) -> String {
        match &self.torch_index {
            Some(mirror) => text.replace(TORCH_INDEX, mirror),
            None => text.to_owned(),
        }
    }

    /// An image of a public registry (`docker.io/library/python`) by the name it has here.
    pub fn image(&self, name: &str) -> String {
        match (&self.registry, name.split_once('/')) {
            (Some(registry), Some((_, path))) => format!("{registry}/{path}"),
            _ => name.to_owned(),
        }
    }
}
