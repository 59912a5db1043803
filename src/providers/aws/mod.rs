//! `provider: aws`: GPU machines of EC2 with what they stand on: a network of the project's own and a firewall.

mod catalog;
mod check;
mod lower;
mod objects;
mod spec;

use crate::diagnostic::Diagnostics;
use crate::manifest::Implied;
use crate::ports::{Lowered, Offers, Provider};
use crate::project::HostGroup;
use crate::yaml::{Field, Node};
use std::path::Path;

/// Machines of EC2.
#[derive(Debug)]
pub(super) struct Aws;

impl Provider for Aws {
    fn name(&self) -> &'static str {
        "aws"
    }

    fn summary(&self) -> &'static str {
        "GPU machines of Amazon EC2, in a network of the project's own"
    }

    fn fields(&self) -> &'static [Field] {
        spec::FIELDS
    }

    fn implied(&self) -> fn(&Node) -> Implied {
        spec::implied
    }

    fn offers(&self) -> Option<Offers> {
        Some(catalog::OFFERS)
    }

    fn lower(&self, group: &HostGroup, _root: &Path, diagnostics: &mut Diagnostics) -> Lowered {
        let Some(spec) = spec::read(group, diagnostics) else { return Lowered::default() };
        let Some(machine) = check::check(group, &spec, diagnostics) else { return Lowered::default() };
        let objects = objects::objects(group, &spec, &machine);
        Lowered { hosts: Vec::new(), machines: Some(lower::lower(group, &spec, &machine)), objects }
    }
}
