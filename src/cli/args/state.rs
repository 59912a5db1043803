//! What the recorded state can be asked, and how it is mended by hand.

use clap::{Subcommand, ValueHint};
use std::path::PathBuf;

/// What a user can do with the recorded state.
#[derive(Debug, Clone, Subcommand)]
pub enum StateVerb {
    /// List every resource that is recorded
    #[command(after_help = "Examples:\n  aether state list\n  aether state list --json")]
    List,
    /// Show what is recorded of one resource
    #[command(after_help = "Example:\n  aether state show lab/gpu1/environment/train")]
    Show {
        /// Its address, as `aether state list` has it
        address: String,
    },
    /// Give a host group, a host or a playbook the name that it has in the manifest now; nothing is done anew
    #[command(
        after_help = "Examples:\n  aether state mv lab prod\n  aether state mv lab/gpu1 lab/gpu1.example.com\n  aether state mv lab/gpu1/playbook/site.yml lab/gpu1/playbook/all.yml"
    )]
    Mv {
        /// What it is recorded as
        from: String,
        /// What it is called now
        to: String,
    },
    /// Forget a group, a host or a resource; what stands in the world stays
    #[command(after_help = "Examples:\n  aether state rm lab/gpu1\n  aether state rm lab/gpu1/environment/train")]
    Rm {
        /// Its address; what is below it goes along
        address: String,
    },
    /// Print the state in its own form
    #[command(after_help = "Example:\n  aether state pull > state.json")]
    Pull,
    /// Put a state that `pull` printed in place of the recorded one
    #[command(
        after_help = "Example:\n  aether state push state.json\n\nRefuses a state of another lineage, one that is older, and one that forgets what is recorded."
    )]
    Push {
        /// The state
        #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
        file: PathBuf,
        /// Put it there all the same; the present state is kept
        #[arg(long)]
        force: bool,
    },
    /// List the last states, which are kept
    #[command(after_help = "Example:\n  aether state history")]
    History,
    /// Go back to a state that is kept
    #[command(
        after_help = "Example:\n  aether state restore 7\n\nThe record goes back, the world does not: `aether plan` tells the difference. Refuses to forget what is recorded now."
    )]
    Restore {
        /// Its serial, as `aether state history` has it
        serial: u64,
        /// Go back all the same; the present state is kept
        #[arg(long)]
        force: bool,
    },
}
