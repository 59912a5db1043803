//! Aether takes an AI project from one manifest to working GPU machines.
//!
//! Data goes one way. A room imports only from rooms on lower floors; `tests/it/tidy/floors.rs` holds them to it.
//!
//! ```text
//! aether.yaml ─► Manifest ─► Project ─► Graph ─┬─► artifacts (infra/…)
//!                aether.lock                   └─► Plan ─► Outcome ─► State
//! playbooks/  ─► Tasks ─► HostProgram ─────────────┘
//! ```

// floor 0: words
pub mod address;
pub mod diagnostic;
pub mod digest;
pub mod secret;
pub mod yaml;
// floor 1: languages and tables
pub mod manifest;
pub mod playbook;
pub mod stack;
// floor 2 to 5: the decisions, all pure
pub mod graph;
pub mod plan;
pub mod project;
pub mod state;
// floor 6: what the world looks like from inside
pub mod ports;
// floor 7: plug-ins and the only room that touches the world
pub mod adapters;
pub mod artifacts;
pub mod providers;
// floor 8: engines
pub mod apply;
pub mod bundle;
pub mod compile;
pub mod converge;
pub mod index;
pub mod lock;
// floor 9 and 10: what a user can ask, and how
pub mod cli;
pub mod workflows;
