//! The part of the network that machines stand in.

use super::patience::{AGREES, patiently};
use super::session::Session;
use super::{Kind, failure, tags, text, unchangeable};
use crate::graph::{Attributes, Found};
use crate::ports::{CloudError, Creation, Made};
use aws_sdk_ec2::types::ResourceType;

pub(super) const KIND: Kind = Kind { name: "subnet", read, create, update: unchangeable, delete };

fn read(session: &Session, owner: &str) -> Result<Vec<Found>, CloudError> {
    let pages = session.client.describe_subnets().filters(tags::of_owner(owner)).into_paginator().items().send();
    let all = session.run("DescribeSubnets", pages.collect::<Result<Vec<_>, _>>())?;
    Ok(all.iter().filter_map(|subnet| tags::found(subnet.subnet_id(), subnet.tags(), Attributes::new())).collect())
}

fn create(session: &Session, creation: &Creation, made: Made<'_>) -> Result<(), CloudError> {
    let Creation { attributes, .. } = creation;
    let call = session.once.create_subnet().vpc_id(text(attributes, "vpc")).cidr_block(text(attributes, "range"));
    let call = call.tag_specifications(tags::specification(ResourceType::Subnet, creation));
    let answer = patiently(failure::is_gone, AGREES, || session.run("CreateSubnet", call.clone().send()))?;
    made(answer.subnet().and_then(|subnet| subnet.subnet_id()).unwrap_or_default())
}

fn delete(session: &Session, id: &str) -> Result<(), CloudError> {
    session.run("DeleteSubnet", session.client.delete_subnet().subnet_id(id).send()).map(drop)
}
