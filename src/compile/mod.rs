//! Project → graph → files. Pure: the tables of providers and families come in as arguments, and no port does.

mod cost;
mod difference;
mod graph;
mod render;

pub use difference::{Difference, difference};
pub use graph::graph;
pub use render::{Bug, RenderFailure, render};
