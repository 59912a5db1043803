//! The network itself.

use super::session::Session;
use super::{Kind, tags, text, unchangeable};
use crate::graph::{Attributes, Found};
use crate::ports::{CloudError, Creation, Made};
use aws_sdk_ec2::types::ResourceType;

pub(super) const KIND: Kind = Kind { name: "vpc", read, create, update: unchangeable, delete };

fn read(session: &Session, owner: &str) -> Result<Vec<Found>, CloudError> {
    let pages = session.client.describe_vpcs().filters(tags::of_owner(owner)).into_paginator().items().send();
    let all = session.run("DescribeVpcs", pages.collect::<Result<Vec<_>, _>>())?;
    Ok(all.iter().filter_map(|vpc| tags::found(vpc.vpc_id(), vpc.tags(), Attributes::new())).collect())
}

fn create(session: &Session, creation: &Creation, made: Made<'_>) -> Result<(), CloudError> {
    let call = session.once.create_vpc().cidr_block(text(&creation.attributes, "range"));
    let call = call.tag_specifications(tags::specification(ResourceType::Vpc, creation));
    let answer = session.run("CreateVpc", call.send())?;
    made(answer.vpc().and_then(|vpc| vpc.vpc_id()).unwrap_or_default())
}

fn delete(session: &Session, id: &str) -> Result<(), CloudError> {
    session.run("DeleteVpc", session.client.delete_vpc().vpc_id(id).send()).map(drop)
}
