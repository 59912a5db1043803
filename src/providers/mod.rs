//! Where hosts come from: one folder of fixed shape per provider, one row in [`ALL`].
//!
//! A provider reads and checks its own section of the manifest and says which hosts it becomes. It does not know who
//! asks, nor the other providers.

mod aws;
mod kubernetes;
mod local;
mod ssh;

use crate::ports::Provider;

/// Every provider, in the order of the docs.
pub static ALL: &[&dyn Provider] = &[&local::Local, &ssh::Ssh, &aws::Aws, &kubernetes::Kubernetes];

/// The provider of that name.
pub fn find(name: &str) -> Option<&'static dyn Provider> {
    ALL.iter().copied().find(|provider| provider.name() == name)
}
