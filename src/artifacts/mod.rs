//! Generated files, `infra/…`: one folder per family, one row per family in [`FAMILIES`].
//!
//! A family's `view.rs` turns the graph into plain data and decides everything, its templates decide nothing, and its
//! `verify.rs` reads the rendered files back. Families are strangers to each other, and none touches the disk.

mod ansible;
mod ci;
mod docker;
mod embedded;
mod engine;
mod group_name;
mod kubernetes;
mod roles_in_use;
mod terraform;

pub use embedded::{library, templates};

use crate::ports::Family;

/// Every family, in the order in which they are rendered.
pub const FAMILIES: &[&dyn Family] =
    &[&terraform::Terraform, &ansible::Ansible, &docker::Docker, &kubernetes::Kubernetes, &ci::Ci];
