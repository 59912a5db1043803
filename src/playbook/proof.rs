//! What proving an environment finds: the lines that the role `verify` prints, as values.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One module, imported and put to work with the environment's own interpreter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Proof {
    /// `torch`.
    pub module: String,
    /// Whether it imported, computed rightly and saw the GPUs it should.
    pub works: bool,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The version of Python.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub python: Option<String>,
    /// Where it computed: `gpu` or `cpu`; none for modules that compute nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The GPUs it sees.
    #[serde(default)]
    pub gpus: Vec<ProvenGpu>,
    /// The loaded NVIDIA driver.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver: Option<String>,
    /// The CUDA release it was built with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cuda: Option<String>,
    /// The cuDNN it uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cudnn: Option<String>,
    /// The NCCL it uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nccl: Option<String>,
    /// Wall time of one product of 1024 × 1024 matrices on the slowest device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milliseconds: Option<f64>,
    /// How far that product is from the CPU's in double precision, as a share of its largest element.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_difference: Option<f64>,
    /// Good to know: `no GPU: computed on the CPU`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Why it sees no GPU, in its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why it does not work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The end of what it said on its way, when it does not work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
}

/// A GPU as a framework sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProvenGpu {
    /// `NVIDIA A100-SXM4-80GB`.
    #[serde(default)]
    pub name: String,
    /// `8.0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compute_capability: Option<String>,
    /// Its memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_mib: Option<u64>,
}

impl Proof {
    /// The proofs in what a task printed; every other line is passed over.
    pub fn all(output: &str) -> Vec<Self> {
        let is_proof = |line: &&str| line.starts_with("{\"proof\":");
        output.lines().filter(is_proof).filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// Everything it says of what went wrong.
    pub fn trouble(&self) -> String {
        [&self.error, &self.reason, &self.log].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("\n")
    }

    /// One line for people: `torch 2.10.0 computed on 8 × NVIDIA A100-SXM4-80GB (8.0), driver 580.65.06, …`.
    pub fn line(&self) -> String {
        let mut line =
            [Some(self.module.as_str()), self.version.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        match self.device.as_deref() {
            _ if !self.works => {}
            Some("gpu") => line += &format!(" computed on {}", self.devices()),
            Some(_) => line += " computed on the CPU: it sees no GPU",
            None => line += " imported",
        }
        let versions = [("driver", &self.driver), ("CUDA", &self.cuda), ("cuDNN", &self.cudnn), ("NCCL", &self.nccl)];
        for (what, version) in versions.into_iter().filter_map(|(what, version)| Some((what, version.as_ref()?))) {
            line += &format!(", {what} {version}");
        }
        if let Some(milliseconds) = self.milliseconds {
            line += &format!(", {milliseconds:.1} ms, off by {:.0e}", self.max_difference.unwrap_or_default());
        }
        line
    }

    fn devices(&self) -> String {
        let first = self.gpus.first().map(|gpu| {
            let capability = gpu.compute_capability.as_ref().map(|capability| format!(" ({capability})"));
            format!("{}{}", gpu.name, capability.unwrap_or_default())
        });
        let first = first.unwrap_or_else(|| "a GPU".to_owned());
        if self.gpus.len() > 1 { format!("{} × {first}", self.gpus.len()) } else { first }
    }
}

#[cfg(test)]
mod tests {
    use super::Proof;

    #[test]
    fn proofs_are_found_among_other_lines() {
        let output = "warning: {\n{\"proof\": 1, \"module\": \"torch\", \"works\": true, \"version\": \"2.10.0\", \"device\": \"gpu\", \
            \"gpus\": [{\"name\": \"NVIDIA H200\", \"compute_capability\": \"9.0\"}], \"of the future\": 1}\n{\"proof\": cut";
        let proofs = Proof::all(output);
        assert_eq!(proofs.len(), 1);
        assert_eq!(proofs[0].line(), "torch 2.10.0 computed on NVIDIA H200 (9.0)");
    }
}
