//! Everything a front hands to a workflow. Engines never see it: they take the two or three ports they use.

use super::{Clock, Clouds, Dialer, Files, Http, Interrupt, LargeFiles, Programs, Progress, Prompt, StateStore};
use std::sync::Arc;

/// The world as one value.
#[derive(Clone)]
pub struct World {
    /// The project's folder.
    pub files: Arc<dyn Files>,
    /// Its files that are too large for memory.
    pub large: Arc<dyn LargeFiles>,
    /// Other programs here.
    pub programs: Arc<dyn Programs>,
    /// Package indexes and mirrors.
    pub http: Arc<dyn Http>,
    /// Machines.
    pub dialer: Arc<dyn Dialer>,
    /// Where machines are made.
    pub clouds: Clouds,
    /// State, journal and lock.
    pub store: Arc<dyn StateStore>,
    /// The person.
    pub prompt: Arc<dyn Prompt>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Who listens.
    pub progress: Arc<dyn Progress>,
    /// Whether to stop.
    pub interrupt: Interrupt,
    /// What says which package index is meant.
    pub package_settings: PackageSettings,
    /// `AETHER_VAR_*` of the environment, prefix removed.
    pub variables: Vec<(String, String)>,
    /// Who runs this: `user@machine pid 4711`, shown to whoever finds a lock held.
    pub owner: String,
    /// A random name that no other process has: of its runs on hosts, and the lineage of a state it begins.
    pub fresh_name: String,
}

/// Settings of `uv` and `pip` outside the project.
#[derive(Clone, Default)]
pub struct PackageSettings {
    /// `UV_DEFAULT_INDEX`, `UV_INDEX_URL` and `PIP_INDEX_URL`, where set. May hold passwords: never shown.
    pub variables: Vec<(String, String)>,
    /// Texts of `uv.toml` and `pip.conf` of the user and of the machine, most binding first.
    pub configurations: Vec<String>,
}
