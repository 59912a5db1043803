//! `schema`: the JSON Schema of the manifest, for editors.

use super::load::provider_sections;
use crate::manifest;
use serde_json::Value;

/// The schema with the keys of every provider.
pub fn schema() -> Value {
    manifest::schema(&provider_sections())
}
