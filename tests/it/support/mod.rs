//! What several topics of the integration tests need.

pub mod graph;
