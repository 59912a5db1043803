//! Hosts over SSH. Knows keys, channels and jump hosts, not what is done on a host.

mod absent;
mod settings;

pub use absent::SshDialer;
pub use settings::Settings;
