//! The way from the network to the internet.

use super::patience::{AGREES, patiently};
use super::session::Session;
use super::{Kind, failure, shown, tags, text};
use crate::graph::{Attributes, Found};
use crate::ports::{CloudError, Creation, Made};
use aws_sdk_ec2::types::{InternetGateway, ResourceType};

pub(super) const KIND: Kind = Kind { name: "internet_gateway", read, create, update, delete };

fn read(session: &Session, owner: &str) -> Result<Vec<Found>, CloudError> {
    let call = session.client.describe_internet_gateways().filters(tags::of_owner(owner));
    let pages = call.into_paginator().items().send();
    let all = session.run("DescribeInternetGateways", pages.collect::<Result<Vec<_>, _>>())?;
    let found = |gateway: &InternetGateway| {
        let attributes = shown([("vpc", network(gateway).into())]);
        tags::found(gateway.internet_gateway_id(), gateway.tags(), attributes)
    };
    Ok(all.iter().filter_map(found).collect())
}

/// The network that it is attached to; empty when it is to none.
fn network(gateway: &InternetGateway) -> &str {
    gateway.attachments().first().and_then(|attachment| attachment.vpc_id()).unwrap_or_default()
}

fn create(session: &Session, creation: &Creation, made: Made<'_>) -> Result<(), CloudError> {
    let call = session.once.create_internet_gateway();
    let call = call.tag_specifications(tags::specification(ResourceType::InternetGateway, creation));
    let answer = session.run("CreateInternetGateway", call.send())?;
    let id = answer.internet_gateway().and_then(InternetGateway::internet_gateway_id).unwrap_or_default();
    made(id)?;
    attach(session, id, &creation.attributes)
}

fn update(session: &Session, id: &str, attributes: &Attributes) -> Result<(), CloudError> {
    detach(session, id)?;
    attach(session, id, attributes)
}

fn attach(session: &Session, id: &str, attributes: &Attributes) -> Result<(), CloudError> {
    let call = session.client.attach_internet_gateway().internet_gateway_id(id).vpc_id(text(attributes, "vpc"));
    patiently(failure::is_gone, AGREES, || session.run("AttachInternetGateway", call.clone().send())).map(drop)
}

/// From whatever it is attached to.
fn detach(session: &Session, id: &str) -> Result<(), CloudError> {
    let call = session.client.describe_internet_gateways().internet_gateway_ids(id);
    let there = session.run("DescribeInternetGateways", call.send())?;
    for gateway in there.internet_gateways().iter().filter(|gateway| !network(gateway).is_empty()) {
        let call = session.client.detach_internet_gateway().internet_gateway_id(id).vpc_id(network(gateway));
        session.run("DetachInternetGateway", call.send())?;
    }
    Ok(())
}

fn delete(session: &Session, id: &str) -> Result<(), CloudError> {
    detach(session, id)?;
    let call = session.client.delete_internet_gateway().internet_gateway_id(id);
    session.run("DeleteInternetGateway", call.send()).map(drop)
}
