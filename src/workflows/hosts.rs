//! From what a user typed to hosts of the graph.

use super::Failure;
use crate::diagnostic::nearest;
use crate::graph::{Graph, Host};

/// The hosts that any of `names` means: a group, `group/name`, or a host's own name. All of them when none is given.
pub(super) fn select<'a>(graph: &'a Graph, names: &[String]) -> Result<Vec<&'a Host>, Failure> {
    for name in names {
        if !graph.hosts.iter().any(|host| is_meant(host, name)) {
            return Err(unknown(graph, name));
        }
    }
    Ok(graph.hosts.iter().filter(|host| names.is_empty() || names.iter().any(|name| is_meant(host, name))).collect())
}

/// The one host that `name` means.
pub(super) fn one<'a>(graph: &'a Graph, name: &str) -> Result<&'a Host, Failure> {
    match select(graph, std::slice::from_ref(&name.to_owned()))?.as_slice() {
        [host] => Ok(host),
        hosts => Err(Failure::ManyHosts {
            name: name.to_owned(),
            hosts: hosts.iter().map(|host| host.address.to_string()).collect(),
        }),
    }
}

fn is_meant(host: &Host, name: &str) -> bool {
    host.address.group == name || host.address.name == name || host.address.to_string() == name
}

fn unknown(graph: &Graph, name: &str) -> Failure {
    let addresses: Vec<String> = graph.hosts.iter().map(|host| host.address.to_string()).collect();
    let known = graph.hosts.iter().flat_map(|host| [host.address.name.as_str(), host.address.group.as_str()]);
    let nearest = nearest(name, known.chain(addresses.iter().map(String::as_str))).map(str::to_owned);
    Failure::NoHost { name: name.to_owned(), nearest }
}
