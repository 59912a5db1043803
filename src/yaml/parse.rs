//! Text → [`Node`]. The only file that sees the YAML crate.

use super::Node;
use crate::diagnostic::{Diagnostics, Source};
use std::sync::Arc;

/// Reads one YAML document. `None` when nothing sensible came of it; the reasons are in `diagnostics`.
pub fn parse(_source: &Arc<Source>, _diagnostics: &mut Diagnostics) -> Option<Node> {
    None
}
