//! Exactly what the user typed. Says what may be typed and how it is explained; acts on nothing.

mod init;
mod offers;
mod stack;
mod state;

pub use init::InitArguments;
pub use offers::OffersArguments;
pub use stack::{ResolveArguments, StackVerb};
pub use state::StateVerb;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;

/// From one manifest to working GPU machines.
#[derive(Debug, Parser)]
#[command(
    name = "aether",
    version,
    about,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(after_help = "Start with `aether init`, then `aether plan`. Every command takes --json.")]
pub struct Arguments {
    /// What every command takes.
    #[command(flatten)]
    pub shared: Shared,
    /// The verb.
    #[command(subcommand)]
    pub verb: Verb,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Shared {
    /// Work in this folder instead of the current one
    #[arg(short = 'C', long, global = true, help_heading = "Options of every command", value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub directory: Option<PathBuf>,
    /// The manifest, relative to the folder
    #[arg(short, long, global = true, help_heading = "Options of every command", value_name = "FILE", default_value = "aether.yaml", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// Overlay aether.PROFILE.yaml on the manifest
    #[arg(
        short,
        long,
        global = true,
        help_heading = "Options of every command",
        env = "AETHER_PROFILE",
        value_name = "PROFILE"
    )]
    pub profile: Option<String>,
    /// Set a variable of the manifest (repeatable; also `AETHER_VAR_NAME` in the environment)
    #[arg(long = "var", global = true, help_heading = "Options of every command", value_name = "NAME=VALUE")]
    pub variables: Vec<String>,
    /// Read variables from a YAML file (repeatable)
    #[arg(long = "var-file", global = true, help_heading = "Options of every command", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub variable_files: Vec<PathBuf>,
    /// Print one JSON document on stdout instead of text
    #[arg(long, global = true, help_heading = "Options of every command")]
    pub json: bool,
    /// When to use colour
    #[arg(long, global = true, help_heading = "Options of every command", value_name = "WHEN", default_value = "auto")]
    pub color: When,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How hosts are reached.
#[derive(Debug, Clone, Args)]
pub struct Reach {
    /// How many hosts to work on at a time
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub forks: u16,
    /// Record the SSH host keys of hosts that are not known yet (changed keys are always refused)
    #[arg(long)]
    pub accept_new_host_keys: bool,
}

/// Asking before acting.
#[derive(Debug, Clone, Args)]
pub struct Consent {
    /// Do not ask; for pipelines
    #[arg(short, long)]
    pub yes: bool,
}

/// What a user can ask.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Write a first manifest, asking a few questions
    #[command(
        after_help = "Examples:\n  aether init\n  aether init --address gpu1.example.com --framework pytorch\n  aether init --provider local --framework scikit-learn --python 3.11"
    )]
    Init(InitArguments),
    /// Check the manifest, the lock and the playbooks without touching anything
    #[command(after_help = "Examples:\n  aether validate\n  aether validate --profile staging --json")]
    Validate,
    /// Resolve every environment and write aether.lock
    #[command(
        after_help = "Examples:\n  aether lock              # resolve what has changed, keep every other pin\n  aether lock --upgrade    # take the newest of everything"
    )]
    Lock {
        /// Take the newest versions instead of keeping the pins of the present lock
        #[arg(long)]
        upgrade: bool,
        /// Only say whether the lock is up to date; exit 1 when it is not
        #[arg(long, conflicts_with = "upgrade")]
        check: bool,
    },
    /// Write Terraform, Ansible, Dockerfiles, Kubernetes manifests and the CI workflow
    #[command(
        after_help = "Examples:\n  aether render\n  aether render --check    # in CI: fail with a diff when a file is stale"
    )]
    Render {
        /// Write nothing; fail with a diff when a file is not what would be written
        #[arg(long)]
        check: bool,
    },
    /// Say what would change, why, and what it costs
    #[command(
        after_help = "Examples:\n  aether plan\n  aether plan -o tonight.plan && aether apply tonight.plan\n  aether plan --detailed-exitcode    # 0 nothing to do, 2 changes pending"
    )]
    Plan {
        /// Save the plan, to be applied later or by somebody else
        #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        output: Option<PathBuf>,
        /// Exit 2 when changes are pending
        #[arg(long)]
        detailed_exitcode: bool,
        /// Plan the removal of everything
        #[arg(long)]
        destroy: bool,
        /// How hosts are reached.
        #[command(flatten)]
        reach: Reach,
    },
    /// Do what the plan says
    #[command(
        after_help = "Examples:\n  aether apply\n  aether apply --yes            # in CI\n  aether apply tonight.plan     # exactly that plan, or refuse\n  aether apply --bundle demo.bundle.tar    # without any network"
    )]
    Apply {
        /// A plan saved by `aether plan -o FILE`
        #[arg(value_name = "PLAN", value_hint = ValueHint::FilePath)]
        plan: Option<PathBuf>,
        /// Serve the hosts from this bundle, and let them ask nobody else
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        bundle: Option<PathBuf>,
        /// Asking.
        #[command(flatten)]
        consent: Consent,
        /// How hosts are reached.
        #[command(flatten)]
        reach: Reach,
    },
    /// Pack all that the lock pins into one archive, for hosts that reach no network
    Bundle {
        /// What about it.
        #[command(subcommand)]
        what: BundleVerb,
    },
    /// Go on after a failure or an interruption (the same as apply)
    #[command(
        after_help = "Example:\n  aether resume\n\nPlans anew from what is recorded and from what stands on the hosts, then does the rest."
    )]
    Resume {
        /// Serve the hosts from this bundle, and let them ask nobody else
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        bundle: Option<PathBuf>,
        /// Asking.
        #[command(flatten)]
        consent: Consent,
        /// How hosts are reached.
        #[command(flatten)]
        reach: Reach,
    },
    /// Remove everything that was set up
    #[command(
        after_help = "Example:\n  aether destroy\n\nSystem packages and the effects of the project's own playbooks stay; the plan names them."
    )]
    Destroy {
        /// Asking.
        #[command(flatten)]
        consent: Consent,
        /// How hosts are reached.
        #[command(flatten)]
        reach: Reach,
    },
    /// Show the state of every host, from what is recorded
    #[command(
        after_help = "Examples:\n  aether status            # touches no host\n  aether status --live     # looks at each\n  aether status --json"
    )]
    Status {
        /// Look at the hosts too: which do not answer, and what was changed by hand
        #[arg(long)]
        live: bool,
        /// How hosts are reached.
        #[command(flatten)]
        reach: Reach,
    },
    /// Look for what was changed by hand since the last apply; exit 2 when there is any
    #[command(after_help = "Examples:\n  aether drift\n  aether drift --json    # for a nightly job")]
    Drift {
        /// How hosts are reached.
        #[command(flatten)]
        reach: Reach,
    },
    /// Open a shell on a host
    #[command(after_help = "Examples:\n  aether ssh lab/gpu1.example.com\n  aether ssh gpu1.example.com")]
    Ssh {
        /// The host, as `group/name` or just its name
        host: String,
    },
    /// Run a command on hosts, side by side
    #[command(after_help = "Examples:\n  aether exec -- nvidia-smi -L\n  aether exec --on lab -- df -h /")]
    Exec {
        /// Only on these groups or hosts (repeatable)
        #[arg(long, value_name = "GROUP|HOST")]
        on: Vec<String>,
        /// The command and its arguments
        #[arg(last = true, required = true)]
        command: Vec<String>,
        /// How hosts are reached.
        #[command(flatten)]
        reach: Reach,
    },
    /// Prove that every environment works: import its frameworks and compute something
    #[command(after_help = "Examples:\n  aether verify\n  aether verify --on lab --json")]
    Verify {
        /// Only on these groups or hosts (repeatable)
        #[arg(long, value_name = "GROUP|HOST")]
        on: Vec<String>,
        /// How hosts are reached.
        #[command(flatten)]
        reach: Reach,
    },
    /// Print resources and what they need of each other
    #[command(after_help = "Examples:\n  aether graph\n  aether graph --dot | dot -Tsvg > graph.svg")]
    Graph {
        /// In Graphviz's language
        #[arg(long)]
        dot: bool,
    },
    /// Print the JSON Schema of the manifest, or of a command's --json output
    #[command(after_help = "Examples:\n  aether schema > aether.schema.json\n  aether schema plan")]
    Schema {
        /// `manifest` or the name of a command
        #[arg(default_value = "manifest")]
        name: String,
    },
    /// List the machines that fit, cheapest first, and say why not the others
    #[command(
        after_help = "Examples:\n  aether offers                           # for the host groups of the manifest\n  aether offers --gpu H100:8\n  aether offers --gpu L4 --max-hourly-cost 2 --json"
    )]
    Offers(OffersArguments),
    /// Ask the compatibility tables: what they hold, and which stack fits a GPU
    #[command(
        after_help = "Examples:\n  aether stack list driver\n  aether stack search blackwell\n  aether stack resolve --gpu V100 --pytorch 2.15 --driver 580\n  aether stack refresh    # read newer releases from the package index"
    )]
    Stack {
        /// What to ask; without it every table is listed.
        #[command(subcommand)]
        verb: Option<StackVerb>,
    },
    /// Look at what is recorded, and mend it by hand
    #[command(
        after_help = "Examples:\n  aether state list\n  aether state show lab/gpu1/environment/train\n  aether state mv lab prod            # the host group has another name now\n  aether state history && aether state restore 7"
    )]
    State {
        /// What about it.
        #[command(subcommand)]
        verb: StateVerb,
    },
    /// Explain a diagnostic: what it means, why it is one, how to mend it
    #[command(
        after_help = "Examples:\n  aether explain AE0101\n  aether explain unknown-key\n  aether explain            # list them all"
    )]
    Explain {
        /// Its code or its name
        code: Option<String>,
    },
    /// Print a completion script
    #[command(after_help = "Example:\n  aether completions bash > /etc/bash_completion.d/aether")]
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
    /// Write the man pages
    #[command(after_help = "Example:\n  aether man --output ~/.local/share/man/man1")]
    Man {
        /// The folder to write them to
        #[arg(short, long, value_name = "FOLDER", default_value = "man", value_hint = ValueHint::DirPath)]
        output: PathBuf,
    },
}

/// What a user can ask about bundles.
#[derive(Debug, Subcommand)]
pub enum BundleVerb {
    /// Make one: wheels, packages, playbooks, manifest, lock and this program, with checksums
    #[command(
        after_help = "Examples:\n  aether bundle create\n  aether bundle create -o /media/usb/demo.bundle.tar --packages packages"
    )]
    Create {
        /// Where to write it [default: PROJECT.bundle.tar]
        #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        output: Option<PathBuf>,
        /// System packages to take along: `.deb` and `.rpm` files, in folders named `debian-12`, `ubuntu-24.04`, ...
        #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
        packages: Option<PathBuf>,
    },
    /// Read one from end to end and hold it against the project, without touching a host
    #[command(after_help = "Example:\n  aether bundle check demo.bundle.tar")]
    Check {
        /// The bundle
        #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
        bundle: PathBuf,
    },
}
