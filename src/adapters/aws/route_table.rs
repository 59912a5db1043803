//! Which way what leaves a subnet goes.

use super::patience::{AGREES, patiently};
use super::session::Session;
use super::{Kind, failure, shown, tags, text};
use crate::graph::{Attributes, Found};
use crate::ports::{CloudError, Creation, Made};
use aws_sdk_ec2::types::{ResourceType, RouteTable};

pub(super) const KIND: Kind = Kind { name: "route_table", read, create, update, delete };

/// Every address that is in no nearer range.
const EVERYWHERE: &str = "0.0.0.0/0";

fn read(session: &Session, owner: &str) -> Result<Vec<Found>, CloudError> {
    let pages = session.client.describe_route_tables().filters(tags::of_owner(owner)).into_paginator().items().send();
    let all = session.run("DescribeRouteTables", pages.collect::<Result<Vec<_>, _>>())?;
    let found = |table: &RouteTable| {
        let out = table.routes().iter().find(|route| route.destination_cidr_block() == Some(EVERYWHERE));
        let subnet = table.associations().iter().find_map(|association| association.subnet_id());
        let attributes = shown([
            ("way_out", out.and_then(|route| route.gateway_id()).unwrap_or_default().into()),
            ("subnet", subnet.unwrap_or_default().into()),
        ]);
        tags::found(table.route_table_id(), table.tags(), attributes)
    };
    Ok(all.iter().filter_map(found).collect())
}

fn create(session: &Session, creation: &Creation, made: Made<'_>) -> Result<(), CloudError> {
    let call = session.once.create_route_table().vpc_id(text(&creation.attributes, "vpc"));
    let call = call.tag_specifications(tags::specification(ResourceType::RouteTable, creation));
    let answer = patiently(failure::is_gone, AGREES, || session.run("CreateRouteTable", call.clone().send()))?;
    let id = answer.route_table().and_then(RouteTable::route_table_id).unwrap_or_default();
    made(id)?;
    patiently(failure::is_gone, AGREES, || update(session, id, &creation.attributes))
}

fn update(session: &Session, id: &str, attributes: &Attributes) -> Result<(), CloudError> {
    if attributes.contains_key("way_out") {
        lead_out(session, id, text(attributes, "way_out"))?;
    }
    if attributes.contains_key("subnet") {
        let call = session.client.associate_route_table().route_table_id(id).subnet_id(text(attributes, "subnet"));
        session.run("AssociateRouteTable", call.send())?;
    }
    Ok(())
}

/// Sets the route to everywhere, whether there is one already or not.
fn lead_out(session: &Session, id: &str, gateway: &str) -> Result<(), CloudError> {
    let (client, call) = (&session.client, "CreateRoute");
    let create = client.create_route().route_table_id(id).destination_cidr_block(EVERYWHERE).gateway_id(gateway);
    match session.run(call, create.send()) {
        Err(error) if failure::has_code(&error, |code| code == "RouteAlreadyExists") => {
            let replace = client.replace_route().route_table_id(id).destination_cidr_block(EVERYWHERE);
            session.run("ReplaceRoute", replace.gateway_id(gateway).send()).map(drop)
        }
        done => done.map(drop),
    }
}

fn delete(session: &Session, id: &str) -> Result<(), CloudError> {
    let there =
        session.run("DescribeRouteTables", session.client.describe_route_tables().route_table_ids(id).send())?;
    let ties = there.route_tables().iter().flat_map(RouteTable::associations);
    for tie in ties.filter(|tie| tie.main() != Some(true)).filter_map(|tie| tie.route_table_association_id()) {
        let call = session.client.disassociate_route_table().association_id(tie);
        session.run("DisassociateRouteTable", call.send())?;
    }
    session.run("DeleteRouteTable", session.client.delete_route_table().route_table_id(id).send()).map(drop)
}
