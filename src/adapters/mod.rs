//! The only room that touches the world: disk, processes, terminal, clock, sockets. One file per port.
//!
//! It carries out and reports; it takes no decision and knows no provider, plan or command.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the one room behind the walls of clippy.toml")]

#[cfg(feature = "aws")]
mod aws;
mod clock;
mod dialer;
mod disk;
mod http;
mod large;
mod lease;
mod lines;
mod local;
mod own_folder;
mod process;
mod replace;
pub mod ssh;
mod state_file;
mod sudo;
mod terminal;
mod world;

pub use clock::SystemClock;
pub use dialer::ByWay;
pub use disk::Disk;
pub use http::WebClient;
pub use local::LocalDialer;
pub use process::SystemPrograms;
pub use state_file::StateFile;
pub use terminal::Terminal;
pub use world::world;
