//! What a command shows: one value per verb that is both the human text and the JSON document.
//!
//! A view holds plain data and decides only about words. `schemas/<verb>.schema.json` is generated from it.

mod applied;
mod bundle;
mod catalogue;
mod drift;
mod executed;
mod explained;
mod graph;
mod init;
mod lock;
mod objects;
mod offers;
mod paint;
mod plan;
mod render;
mod schemas;
mod stack;
mod state;
mod status;
mod validate;
mod verified;

pub use applied::AppliedView;
pub use bundle::BundleView;
pub use catalogue::{CompletionsView, ExplainView, ManView, Page};
pub use drift::DriftView;
pub use executed::ExecutedView;
pub use explained::Explained;
pub use graph::GraphView;
pub use init::InitView;
pub use lock::LockView;
pub use offers::OffersView;
pub use paint::Paint;
pub use plan::PlanView;
pub use render::RenderView;
pub use schemas::schemas;
pub use stack::{StackListView, StackRefreshView, StackResolveView};
pub use state::{StateEditedView, StateHistoryView, StateListView, StateShowView};
pub use status::StatusView;
pub use validate::ValidateView;
pub use verified::VerifiedView;

use crate::workflows::Unconfirmed;
use schemars::JsonSchema;
use serde::Serialize;

/// One command's answer.
pub trait View: Serialize + JsonSchema {
    /// The text for people, without a final line break.
    fn text(&self, paint: Paint) -> String;
}

/// `1 host`, `2 hosts`.
fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// `not confirmed: … (lab, prod)`: a phrase each, with the groups it is about.
fn unconfirmed_lines(all: &[Unconfirmed]) -> Vec<String> {
    let mut phrases: Vec<(&str, Vec<&str>)> = Vec::new();
    for Unconfirmed { group, what } in all {
        match phrases.iter_mut().find(|(phrase, _)| phrase == what) {
            Some((_, groups)) => groups.push(group),
            None => phrases.push((what, vec![group])),
        }
    }
    phrases.into_iter().map(|(what, groups)| format!("not confirmed: {what} ({})", groups.join(", "))).collect()
}
