//! What the probe says of a host's NVIDIA hardware and driver, as typed values.

use super::{Driver, Gpu, Module, tables};
use pep440_rs::Version;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A host as its probe found it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct HostFacts {
    /// Cards as the driver's own tool lists them.
    #[serde(rename = "aether_gpus")]
    pub gpus: Vec<SeenGpu>,
    /// What that tool said when it did not list a card.
    #[serde(rename = "aether_nvidia_smi")]
    pub complaint: Option<String>,
    /// Cards on the bus, driver or not; `None` when nobody looked.
    #[serde(rename = "aether_pci_gpus")]
    pub cards: Option<Vec<Card>>,
    /// `NVSwitches` on the bus.
    #[serde(rename = "aether_nvswitches")]
    pub switches: u32,
    /// Version of the loaded kernel module.
    #[serde(rename = "aether_nvidia_module")]
    pub module: Option<String>,
    /// Its kind.
    #[serde(rename = "aether_nvidia_module_kind")]
    pub module_kind: Option<Module>,
    /// Version of the driver's libraries.
    #[serde(rename = "aether_nvidia_library")]
    pub library: Option<String>,
    /// Whether the kernel's own driver holds the cards.
    #[serde(rename = "aether_nouveau")]
    pub has_nouveau: bool,
    /// `enabled`, `disabled` or `unknown`.
    #[serde(rename = "aether_secure_boot")]
    pub secure_boot: Option<String>,
    /// `active` or `inactive`; asked only where there are `NVSwitches`.
    #[serde(rename = "aether_fabric_manager")]
    pub fabric_manager: Option<String>,
    /// Where libraries are put before others.
    #[serde(rename = "aether_library_paths")]
    pub library_paths: Vec<LibraryPath>,
    /// Whether the host is a container.
    #[serde(rename = "aether_container")]
    pub is_container: bool,
    /// Version of glibc.
    #[serde(rename = "aether_glibc_version")]
    pub glibc: Option<String>,
}

/// A card that the driver knows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SeenGpu {
    /// As the driver names it: `NVIDIA A100-SXM4-80GB`.
    pub name: String,
    /// Whether it is cut into parts, of which a program sees one.
    #[serde(default)]
    pub mig: bool,
}

/// A card on the bus.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Card {
    /// Vendor and device: `10de:20b2`.
    pub id: String,
}

/// A place that names folders of libraries.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LibraryPath {
    /// A file, or `environment`.
    pub place: String,
    /// What stands there.
    pub paths: String,
}

impl HostFacts {
    /// Reads what a probe found. Facts of another Aether that do not fit are no facts.
    pub fn read(facts: &Map<String, Value>) -> Self {
        serde_json::from_value(Value::Object(facts.clone())).unwrap_or_default()
    }

    /// The loaded driver.
    pub fn driver(&self) -> Option<Driver> {
        self.module.as_deref()?.parse().ok()
    }

    /// The version of glibc.
    pub(super) fn glibc(&self) -> Option<Version> {
        self.glibc.as_deref()?.parse().ok()
    }

    /// How many cards there are; none when nobody looked.
    pub fn count(&self) -> Option<usize> {
        self.cards.as_ref().map(|cards| cards.len().max(self.gpus.len()))
    }

    /// The cards as `accelerators:` has them, `A100:8`, when they are all of one known kind.
    pub fn accelerators(&self) -> Option<String> {
        let first = gpu_of(&self.gpus.first()?.name)?;
        let is_same = self.gpus.iter().all(|seen| gpu_of(&seen.name).is_some_and(|gpu| gpu.name == first.name));
        is_same.then(|| format!("{}:{}", first.name, self.gpus.len()))
    }
}

/// The GPU of the tables behind the driver's name for it: `NVIDIA A100-SXM4-80GB` → `A100`.
pub fn gpu_of(name: &str) -> Option<&'static Gpu> {
    let maker = |word: &&str| !["NVIDIA", "Tesla", "GeForce"].contains(word);
    let words: Vec<&str> = name.split([' ', '-']).filter(maker).collect();
    (1..=words.len()).rev().find_map(|count| tables().gpu(&words[..count].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_card_leads_to_its_row() {
        for (name, expected) in [
            ("NVIDIA A100-SXM4-80GB", Some("A100")),
            ("NVIDIA A10G", Some("A10G")),
            ("NVIDIA GeForce RTX 4090", Some("RTX4090")),
            ("NVIDIA GeForce RTX 5070 Ti", Some("RTX5070Ti")),
            ("NVIDIA RTX 6000 Ada Generation", Some("RTX6000Ada")),
            ("NVIDIA RTX PRO 6000 Blackwell Server Edition", Some("RTXPRO6000")),
            ("Quadro RTX 6000", Some("QuadroRTX6000")),
            ("Tesla T4", Some("T4")),
            ("NVIDIA H100 80GB HBM3", Some("H100")),
            ("NVIDIA H100 NVL", Some("H100NVL")),
            ("NVIDIA H200", Some("H200")),
            ("NVIDIA A1000", None),
            ("", None),
        ] {
            assert_eq!(gpu_of(name).map(|gpu| gpu.name.as_str()), expected, "{name}");
        }
    }
}
