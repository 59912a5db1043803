//! Who may reach the machines of a host group.

use super::patience::{AGREES, patiently};
use super::session::Session;
use super::{Kind, failure, list, shown, tags, text};
use crate::graph::{AttributeValue, Attributes, Found};
use crate::ports::{CloudError, Creation, Made};
use aws_sdk_ec2::types::{IpPermission, IpRange, Ipv6Range, ResourceType, SecurityGroup};

pub(super) const KIND: Kind = Kind { name: "security_group", read, create, update, delete };

const SSH: i32 = 22;

fn read(session: &Session, owner: &str) -> Result<Vec<Found>, CloudError> {
    let call = session.client.describe_security_groups().filters(tags::of_owner(owner));
    let pages = call.into_paginator().items().send();
    let all = session.run("DescribeSecurityGroups", pages.collect::<Result<Vec<_>, _>>())?;
    let found = |group: &SecurityGroup| {
        let (ssh, others): (Vec<_>, Vec<_>) = group.ip_permissions().iter().partition(|rule| is_ssh(rule));
        let attributes = shown([
            ("ssh_from", AttributeValue::list(ssh.into_iter().flat_map(ranges))),
            ("other_rules", AttributeValue::list(others.into_iter().map(in_words))),
        ]);
        tags::found(group.group_id(), group.tags(), attributes)
    };
    Ok(all.iter().filter_map(found).collect())
}

/// Port 22 for address ranges, and nothing else.
fn is_ssh(rule: &IpPermission) -> bool {
    rule.ip_protocol() == Some("tcp")
        && (rule.from_port(), rule.to_port()) == (Some(SSH), Some(SSH))
        && rule.user_id_group_pairs().is_empty()
        && rule.prefix_list_ids().is_empty()
}

fn ranges(rule: &IpPermission) -> impl Iterator<Item = &str> {
    let v6 = rule.ipv6_ranges().iter().filter_map(|range| range.cidr_ipv6());
    rule.ip_ranges().iter().filter_map(|range| range.cidr_ip()).chain(v6)
}

/// `tcp 80-80 from 0.0.0.0/0`.
fn in_words(rule: &IpPermission) -> String {
    let ports = match (rule.from_port(), rule.to_port()) {
        (Some(from), Some(to)) => format!(" {from}-{to}"),
        _ => String::new(),
    };
    let from: Vec<&str> = ranges(rule).collect();
    format!("{}{ports} from {}", rule.ip_protocol().unwrap_or_default(), from.join(" "))
}

fn create(session: &Session, creation: &Creation, made: Made<'_>) -> Result<(), CloudError> {
    let name = tags::name(creation);
    let call = session.once.create_security_group().group_name(&name).vpc_id(text(&creation.attributes, "vpc"));
    let call = call.description(format!("SSH from the given ranges to {name}"));
    let call = call.tag_specifications(tags::specification(ResourceType::SecurityGroup, creation));
    let answer = patiently(failure::is_gone, AGREES, || session.run("CreateSecurityGroup", call.clone().send()))?;
    let id = answer.group_id().unwrap_or_default();
    made(id)?;
    patiently(failure::is_gone, AGREES, || update(session, id, &creation.attributes))
}

/// Rules are compared with what stands at this moment: what is too much goes, what lacks comes.
fn update(session: &Session, id: &str, attributes: &Attributes) -> Result<(), CloudError> {
    let there =
        session.run("DescribeSecurityGroups", session.client.describe_security_groups().group_ids(id).send())?;
    let rules: Vec<&IpPermission> = there.security_groups().iter().flat_map(SecurityGroup::ip_permissions).collect();
    let (ssh, others): (Vec<&IpPermission>, Vec<_>) = rules.into_iter().partition(|rule| is_ssh(rule));
    if attributes.contains_key("ssh_from") {
        let wanted: Vec<&str> = list(attributes, "ssh_from").iter().map(String::as_str).collect();
        let open: Vec<&str> = ssh.into_iter().flat_map(ranges).collect();
        close(session, id, open.iter().filter(|range| !wanted.contains(range)).map(|range| rule(range)).collect())?;
        let lacking: Vec<IpPermission> =
            wanted.iter().filter(|range| !open.contains(range)).map(|range| rule(range)).collect();
        if !lacking.is_empty() {
            let call = session.client.authorize_security_group_ingress().group_id(id).set_ip_permissions(Some(lacking));
            session.run("AuthorizeSecurityGroupIngress", call.send())?;
        }
    }
    if attributes.contains_key("other_rules") {
        close(session, id, others.into_iter().cloned().collect())?;
    }
    Ok(())
}

fn close(session: &Session, id: &str, rules: Vec<IpPermission>) -> Result<(), CloudError> {
    if rules.is_empty() {
        return Ok(());
    }
    let call = session.client.revoke_security_group_ingress().group_id(id).set_ip_permissions(Some(rules));
    session.run("RevokeSecurityGroupIngress", call.send()).map(drop)
}

/// Port 22 for one range.
fn rule(range: &str) -> IpPermission {
    let rule = IpPermission::builder().ip_protocol("tcp").from_port(SSH).to_port(SSH);
    if range.contains(':') {
        return rule.ipv6_ranges(Ipv6Range::builder().cidr_ipv6(range).description("SSH").build()).build();
    }
    rule.ip_ranges(IpRange::builder().cidr_ip(range).description("SSH").build()).build()
}

fn delete(session: &Session, id: &str) -> Result<(), CloudError> {
    session.run("DeleteSecurityGroup", session.client.delete_security_group().group_id(id).send()).map(drop)
}
