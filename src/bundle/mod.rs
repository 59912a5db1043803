//! One archive with everything that a locked project takes to set up hosts without any network.
//!
//! A plain tar: what is in it is compressed already, so nothing has to be unpacked to send one wheel of it to a host, and
//! `tar` opens it anywhere. Knows what a lock needs and what a host wants; not how hosts are reached or files are asked for.

mod apt;
mod gather;
mod list;
mod open;
mod pack;
mod push;
mod supply;

pub use apt::{AptError, Haul, Tools, haul, names};
pub use gather::{GatherError, Pinned, gather};
pub use list::{FORMAT, Listed, PackingList};
pub use open::Bundle;
pub use pack::{Part, Source, pack};
pub use supply::Supplies;

use crate::ports::FilesError;
use std::path::PathBuf;

/// A bundle cannot be used. Every text names the file.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The disk refused.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// No such file.
    #[error("there is no bundle `{}`", file.display())]
    Missing {
        /// As typed.
        file: PathBuf,
    },
    /// Something else, or damaged in its first bytes.
    #[error("`{}` is no bundle of Aether: {why}", file.display())]
    NoBundle {
        /// Which file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Made by a newer Aether.
    #[error("`{}` has format {format}; this Aether reads format {FORMAT}", file.display())]
    Format {
        /// Which file.
        file: PathBuf,
        /// Its format.
        format: u64,
    },
    /// It ends too early.
    #[error("`{}` is cut off: `{part}` is not there as a whole", file.display())]
    CutOff {
        /// Which file.
        file: PathBuf,
        /// The first part that is missing.
        part: String,
    },
    /// Bits have changed.
    #[error("`{}` is damaged: `{part}` does not have the checksum that the bundle lists", file.display())]
    Damaged {
        /// Which file.
        file: PathBuf,
        /// Which part.
        part: String,
    },
    /// Somebody put in what does not belong there.
    #[error("`{}` holds `{part}`, {why}", file.display())]
    Foreign {
        /// Which file.
        file: PathBuf,
        /// Which part.
        part: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// It is of another project or lock.
    #[error("`{}` was made from another `aether.lock`", file.display())]
    OtherLock {
        /// Which file.
        file: PathBuf,
    },
    /// What the lock pins is not in it.
    #[error("`{}` has no wheel of {what}", file.display())]
    Lacks {
        /// Which file.
        file: PathBuf,
        /// The package, its version, and the environment and hosts it is for.
        what: String,
    },
    /// A host group's packages are not in it.
    #[error("`{}` has no package `{package}` for {system}, which host group `{group}` takes", file.display())]
    LacksPackage {
        /// Which file.
        file: PathBuf,
        /// Its name.
        package: String,
        /// `ubuntu-24.04`.
        system: String,
        /// Whose hosts.
        group: String,
    },
    /// Reading or writing it failed.
    #[error("`{}` cannot be read or written", file.display())]
    Io {
        /// Which file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl BundleError {
    /// What to do about it.
    pub fn fix(&self) -> Option<&'static str> {
        match self {
            Self::Format { .. } => Some("use the `aether` that lies in the bundle: `tar xf BUNDLE aether`"),
            Self::CutOff { .. } | Self::Damaged { .. } => {
                Some("copy it again, and compare with `sha256sum` where it was made")
            }
            Self::Foreign { .. } | Self::Lacks { .. } | Self::LacksPackage { .. } => {
                Some("make it anew: `aether bundle create`")
            }
            Self::OtherLock { .. } => {
                Some("take the project that lies in the bundle, or make the bundle anew: `aether bundle create`")
            }
            Self::Files(_) | Self::Missing { .. } | Self::NoBundle { .. } | Self::Io { .. } => None,
        }
    }
}
