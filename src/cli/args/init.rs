//! What `aether init` can be told instead of being asked.

use clap::Args;

/// Answers that `init` then does not ask for.
#[derive(Debug, Clone, Args)]
pub struct InitArguments {
    /// The project's name [default: the folder's name]
    #[arg(long)]
    pub name: Option<String>,
    /// Where hosts come from: local or ssh
    #[arg(long)]
    pub provider: Option<String>,
    /// Address of a host to reach over SSH (repeatable)
    #[arg(long = "address", value_name = "ADDRESS")]
    pub addresses: Vec<String>,
    /// Login name on the hosts
    #[arg(long)]
    pub user: Option<String>,
    /// pytorch, tensorflow=2.20, jax>=0.8, scikit-learn, or none (repeatable)
    #[arg(long = "framework", value_name = "NAME")]
    pub frameworks: Vec<String>,
    /// A further Python package (repeatable)
    #[arg(long = "package", value_name = "REQUIREMENT")]
    pub packages: Vec<String>,
    /// Python version, such as 3.12
    #[arg(long)]
    pub python: Option<String>,
    /// Accelerators of each host, such as A100:8 or none
    #[arg(long)]
    pub accelerators: Option<String>,
    /// Replace a manifest that is there
    #[arg(long)]
    pub force: bool,
}
