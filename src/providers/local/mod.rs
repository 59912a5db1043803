//! `provider: local`: this machine, in a folder of the project, without root.

mod lower;
mod spec;

use crate::diagnostic::Diagnostics;
use crate::ports::{Lowered, Provider};
use crate::project::HostGroup;
use crate::yaml::Field;
use std::path::Path;

/// This machine.
#[derive(Debug)]
pub(super) struct Local;

impl Provider for Local {
    fn name(&self) -> &'static str {
        "local"
    }

    fn summary(&self) -> &'static str {
        "this machine, in a folder of the project, without root"
    }

    fn fields(&self) -> &'static [Field] {
        spec::FIELDS
    }

    fn lower(&self, group: &HostGroup, root: &Path, diagnostics: &mut Diagnostics) -> Lowered {
        spec::read(group, diagnostics);
        Lowered { hosts: vec![lower::lower(group, root)], ..Lowered::default() }
    }
}
