//! Changes of the record by hand: names and entries. The world stays as it is.

use super::State;
use crate::address::{Address, CloudAddress, HostAddress};
use crate::diagnostic::nearest;
use crate::graph::Way;
use std::collections::BTreeSet;

/// Why a record is not changed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Nothing of that name.
    #[error("nothing is recorded as `{name}`{}", nearest.as_ref().map(|n| format!(", did you mean `{n}`?")).unwrap_or_default())]
    Unknown {
        /// As typed.
        name: String,
        /// The nearest there is.
        nearest: Option<String>,
    },
    /// Something else has that name.
    #[error("`{name}` is recorded already")]
    Taken {
        /// The name that was wished.
        name: String,
    },
    /// A group for a host, and the like.
    #[error(
        "`{from}` cannot be called `{to}`: a group takes the name of a group, a host that of a host, a playbook that of a playbook"
    )]
    Unlike {
        /// As typed.
        from: String,
        /// As typed.
        to: String,
    },
    /// What stands on the host has the name as well.
    #[error(
        "`{address}` stands in a folder of its own name on the host, so that another name in the record would not fit it"
    )]
    Bound {
        /// Which resource.
        address: String,
    },
    /// Its cloud has the name as well.
    #[error(
        "`{address}` carries its address as a tag in its cloud, so that another name in the record would not fit it"
    )]
    Tagged {
        /// Which object.
        address: String,
    },
}

/// Gives a group, a host or a playbook another name, with everything below it. Returns the old names with the new ones.
pub fn rename(state: &mut State, from: &str, to: &str) -> Result<Vec<(Address, Address)>, EditError> {
    let old = recorded(state, from);
    if let (true, Some(tagged)) = (old.is_empty(), objects(state, from).first()) {
        return Err(EditError::Tagged { address: tagged.to_string() });
    }
    if old.is_empty() {
        return Err(unknown(state, from));
    }
    let renamed = |address: &Address| renamed(address, from, to);
    let moves: Vec<(Address, Address)> =
        old.into_iter().map(|address| renamed(&address).map(|new| (address, new))).collect::<Result<_, _>>()?;
    if let Some(bound) = moves.iter().find(|(old, new)| is_bound(state, old, new)) {
        return Err(EditError::Bound { address: bound.0.to_string() });
    }
    let is_taken = |new: &Address| state.resources.contains_key(new) && !moves.iter().any(|(old, _)| old == new);
    if let Some((_, taken)) = moves.iter().find(|(_, new)| is_taken(new)) {
        return Err(EditError::Taken { name: taken.to_string() });
    }
    for (old, new) in &moves {
        carry_host(state, old.host(), new.host());
        let taken_out = state.resources.remove(old);
        state.resources.extend(taken_out.map(|recorded| (new.clone(), recorded)));
    }
    state.forget_empty_hosts();
    Ok(moves)
}

/// Forgets a group, a host or a resource with everything below it, or else objects of a cloud. Returns the names of what
/// was forgotten.
pub fn forget(state: &mut State, name: &str) -> Result<Vec<String>, EditError> {
    let (resources, objects) = (recorded(state, name), objects(state, name));
    if !resources.is_empty() {
        state.resources.retain(|address, _| !resources.contains(address));
        state.forget_empty_hosts();
        return Ok(resources.iter().map(Address::to_string).collect());
    }
    if objects.is_empty() {
        return Err(unknown(state, name));
    }
    for address in &objects {
        state.ended(address.clone(), None);
    }
    Ok(objects.iter().map(CloudAddress::to_string).collect())
}

/// Every resource that is recorded as `name` or below it.
fn recorded(state: &State, name: &str) -> Vec<Address> {
    state.resources.keys().filter(|address| rest(&address.to_string(), name).is_some()).cloned().collect()
}

/// Every object of a cloud that is recorded as `name` or below it, or was begun.
fn objects(state: &State, name: &str) -> BTreeSet<CloudAddress> {
    let all = state.objects.keys().chain(state.open.keys());
    all.filter(|address| rest(&address.to_string(), name).is_some()).cloned().collect()
}

/// Nothing is recorded under a name: what may have been meant.
pub fn unknown(state: &State, name: &str) -> EditError {
    let addresses = state.resources.keys().map(Address::to_string);
    let hosts = state.hosts.keys().flat_map(|host| [host.group.clone(), host.to_string()]);
    let objects = state.objects.keys().chain(state.open.keys()).map(CloudAddress::to_string);
    let known: Vec<String> = addresses.chain(hosts).chain(objects).collect();
    let nearest = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    EditError::Unknown { name: name.to_owned(), nearest }
}

/// What follows `name` in an address; `None` when the address is not below it.
fn rest<'a>(address: &'a str, name: &str) -> Option<&'a str> {
    address.strip_prefix(name).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn renamed(address: &Address, from: &str, to: &str) -> Result<Address, EditError> {
    let unlike = || EditError::Unlike { from: from.to_owned(), to: to.to_owned() };
    let text = address.to_string();
    let new: Address = format!("{to}{}", rest(&text, from).unwrap_or_default()).parse().map_err(|_| unlike())?;
    let names = |text: &str| text.split('/').count().min(3);
    let is_alike = names(from) == names(to) && std::mem::discriminant(address) == std::mem::discriminant(&new);
    let stays_on_its_host = names(from) < 3 || address.host() == new.host();
    if is_alike && stays_on_its_host { Ok(new) } else { Err(unlike()) }
}

/// Whether the name of what stands on the host would change: that of an environment, or of a folder of this machine.
fn is_bound(state: &State, old: &Address, new: &Address) -> bool {
    let is_local = state.hosts.get(old.host()).is_some_and(|recorded| recorded.host.target.way == Way::Local);
    match (old, new) {
        (Address::Playbook(..), Address::Playbook(..)) if old.host() == new.host() => false,
        _ if old.host() == new.host() => true,
        _ => is_local,
    }
}

fn carry_host(state: &mut State, from: &HostAddress, to: &HostAddress) {
    if let Some(mut host) = state.hosts.get(from).filter(|_| from != to).cloned() {
        host.host.address = to.clone();
        state.hosts.entry(to.clone()).or_insert(host);
    }
}

#[cfg(test)]
mod tests {
    use super::{EditError, State, forget, rename};
    use crate::address::HostAddress;
    use crate::graph::Attributes;
    use crate::state::{Condition, Recorded, RecordedHost, RecordedObject};
    use serde_json::json;

    fn state() -> State {
        let host = json!({"host": {"address": "lab/gpu1", "target": {"name": "gpu1", "way": {"ssh": {"host": "gpu1"}}},
            "platform": {"architecture": "x86_64", "accelerator": "cpu"}, "prefix": "/opt/aether",
            "is_system_managed": true}, "facts": {}});
        let mut state = State::new("lineage");
        let host: RecordedHost = serde_json::from_value(host).expect("a host in its own form");
        state.hosts.insert(HostAddress::new("lab", "gpu1"), host);
        for address in ["lab/gpu1", "lab/gpu1/environment/train", "lab/gpu1/playbook/site.yml"] {
            let at = "2026-11-01T12:00:00Z".parse().expect("a time");
            let condition = Condition::Complete;
            let one = Recorded { digest: address.into(), applied: at, condition, proofs: Vec::new(), failure: None };
            state.resources.insert(address.parse().expect("an address"), one);
        }
        state
    }

    /// The same with two objects of a cloud.
    fn clouded() -> State {
        let mut state = state();
        for name in ["instance/trainers/0", "vpc/main"] {
            let address = format!("aws/us-west-2/{name}").parse().expect("an address");
            let (attributes, applied) = (Attributes::new(), jiff::Timestamp::UNIX_EPOCH);
            let object = RecordedObject { id: name.to_owned(), attributes, needs: Vec::new(), applied };
            state.objects.insert(address, object);
        }
        state
    }

    fn names(state: &State) -> Vec<String> {
        state.resources.keys().map(ToString::to_string).collect()
    }

    #[test]
    fn a_group_takes_its_hosts_and_all_that_is_on_them_along() {
        let mut state = state();
        assert_eq!(rename(&mut state, "lab", "prod").map(|moves| moves.len()), Ok(3));
        assert_eq!(names(&state), ["prod/gpu1", "prod/gpu1/environment/train", "prod/gpu1/playbook/site.yml"]);
        let hosts: Vec<_> = state.hosts.iter().map(|(address, host)| (address, &host.host.address)).collect();
        let prod = HostAddress::new("prod", "gpu1");
        assert_eq!(hosts, [(&prod, &prod)]);
    }

    #[test]
    fn a_playbook_takes_another_name_on_its_host() {
        let mut state = state();
        rename(&mut state, "lab/gpu1/playbook/site.yml", "lab/gpu1/playbook/all.yml")
            .expect("a playbook can be renamed");
        assert_eq!(names(&state), ["lab/gpu1", "lab/gpu1/environment/train", "lab/gpu1/playbook/all.yml"]);
    }

    #[test]
    fn names_that_do_not_fit_change_nothing() {
        let mut state = state();
        let before = state.clone();
        let unknown = |nearest: &str| EditError::Unknown { name: "lap".into(), nearest: Some(nearest.into()) };
        assert_eq!(rename(&mut state, "lap", "prod"), Err(unknown("lab")));
        assert_eq!(forget(&mut state, "lap"), Err(unknown("lab")));
        for (from, to) in [
            ("lab", "prod/gpu1"),
            ("lab/gpu1", "prod"),
            ("lab/gpu1/environment/train", "lab/gpu1/playbook/train"),
            ("lab/gpu1/playbook/site.yml", "lab/gpu2/playbook/site.yml"),
            ("lab/gpu1", ""),
        ] {
            assert!(matches!(rename(&mut state, from, to), Err(EditError::Unlike { .. })), "{from} {to}");
        }
        let environment = rename(&mut state, "lab/gpu1/environment/train", "lab/gpu1/environment/serve");
        assert!(matches!(environment, Err(EditError::Bound { .. })), "{environment:?}");
        assert_eq!(state, before);
    }

    #[test]
    fn an_object_of_a_cloud_is_forgotten_by_its_name_and_keeps_it() {
        let mut state = clouded();
        let before = state.clone();
        let tagged = EditError::Tagged { address: "aws/us-west-2/vpc/main".into() };
        assert_eq!(rename(&mut state, "aws/us-west-2/vpc/main", "aws/us-west-2/vpc/other"), Err(tagged));
        let near = Some("aws/us-west-2/vpc/main".to_owned());
        let unknown = EditError::Unknown { name: "aws/us-west-2/vpc/mian".into(), nearest: near };
        assert_eq!(forget(&mut state, "aws/us-west-2/vpc/mian"), Err(unknown));
        assert_eq!(state, before);
        assert_eq!(
            forget(&mut state, "aws/us-west-2/instance"),
            Ok(vec!["aws/us-west-2/instance/trainers/0".to_owned()])
        );
        assert_eq!((state.objects.len(), state.resources.len()), (1, 3));
    }

    #[test]
    fn what_is_forgotten_takes_what_is_below_it_along() {
        let mut state = state();
        assert_eq!(forget(&mut state, "lab/gpu1/environment/train").map(|gone| gone.len()), Ok(1));
        assert_eq!(state.hosts.len(), 1);
        assert_eq!(forget(&mut state, "lab/gpu1").map(|gone| gone.len()), Ok(2));
        assert_eq!((state.hosts.len(), state.resources.len()), (0, 0));
    }
}
