//! Hosts that are reached through others.

use super::{alias, connect, exec, refusal, told, way};
use crate::support::lab::{Home, Host, lab};
use aether::graph::Way;
use aether::ports::RemoteError;

/// A home whose configuration names the hosts `a`, `b`, … in this order, all as root.
fn home_of(hosts: &[Host], extra: &str) -> Home {
    let home = Home::knowing(&hosts.iter().collect::<Vec<_>>());
    let named = hosts.iter().zip('a'..).map(|(host, name)| format!("Host {name}\n  HostName {}\n", host.address));
    home.write("config", &format!("{}{extra}\nHost *\n  User root\n  IdentityAgent none\n", named.collect::<String>()));
    home
}

#[test]
fn a_hidden_host_is_reached_through_one_jump_host() {
    let hosts = lab().hosts(2);
    lab().hide(&hosts[1]);
    let home = home_of(&hosts, "Host b\n  ProxyJump a");
    let mut remote = connect(&home, alias("b")).unwrap();
    assert_eq!(exec(remote.as_mut(), "hostname", b"").0, [hosts[1].name.clone()]);
}

#[test]
fn the_manifest_may_name_the_jump_hosts_itself() {
    let hosts = lab().hosts(3);
    lab().hide(&hosts[2]);
    let home = Home::knowing(&hosts.iter().collect::<Vec<_>>());
    let (first, second) = (&hosts[0].address, &hosts[1].address);
    let Way::Ssh { host, user, port, identity_file, .. } = way(&hosts[2]) else { unreachable!() };
    let jump = Some(format!("root@{first}:22,root@{second}"));
    let mut remote = connect(&home, Way::Ssh { host, user, port, identity_file, jump }).unwrap();
    let (lines, _) = exec(remote.as_mut(), "hostname; echo \"$SSH_CONNECTION\" | cut -d' ' -f1", b"");
    assert_eq!(lines, [hosts[2].name.clone(), second.clone()]);
}

#[test]
fn jump_hosts_of_jump_hosts_come_from_the_configuration() {
    let hosts = lab().hosts(3);
    lab().hide(&hosts[1]);
    lab().hide(&hosts[2]);
    let home = home_of(&hosts, "Host c\n  ProxyJump b\nHost b\n  ProxyJump a");
    let mut remote = connect(&home, alias("c")).unwrap();
    assert_eq!(exec(remote.as_mut(), "hostname", b"").0, [hosts[2].name.clone()]);
}

#[test]
fn much_data_goes_through_a_jump_host_both_ways_at_once() {
    let hosts = lab().hosts(2);
    let home = home_of(&hosts, "Host b\n  ProxyJump a");
    let mut remote = connect(&home, alias("b")).unwrap();
    super::commands::echo_much(remote.as_mut());
}

#[test]
fn the_key_of_each_jump_host_is_checked() {
    let hosts = lab().hosts(2);
    let home = home_of(&hosts, "Host b\n  ProxyJump a");
    home.write("known_hosts", &format!("{} {}\n", hosts[1].address, hosts[1].keys[0]));
    match connect(&home, alias("b")).err() {
        Some(RemoteError::UnknownHostKey { host, .. }) => assert_eq!(host, "lab/host (jump host a)"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_key_of_the_host_behind_a_jump_host_is_checked() {
    let hosts = lab().hosts(2);
    let home = home_of(&hosts, "Host b\n  ProxyJump a");
    home.write("known_hosts", &format!("{} {}\n", hosts[0].address, hosts[0].keys[0]));
    match connect(&home, alias("b")).err() {
        Some(RemoteError::UnknownHostKey { host, .. }) => assert_eq!(host, "lab/host"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_jump_host_that_cannot_reach_the_host_says_so() {
    let hosts = lab().hosts(2);
    lab().crash(&hosts[1]);
    let home = home_of(&hosts, "Host b\n  ProxyJump a");
    let told = refusal(connect(&home, alias("b")), &hosts[1]);
    assert!(told.starts_with("cannot reach `lab/host` at ADDRESS:22: "), "{told}");
}

#[test]
fn jump_hosts_that_refer_to_each_other_end_with_a_message() {
    let hosts = lab().hosts(2);
    let home = home_of(&hosts, "Host b\n  ProxyJump a\nHost a\n  ProxyJump b");
    let error = connect(&home, alias("b")).err().unwrap();
    assert!(told(&error).ends_with("more than 8 jump hosts in a row; does one refer to itself?"), "{}", told(&error));
}
