//! Whose key is accepted, recorded and refused.

use super::{Person, connect, connect_with, refusal, settings, way};
use crate::support::lab::{Home, Host, lab};
use aether::ports::{HostKeyPolicy, RemoteError};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

fn accepts(home: &Home, host: &Host) {
    if let Err(error) = connect(home, way(host)) {
        panic!("{}", super::told(&error));
    }
}

/// `ssh-ed25519 SHA256:…` of a host's first key, as ssh-keygen says it.
fn fingerprint(home: &Home, host: &Host) -> String {
    home.write("one.pub", &host.keys[0]);
    let output = Command::new("ssh-keygen").arg("-lf").arg(home.ssh("one.pub")).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    format!("ssh-ed25519 {}", printed.split(' ').nth(1).unwrap())
}

#[test]
fn an_unknown_key_is_refused_with_its_fingerprint() {
    let (host, home) = (lab().host(), Home::knowing(&[]));
    let expected = format!("the host key of `lab/host` ({}) is not known", fingerprint(&home, &host));
    assert_eq!(refusal(connect(&home, way(&host)), &host), expected);
    assert_eq!(home.read("known_hosts"), "");
}

#[test]
fn accepting_new_keys_records_them_and_the_next_connection_needs_no_word() {
    let (host, home) = (lab().host(), Home::knowing(&[]));
    home.write("known_hosts", "other.example.com ssh-rsa AAAA");
    let mut first = settings(&home);
    first.policy = HostKeyPolicy::AcceptNew;
    connect_with(first, way(&host), &Person::absent()).map(drop).unwrap();
    let expected = format!("other.example.com ssh-rsa AAAA\n{} {}\n", host.address, host.keys[0]);
    assert_eq!(home.read("known_hosts"), expected);
    accepts(&home, &host);
}

#[test]
fn a_new_file_of_known_keys_is_for_its_owner_only() {
    let (host, home) = (lab().host(), Home::knowing(&[]));
    std::fs::remove_file(home.ssh("known_hosts")).unwrap();
    let mut first = settings(&home);
    first.policy = HostKeyPolicy::AcceptNew;
    connect_with(first, way(&host), &Person::absent()).map(drop).unwrap();
    let mode = home.ssh("known_hosts").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_changed_key_is_refused_with_the_line_that_knew_the_old_one() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    home.write("known_hosts", &format!("# my hosts\n\n{} {}\n", host.address, host.keys[0]));
    let changed = lab().rekey(&host);
    for policy in [HostKeyPolicy::Refuse, HostKeyPolicy::AcceptNew] {
        let mut settings = settings(&home);
        settings.policy = policy;
        let place = home.ssh("known_hosts");
        let expected = format!(
            "the host key of `lab/host` has changed: {} is not the one in {}:3",
            fingerprint(&home, &changed),
            place.display()
        );
        assert_eq!(refusal(connect_with(settings, way(&host), &Person::absent()), &host), expected);
    }
}

#[test]
fn a_host_known_by_its_rsa_key_only_is_asked_for_that_one() {
    let (host, home) = (lab().host(), Home::knowing(&[]));
    home.write("known_hosts", &format!("{} {}\n", host.address, host.keys[1]));
    accepts(&home, &host);
}

#[test]
fn hashed_names_wildcards_and_ports_are_understood_beside_broken_lines() {
    let (host, home) = (lab().host(), Home::knowing(&[]));
    let (key, network) = (&host.keys[0], host.address.rsplit_once('.').unwrap().0);
    for line in [
        format!("{network}.* {key}"),
        format!("not a line\n@nonsense x y z\n{} {key}", host.address),
        format!("other,{} {key} a comment", host.address),
    ] {
        home.write("known_hosts", &line);
        accepts(&home, &host);
    }
    home.write("known_hosts", &format!("{} {key}\n", host.address));
    let hashed = Command::new("ssh-keygen").arg("-Hf").arg(home.ssh("known_hosts")).output().unwrap();
    assert!(hashed.status.success());
    assert!(home.read("known_hosts").starts_with("|1|"));
    accepts(&home, &host);
}

#[test]
fn a_negated_name_is_not_known() {
    let (host, home) = (lab().host(), Home::knowing(&[]));
    home.write("known_hosts", &format!("*,!{} {}\n", host.address, host.keys[0]));
    assert!(matches!(connect(&home, way(&host)), Err(RemoteError::UnknownHostKey { .. })));
}

#[test]
fn a_hashed_name_with_another_key_is_a_changed_key() {
    let (host, other, home) = (lab().host(), lab().host(), Home::knowing(&[]));
    home.write("known_hosts", &format!("{} {}\n", host.address, other.keys[0]));
    Command::new("ssh-keygen").arg("-Hf").arg(home.ssh("known_hosts")).output().unwrap();
    assert!(matches!(connect(&home, way(&host)), Err(RemoteError::ChangedHostKey { .. })));
}

#[test]
fn a_revoked_key_is_refused_even_where_another_line_knows_it() {
    let (host, home) = (lab().host(), Home::knowing(&[]));
    let (address, key) = (&host.address, &host.keys[0]);
    home.write("known_hosts", &format!("{address} {key}\n@revoked * {key}\n"));
    let told = refusal(connect(&home, way(&host)), &host);
    assert!(told.ends_with(&format!("is revoked in {}:2", home.ssh("known_hosts").display())), "{told}");
}

#[test]
fn a_host_known_through_an_authority_only_is_refused_with_the_reason() {
    let (host, home) = (lab().host(), Home::knowing(&[]));
    home.write("known_hosts", &format!("@cert-authority {} {}\n", host.address, host.keys[1]));
    let told = refusal(connect(&home, way(&host)), &host);
    let place = home.ssh("known_hosts");
    let need = format!("host certificates (`@cert-authority` in {}:1)", place.display());
    assert_eq!(told, format!("`lab/host` needs {need}, which this build does not have"));
}
