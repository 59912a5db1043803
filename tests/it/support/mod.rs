//! What several topics of the integration tests need.

pub mod ansible;
pub mod dice;
pub mod disk;
pub mod family;
pub mod gpu;
pub mod graph;
pub mod grid;
pub mod lab;
#[cfg(feature = "aws")]
pub mod moto;
pub mod person;
pub mod playbook;
pub mod project;
pub mod tools;
pub mod web;
pub mod wheel;
