//! A host group as machines to be made: settings of the Terraform module `aws/gpu_host`.

use super::catalog::{PRICES_IN, PRICES_OF};
use super::check::Machine;
use super::spec::Spec;
use crate::graph::{Machines, Price};
use crate::project::HostGroup;
use crate::yaml::Spanned;
use serde_json::{Value, json};

/// The machines of `group`. The price of spare capacity moves by the minute, and stays at or below that on demand: a
/// request that names no other limit has this one.
pub(super) fn lower(group: &HostGroup, spec: &Spec, machine: &Machine) -> Machines {
    let ranges: Vec<&str> = spec.ssh_from.iter().map(|range| range.value.as_str()).collect();
    let price = machine.row.and_then(|row| row.hourly).map(|hourly| Price {
        hourly,
        read: format!("{PRICES_OF}, {PRICES_IN}"),
        is_most: spec.spot,
    });
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
        price,
    }
}

fn text(value: Option<&Spanned<String>>) -> Value {
    value.map_or(Value::Null, |value| json!(value.value))
}
