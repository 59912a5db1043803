//! What the compatibility tables can be asked.

use clap::{Args, Subcommand};

/// What the tables can be asked.
#[derive(Debug, Clone, Subcommand)]
pub enum StackVerb {
    /// List every row with where and when it was read
    List {
        /// torch, tensorflow, jax, scikit-learn, cuda, driver, gpu, system or image
        table: Option<String>,
    },
    /// List the rows that mention something
    Search {
        /// Such as `blackwell`, `2.10` or `cu126`
        term: String,
    },
    /// Find a whole stack, or the reasons why there is none; exit 1 when there is none
    Resolve(Box<ResolveArguments>),
    /// Read newer releases from the package index into aether.stack.toml
    Refresh,
}

/// What is known of a stack; the rest is found.
#[derive(Debug, Clone, Args)]
pub struct ResolveArguments {
    /// The GPU, such as A100, or a compute capability such as 8.0
    #[arg(long)]
    pub gpu: Option<String>,
    /// `x86_64` or aarch64
    #[arg(long)]
    pub architecture: Option<String>,
    /// The operating system, such as ubuntu-22.04
    #[arg(long)]
    pub system: Option<String>,
    /// The Python line, such as 3.12
    #[arg(long)]
    pub python: Option<String>,
    /// The driver on the host, such as 580 or 580.65.06
    #[arg(long)]
    pub driver: Option<String>,
    /// The kernel modules on the host: open or proprietary
    #[arg(long, value_name = "KIND")]
    pub modules: Option<String>,
    /// The build of pytorch, such as cu126
    #[arg(long)]
    pub variant: Option<String>,
    /// The CUDA release of the nvidia/cuda image that containers start from, such as 12.6.3
    #[arg(long, value_name = "CUDA")]
    pub image: Option<String>,
    /// Only what the usual package index serves
    #[arg(long)]
    pub pypi_only: bool,
    /// Releases of pytorch, such as 2.10 or '>=2.8,<3' or '*'
    #[arg(long, value_name = "VERSION")]
    pub pytorch: Option<String>,
    /// Releases of torchvision
    #[arg(long, value_name = "VERSION")]
    pub torchvision: Option<String>,
    /// Releases of torchaudio
    #[arg(long, value_name = "VERSION")]
    pub torchaudio: Option<String>,
    /// Releases of tensorflow
    #[arg(long, value_name = "VERSION")]
    pub tensorflow: Option<String>,
    /// Releases of jax
    #[arg(long, value_name = "VERSION")]
    pub jax: Option<String>,
    /// Releases of numpy
    #[arg(long, value_name = "VERSION")]
    pub numpy: Option<String>,
}
