//! The JSON Schema of each command's document, by the command's name.

use super::{
    AppliedView, BundleView, CompletionsView, DriftView, ExecutedView, ExplainView, GraphView, InitView, LockView,
    ManView, OffersView, PlanView, RenderView, StackListView, StackRefreshView, StackResolveView, StateEditedView,
    StateHistoryView, StateListView, StateShowView, StatusView, ValidateView, VerifiedView,
};
use crate::cli::failure::FailureView;
use schemars::{Schema, schema_for};

/// Name and schema of every document, sorted by name.
pub fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("apply", schema_for!(AppliedView)),
        ("bundle", schema_for!(BundleView)),
        ("completions", schema_for!(CompletionsView)),
        ("destroy", schema_for!(AppliedView)),
        ("drift", schema_for!(DriftView)),
        ("exec", schema_for!(ExecutedView)),
        ("explain", schema_for!(ExplainView)),
        ("failure", schema_for!(FailureView)),
        ("graph", schema_for!(GraphView)),
        ("init", schema_for!(InitView)),
        ("lock", schema_for!(LockView)),
        ("man", schema_for!(ManView)),
        ("offers", schema_for!(OffersView)),
        ("plan", schema_for!(PlanView)),
        ("render", schema_for!(RenderView)),
        ("resume", schema_for!(AppliedView)),
        ("stack-list", schema_for!(StackListView)),
        ("stack-refresh", schema_for!(StackRefreshView)),
        ("stack-resolve", schema_for!(StackResolveView)),
        ("state-history", schema_for!(StateHistoryView)),
        ("state-list", schema_for!(StateListView)),
        ("state-mv", schema_for!(StateEditedView)),
        ("state-push", schema_for!(StateEditedView)),
        ("state-restore", schema_for!(StateEditedView)),
        ("state-rm", schema_for!(StateEditedView)),
        ("state-show", schema_for!(StateShowView)),
        ("status", schema_for!(StatusView)),
        ("validate", schema_for!(ValidateView)),
        ("verify", schema_for!(VerifiedView)),
    ]
}
