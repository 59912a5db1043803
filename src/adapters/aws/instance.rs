//! Machines with their system disk.

use super::patience::{self, AGREES, patiently};
use super::session::Session;
use super::{Kind, failure, number, shown, tags, text};
use crate::graph::{Attributes, Found};
use crate::ports::{CloudError, Creation, Made};
use aws_sdk_ec2::types::{
    AttributeValue, BlockDeviceMapping, EbsBlockDevice, HttpTokensState, Instance, InstanceMarketOptionsRequest,
    InstanceMetadataEndpointState, InstanceMetadataOptionsRequest, InstanceNetworkInterfaceSpecification,
    InstanceStateName, InstanceType, MarketType, Reservation, ResourceType, VolumeType,
};

pub(super) const KIND: Kind = Kind { name: "instance", read, create, update, delete };

/// States of a machine that still stands.
const STANDING: [&str; 4] = ["pending", "running", "stopping", "stopped"];

/// The system disk of Ubuntu's images, where the image is only looked up at launch.
const DISK: &str = "/dev/sda1";

fn read(session: &Session, owner: &str) -> Result<Vec<Found>, CloudError> {
    let call = session.client.describe_instances().filters(tags::of_owner(owner));
    let call = call.filters(tags::filter("instance-state-name", STANDING));
    let pages = call.into_paginator().items().send();
    let reservations = session.run("DescribeInstances", pages.collect::<Result<Vec<_>, _>>())?;
    let found = |instance: &Instance| {
        let tokens = instance.metadata_options().and_then(|options| options.http_tokens());
        let power = match state(instance) {
            "pending" | "running" => "running",
            other => other,
        };
        let attributes = shown([
            ("machine", instance.instance_type().map(InstanceType::as_str).unwrap_or_default().into()),
            ("metadata_tokens", tokens.map(HttpTokensState::as_str).unwrap_or_default().into()),
            ("power", power.into()),
        ]);
        tags::found(instance.instance_id(), instance.tags(), attributes)
    };
    Ok(reservations.iter().flat_map(Reservation::instances).filter_map(found).collect())
}

fn state(instance: &Instance) -> &str {
    instance.state().and_then(|state| state.name()).map(InstanceStateName::as_str).unwrap_or_default()
}

fn create(session: &Session, creation: &Creation, made: Made<'_>) -> Result<(), CloudError> {
    let Creation { attributes, token, .. } = creation;
    let image = text(attributes, "image");
    let disk = disk(&system_disk(session, image)?, number(attributes, "disk_gib"));
    let spot = InstanceMarketOptionsRequest::builder().market_type(MarketType::Spot).build();
    let metadata = InstanceMetadataOptionsRequest::builder().http_endpoint(InstanceMetadataEndpointState::Enabled);
    let metadata = metadata.http_tokens(text(attributes, "metadata_tokens").into()).http_put_response_hop_limit(1);
    let call = session.client.run_instances().min_count(1).max_count(1).client_token(token);
    let call = call.image_id(image).instance_type(text(attributes, "machine").into()).block_device_mappings(disk);
    let call = call.network_interfaces(interface(attributes)).metadata_options(metadata.build());
    let call = call.set_key_name(attributes.get("key_name").map(ToString::to_string));
    let call = call.set_instance_market_options((text(attributes, "market") == "spot").then_some(spot));
    let call = call.tag_specifications(tags::specification(ResourceType::Instance, creation));
    let call = call.tag_specifications(tags::specification(ResourceType::Volume, creation));
    let answer = patiently(is_not_yet_there, AGREES, || session.run("RunInstances", call.clone().send()))?;
    let id = answer.instances().first().and_then(Instance::instance_id).unwrap_or_default();
    made(id)?;
    wait_for(session, id, "running")
}

/// What was made a moment ago, and the call stands on; a missing image or key stays missing.
fn is_not_yet_there(error: &CloudError) -> bool {
    let codes = ["InvalidSubnetID.NotFound", "InvalidGroup.NotFound"];
    failure::has_code(error, |code| codes.contains(&code))
}

/// The only interface: in the subnet, behind the security group, with a public address.
fn interface(attributes: &Attributes) -> InstanceNetworkInterfaceSpecification {
    let interface = InstanceNetworkInterfaceSpecification::builder().device_index(0).delete_on_termination(true);
    let interface = interface.subnet_id(text(attributes, "subnet")).groups(text(attributes, "security_group"));
    interface.associate_public_ip_address(true).build()
}

fn disk(name: &str, gib: i32) -> BlockDeviceMapping {
    let volume = EbsBlockDevice::builder().encrypted(true).volume_type(VolumeType::Gp3).volume_size(gib);
    BlockDeviceMapping::builder().device_name(name).ebs(volume.delete_on_termination(true).build()).build()
}

/// The name of the system disk, which the image gives it; another name would be a second disk.
fn system_disk(session: &Session, image: &str) -> Result<String, CloudError> {
    if !image.starts_with("ami-") {
        return Ok(DISK.to_owned());
    }
    let images = session.run("DescribeImages", session.client.describe_images().image_ids(image).send())?;
    Ok(images.images().first().and_then(|image| image.root_device_name()).unwrap_or(DISK).to_owned())
}

fn update(session: &Session, id: &str, attributes: &Attributes) -> Result<(), CloudError> {
    if let Some(tokens) = attributes.get("metadata_tokens") {
        let call = session.client.modify_instance_metadata_options().instance_id(id);
        let call = call.http_tokens(tokens.to_string().as_str().into());
        session.run("ModifyInstanceMetadataOptions", call.send())?;
    }
    if let Some(machine) = attributes.get("machine") {
        session.run("StopInstances", session.client.stop_instances().instance_ids(id).send())?;
        wait_for(session, id, "stopped")?;
        let call = session.client.modify_instance_attribute().instance_id(id);
        let call = call.instance_type(AttributeValue::builder().value(machine.to_string()).build());
        session.run("ModifyInstanceAttribute", call.send())?;
    }
    session.run("StartInstances", session.client.start_instances().instance_ids(id).send())?;
    wait_for(session, id, "running")
}

fn delete(session: &Session, id: &str) -> Result<(), CloudError> {
    session.run("TerminateInstances", session.client.terminate_instances().instance_ids(id).send())?;
    wait_for(session, id, "terminated")
}

fn wait_for(session: &Session, id: &str, wanted: &str) -> Result<(), CloudError> {
    let call = session.client.describe_instances().instance_ids(id);
    patience::wait_for(
        id,
        wanted,
        |state| state == "terminated",
        || {
            let answer = patiently(failure::is_gone, AGREES, || session.run("DescribeInstances", call.clone().send()))?;
            let instance = answer.reservations().iter().flat_map(Reservation::instances).next();
            Ok(instance.map(state).unwrap_or_default().to_owned())
        },
    )
}
