//! Hosts over SSH, through libssh2. Knows keys, channels and jump hosts, not what is done on a host.
//!
//! ```text
//! settings ─► config (what `ssh -G` says) ─► dial (TCP, or through jump hosts) ─► host_key ─► login ─► remote
//! ```
//!
//! Every connection is one libssh2 session on one thread; sessions are never shared.

#[cfg(not(feature = "ssh"))]
mod absent;
mod settings;

#[cfg(feature = "ssh")]
mod base64;
#[cfg(feature = "ssh")]
mod config;
#[cfg(feature = "ssh")]
mod dial;
#[cfg(feature = "ssh")]
mod gate;
#[cfg(feature = "ssh")]
mod host_key;
#[cfg(feature = "ssh")]
mod identity;
#[cfg(feature = "ssh")]
mod known_hosts;
#[cfg(feature = "ssh")]
mod login;
#[cfg(feature = "ssh")]
mod remote;
#[cfg(feature = "ssh")]
mod tunnel;
#[cfg(feature = "ssh")]
mod wire;

#[cfg(not(feature = "ssh"))]
pub use absent::SshDialer;
#[cfg(feature = "ssh")]
pub use dial::SshDialer;
pub use settings::{Settings, Traffic};
