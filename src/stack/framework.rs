//! The frameworks with a key of their own: their package, their import, what to ask the package index for.

use super::{Accelerator, SpecifierError, specifier};

/// A framework the tables know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Framework {
    /// The package torch.
    Pytorch,
    /// The packages tensorflow and tensorflow-cpu.
    Tensorflow,
    /// The packages jax and jaxlib.
    Jax,
    /// The package scikit-learn.
    ScikitLearn,
}

impl Framework {
    /// All of them, in the order in which requirements are written.
    pub const ALL: [Self; 4] = [Self::Pytorch, Self::Tensorflow, Self::Jax, Self::ScikitLearn];

    /// Its key in the manifest.
    pub fn key(self) -> &'static str {
        match self {
            Self::Pytorch => "pytorch",
            Self::Tensorflow => "tensorflow",
            Self::Jax => "jax",
            Self::ScikitLearn => "scikit-learn",
        }
    }

    /// The framework behind a manifest key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|framework| framework.key() == key)
    }

    /// The module whose import proves that it works.
    pub fn import_name(self) -> &'static str {
        match self {
            Self::Pytorch => "torch",
            Self::Tensorflow => "tensorflow",
            Self::Jax => "jax",
            Self::ScikitLearn => "sklearn",
        }
    }

    /// PEP 508 requirements for a version wish as the manifest writes it (`2.10`, `>=2.8,<3`, `*`).
    ///
    /// More than one when the package differs by processor; each then carries the marker that says so.
    pub fn requirements(self, version: &str, accelerator: Accelerator) -> Result<Vec<String>, SpecifierError> {
        let specifier = specifier(version)?;
        let packages: &[(&str, &str)] = match (self, accelerator) {
            (Self::Pytorch, _) => &[("torch", "")],
            (Self::Tensorflow, Accelerator::Cpu) => TENSORFLOW_CPU,
            (Self::Tensorflow, Accelerator::Cuda) => &[("tensorflow[and-cuda]", "")],
            (Self::Jax, Accelerator::Cpu) => &[("jax", "")],
            (Self::Jax, Accelerator::Cuda) => &[("jax[cuda12]", "")],
            (Self::ScikitLearn, _) => &[("scikit-learn", "")],
        };
        let comma_separated = specifier.to_string().replace(", ", ",");
        Ok(packages.iter().map(|(package, marker)| format!("{package}{comma_separated}{marker}")).collect())
    }
}

/// `tensorflow-cpu` is a third of the size, but is only built for `x86_64`; on Arm the plain package is the CPU one.
const TENSORFLOW_CPU: &[(&str, &str)] =
    &[("tensorflow-cpu", " ; platform_machine == 'x86_64'"), ("tensorflow", " ; platform_machine == 'aarch64'")];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(framework: Framework, version: &str, accelerator: Accelerator, expected: &[&str]) {
        assert_eq!(framework.requirements(version, accelerator).expect("a valid version"), expected);
    }

    #[test]
    fn a_release_line_becomes_a_prefix_match() {
        check(Framework::Pytorch, "2.10", Accelerator::Cuda, &["torch==2.10.*"]);
        check(Framework::ScikitLearn, "*", Accelerator::Cpu, &["scikit-learn"]);
        check(Framework::Jax, ">=0.6, <0.9", Accelerator::Cuda, &["jax[cuda12]>=0.6,<0.9"]);
    }

    #[test]
    fn tensorflow_without_a_gpu_is_the_small_package_where_there_is_one() {
        let expected = [
            "tensorflow-cpu==2.20.* ; platform_machine == 'x86_64'",
            "tensorflow==2.20.* ; platform_machine == 'aarch64'",
        ];
        check(Framework::Tensorflow, "2.20", Accelerator::Cpu, &expected);
        check(Framework::Tensorflow, "2.20", Accelerator::Cuda, &["tensorflow[and-cuda]==2.20.*"]);
    }

    #[test]
    fn every_key_leads_back_to_its_framework() {
        for framework in Framework::ALL {
            assert_eq!(Framework::from_key(framework.key()), Some(framework));
        }
        assert_eq!(Framework::from_key("torch"), None);
    }
}
