//! `provider: aws`: GPU machines of EC2. Today Terraform makes them; Aether says which and what they cost.

mod catalog;
mod check;
mod lower;
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
        "GPU machines of Amazon EC2, made by Terraform"
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
        let machine = check::check(group, &spec, diagnostics);
        Lowered { hosts: Vec::new(), machines: machine.map(|machine| lower::lower(group, &spec, &machine)) }
    }
}
