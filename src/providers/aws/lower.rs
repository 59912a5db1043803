//! A host group as machines to be made: settings of the Terraform module `aws/gpu_host`.

use super::catalog::{PRICES_IN, PRICES_OF};
use super::check::Machine;
use super::spec::Spec;
use crate::graph::Machines;
use crate::project::HostGroup;
use crate::yaml::Spanned;
use serde_json::{Value, json};

/// The machines of `group`. A spot price moves by the minute, so only on-demand machines carry one.
pub(super) fn lower(group: &HostGroup, spec: &Spec, machine: &Machine) -> Machines {
    let ranges: Vec<&str> = spec.ssh_from.iter().map(|range| range.value.as_str()).collect();
    let hourly_cost = machine
        .row
        .filter(|_| !spec.spot)
        .and_then(|row| row.hourly)
        .map(|price| (price, format!("{PRICES_OF}, {PRICES_IN}")));
    Machines {
        group: group.name.clone(),
        provider: "aws".to_owned(),
        count: spec.count,
        settings: vec![
            ("disk_gib".to_owned(), json!(spec.disk_gib)),
            ("image".to_owned(), text(spec.image.as_ref())),
            ("key_name".to_owned(), text(spec.key_name.as_ref())),
            ("machine".to_owned(), json!(machine.name)),
            ("region".to_owned(), text(spec.region.as_ref())),
            ("spot".to_owned(), json!(spec.spot)),
            ("ssh_from".to_owned(), json!(ranges)),
        ],
        hourly_cost,
    }
}

fn text(value: Option<&Spanned<String>>) -> Value {
    value.map_or(Value::Null, |value| json!(value.value))
}
