//! Commands on a host: their streams, their end, and what a dying host looks like.

use super::{Person, connect, connect_with, exec, refusal, settings, told, way, way_as};
use crate::support::lab::{Home, Host, PASSWORD, lab};
use aether::graph::Way;
use aether::ports::{Remote, RemoteError};
use std::time::Duration;

const MUCH: usize = 8 << 20;

fn open() -> (Host, Home, Box<dyn Remote>) {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let remote = connect(&home, way(&host)).unwrap();
    (host, home, remote)
}

/// Sends 8 MiB and takes them back while they are still being sent.
pub(super) fn echo_much(remote: &mut dyn Remote) {
    let line = "0123456789abcdef".repeat(63);
    let sent = format!("{line}\n").repeat(MUCH / (line.len() + 1));
    let mut received = 0;
    let ending = remote.exec("cat", sent.as_bytes(), &mut |got| {
        assert_eq!(got, line);
        received += got.len() + 1;
    });
    assert_eq!(ending.unwrap().status, Some(0));
    assert_eq!(received, sent.len());
}

#[test]
fn lines_status_and_errors_come_back() {
    let (_host, _home, mut remote) = open();
    let (lines, ending) = exec(remote.as_mut(), "printf 'one\\ntwo\\nhalf'; echo oh >&2; exit 7", b"");
    assert_eq!(lines, ["one", "two", "half"]);
    assert_eq!((ending.status, ending.stderr.as_str()), (Some(7), "oh\n"));
}

#[test]
fn one_connection_carries_many_commands() {
    let (_host, _home, mut remote) = open();
    for number in 0..20 {
        assert_eq!(exec(remote.as_mut(), "cat", format!("{number}\n").as_bytes()).0, [number.to_string()]);
    }
}

#[test]
fn eight_mebibytes_go_both_ways_at_once() {
    let (_host, _home, mut remote) = open();
    echo_much(remote.as_mut());
}

#[test]
fn eight_mebibytes_of_errors_do_not_stop_the_output() {
    let (_host, _home, mut remote) = open();
    let command = format!("head -c {MUCH} /dev/zero | tr '\\0' x >&2; echo done");
    let (lines, ending) = exec(remote.as_mut(), &command, b"");
    assert_eq!(lines, ["done"]);
    assert_eq!(ending.stderr.len(), 64 << 10);
}

#[test]
fn a_command_may_end_without_reading_its_input() {
    let (_host, _home, mut remote) = open();
    let (lines, ending) = exec(remote.as_mut(), "echo enough", &vec![b'x'; MUCH]);
    assert_eq!((lines, ending.status), (vec!["enough".to_owned()], Some(0)));
}

#[test]
fn a_line_is_handed_on_before_the_command_ends() {
    let (host, home, mut remote) = open();
    let mut other = connect(&home, way(&host)).unwrap();
    // The command waits for a file that only the first line's arrival brings about.
    let command = "echo first; while [ ! -e /tmp/go ]; do sleep 0.02; done; echo second";
    let mut lines = Vec::new();
    let ending = remote.exec(command, b"", &mut |line| {
        if line == "first" {
            exec(other.as_mut(), "touch /tmp/go", b"");
        }
        lines.push(line.to_owned());
    });
    assert_eq!(ending.unwrap().status, Some(0));
    assert_eq!(lines, ["first", "second"]);
}

#[test]
fn a_signal_is_no_exit_status() {
    let (_host, _home, mut remote) = open();
    let (_, ending) = exec(remote.as_mut(), "kill -TERM $$", b"");
    assert_eq!(ending.status, None);
}

#[test]
fn sudo_works_without_a_password_where_the_host_allows_it() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let mut remote = connect(&home, way_as(&host, "admin")).unwrap();
    assert_eq!(exec(remote.as_mut(), "sudo -n id -un", b"").0, ["root"]);
}

#[test]
fn the_sudo_password_is_asked_once_and_works_through_standard_input() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let person = Person::answering(&[PASSWORD]);
    let mut remote = connect_with(settings(&home), way_as(&host, "locked"), &person).unwrap();
    assert_eq!(exec(remote.as_mut(), "sudo -n true", b"").1.status, Some(1));
    for _ in 0..2 {
        let password = remote.sudo_password().unwrap();
        let stdin = format!("{}\n", password.reveal());
        assert_eq!(exec(remote.as_mut(), "sudo -k; sudo -S -p '' id -un", stdin.as_bytes()).0, ["root"]);
    }
    assert_eq!(person.questions(), ["sudo password for `locked`"]);
}

#[test]
fn the_sudo_password_is_refused_when_nobody_can_be_asked() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let mut remote = connect(&home, way_as(&host, "locked")).unwrap();
    let error = remote.sudo_password().unwrap_err();
    let question = "there is no terminal to ask `sudo password for `locked`` on";
    assert_eq!(told(&error), format!("sudo on `lab/host` refused `locked`: {question}"));
}

#[test]
fn a_closed_port_is_unreachable() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let Way::Ssh { host: address, user, .. } = way(&host) else { unreachable!() };
    let way = Way::Ssh { host: address, user, port: Some(2222), identity_file: None, jump: None };
    let told = refusal(connect(&home, way), &host);
    assert_eq!(told, "cannot reach `lab/host` at ADDRESS:2222: Connection refused (os error 111)");
}

#[test]
fn a_dead_host_is_given_up_after_the_time_to_connect() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    lab().silence(&host);
    let mut settings = settings(&home);
    settings.connect_timeout = Duration::from_millis(300);
    let told = refusal(connect_with(settings, way(&host), &Person::absent()), &host);
    assert_eq!(told, "cannot reach `lab/host` at ADDRESS:22: connection timed out");
}

#[test]
fn a_name_without_an_address_is_unreachable() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let error = connect(&home, super::alias("no-such-host.invalid")).err().unwrap();
    assert!(matches!(error, RemoteError::Unreachable { .. }), "{}", told(&error));
}

#[test]
fn a_host_that_crashes_during_a_command_breaks_it() {
    let (host, _home, mut remote) = open();
    let outcome = remote.exec("echo started; sleep 600", b"", &mut |_| lab().crash(&host));
    let error = outcome.unwrap_err();
    assert!(matches!(error, RemoteError::Broken { .. }) && !error.is_retry_safe(), "{}", told(&error));
}

#[test]
fn a_killed_connection_is_no_success() {
    let (_host, _home, mut remote) = open();
    let error = remote.exec("kill -KILL $PPID; sleep 600", b"", &mut |_| {}).unwrap_err();
    assert!(told(&error).starts_with("the connection to `lab/host` broke while a command ran: "), "{}", told(&error));
}

#[test]
fn a_host_that_falls_silent_during_a_command_is_given_up() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let mut settings = settings(&home);
    settings.keepalive = Duration::from_millis(500);
    let mut remote = connect_with(settings, way(&host), &Person::absent()).unwrap();
    let outcome = remote.exec("echo started; sleep 600", b"", &mut |_| lab().silence(&host));
    assert!(told(&outcome.unwrap_err()).contains("no sign of life for"));
}

#[test]
fn a_quiet_command_on_a_living_host_is_waited_for() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let mut settings = settings(&home);
    settings.keepalive = Duration::from_secs(4);
    let mut remote = connect_with(settings, way(&host), &Person::absent()).unwrap();
    // Longer than three times the pause after which a host is asked for a sign of life.
    assert_eq!(exec(remote.as_mut(), "sleep 15; echo done", b"").0, ["done"]);
}
