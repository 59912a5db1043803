//! A host group as objects of EC2: what the machines stand on, and the machines.
//!
//! All host groups of a project in one region share the network; each has a security group of its own. What an attribute
//! means to EC2 is known in `adapters/aws/`.

use super::check::Machine;
use super::spec::Spec;
use crate::address::CloudAddress;
use crate::graph::AttributeValue::{Number, Reference};
use crate::graph::{AttributeValue, Change, CloudObject};
use crate::project::HostGroup;
use crate::yaml::Spanned;

/// The private range of a project's network, and of the one subnet in it.
const NETWORK: &str = "10.83.0.0/16";
const SUBNET: &str = "10.83.0.0/18";

/// The name of what a project has once per region.
const SHARED: &str = "main";

/// Everything that a host group takes, each after everything that it needs.
pub(super) fn objects(group: &HostGroup, spec: &Spec, machine: &Machine) -> Vec<CloudObject> {
    let Some(region) = &spec.region else { return Vec::new() };
    let named = |kind: &str, name: &str| address(&region.value, kind, name);
    let mut objects = network(&named);
    let firewall = firewall(&named, group, spec);
    let machines = (0..spec.count).map(|index| {
        let address = named("instance", &format!("{}/{index}", group.name));
        instance(address, spec, machine)
            .with("subnet", Reference(named("subnet", SHARED)), Change::Replace)
            .with("security_group", Reference(firewall.address.clone()), Change::Replace)
            .after(&named("route_table", SHARED))
    });
    let machines: Vec<CloudObject> = machines.collect();
    objects.push(firewall);
    objects.extend(machines);
    objects
}

/// One network with one subnet and a way out.
fn network(named: &impl Fn(&str, &str) -> CloudAddress) -> Vec<CloudObject> {
    let object = |kind: &str| CloudObject::new(named(kind, SHARED));
    let to = |kind: &str| Reference(named(kind, SHARED));
    vec![
        object("vpc").with("range", NETWORK.into(), Change::Replace),
        object("internet_gateway").with("vpc", to("vpc"), Change::InPlace),
        object("subnet").with("vpc", to("vpc"), Change::Replace).with("range", SUBNET.into(), Change::Replace),
        object("route_table")
            .with("vpc", to("vpc"), Change::Replace)
            .with("way_out", to("internet_gateway"), Change::InPlace)
            .with("subnet", to("subnet"), Change::InPlace),
    ]
}

/// Who may reach the machines of a group; they may reach everything.
fn firewall(named: &impl Fn(&str, &str) -> CloudAddress, group: &HostGroup, spec: &Spec) -> CloudObject {
    let ranges = spec.ssh_from.iter().map(|range| range.value.as_str());
    CloudObject::new(named("security_group", &group.name))
        .with("vpc", Reference(named("vpc", SHARED)), Change::Replace)
        .with("ssh_from", AttributeValue::list(ranges), Change::InPlace)
        .with("other_rules", AttributeValue::List(Vec::new()), Change::InPlace)
}

/// A machine by itself: its disk encrypted, its metadata only for who can set a header (`IMDSv2`).
fn instance(address: CloudAddress, spec: &Spec, machine: &Machine) -> CloudObject {
    let market = if spec.spot { "spot" } else { "on-demand" };
    let object = CloudObject::new(address)
        .with("machine", machine.name.as_str().into(), Change::InPlace)
        .with("image", image(spec.image.as_ref(), machine), Change::Replace)
        .with("disk_gib", Number(spec.disk_gib), Change::Replace)
        .with("market", market.into(), Change::Replace)
        .with("metadata_tokens", "required".into(), Change::InPlace)
        .with("power", "running".into(), Change::InPlace);
    match &spec.key_name {
        Some(key) => object.with("key_name", key.value.as_str().into(), Change::Replace),
        None => object,
    }
}

/// The image as named, or the parameter in which Canonical keeps the id of its newest one; EC2 looks it up at launch, so
/// that a newer image replaces no machine.
fn image(image: Option<&Spanned<String>>, machine: &Machine) -> AttributeValue {
    let architecture = if machine.row.is_some_and(|row| row.architecture == "aarch64") { "arm64" } else { "amd64" };
    image.map_or_else(
        || {
            AttributeValue::Text(format!(
                "resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/{architecture}/hvm/ebs-gp3/ami-id"
            ))
        },
        |image| image.value.as_str().into(),
    )
}

fn address(region: &str, kind: &str, name: &str) -> CloudAddress {
    CloudAddress { provider: "aws".to_owned(), region: region.to_owned(), kind: kind.to_owned(), name: name.to_owned() }
}
