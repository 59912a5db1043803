//! `provider: ssh`: machines that exist and take a login.

mod check;
mod endpoint;
mod lower;
mod spec;

use crate::diagnostic::Diagnostics;
use crate::manifest::Implied;
use crate::ports::{Lowered, Provider};
use crate::project::HostGroup;
use crate::yaml::{Field, Node};
use std::path::Path;

/// Machines that exist.
#[derive(Debug)]
pub(super) struct Ssh;

impl Provider for Ssh {
    fn name(&self) -> &'static str {
        "ssh"
    }

    fn summary(&self) -> &'static str {
        "machines that exist already, reached over SSH"
    }

    fn fields(&self) -> &'static [Field] {
        spec::FIELDS
    }

    fn implied(&self) -> fn(&Node) -> Implied {
        spec::implied
    }

    fn lower(&self, group: &HostGroup, _root: &Path, diagnostics: &mut Diagnostics) -> Lowered {
        let Some(spec) = spec::read(group, diagnostics) else { return Lowered::default() };
        let endpoints = check::check(group, &spec, diagnostics);
        let hosts = endpoints.iter().map(|endpoint| lower::lower(group, &spec, endpoint)).collect();
        Lowered { hosts, ..Lowered::default() }
    }
}
