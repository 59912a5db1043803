//! The throw-away hosts themselves: what the lab says may happen to a host does happen.

use crate::support::lab::{Home, Host, lab};
use std::process::{Command, Output};

/// Stock OpenSSH, so that nothing of ours is between the test and the host.
fn ssh(home: &Home, host: &Host, script: &str) -> Output {
    let mut command = Command::new("ssh");
    command.args(home.ssh_options()).args(["-oConnectTimeout=60", &format!("root@{}", host.address), script]);
    command.output().unwrap()
}

fn said(home: &Home, host: &Host, script: &str) -> String {
    let output = ssh(home, host, script);
    assert!(output.status.success(), "`{script}` failed: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

const BOOT: &str = "cat /proc/sys/kernel/random/boot_id; ls -A /tmp; cat /root/kept";

#[test]
fn a_host_that_restarts_keeps_its_files_and_nothing_else() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    said(&home, &host, "touch /tmp/gone; echo kept >/root/kept");
    let before = said(&home, &host, BOOT);
    lab().restart(&host);
    let after = said(&home, &host, BOOT);
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    assert_eq!(before[1..], ["gone", "kept"]);
    assert_eq!(after[1..], ["kept"]);
    assert_ne!(before[0], after[0]);
}

#[test]
fn a_host_restarts_from_inside_as_well() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let boot = "cat /proc/sys/kernel/random/boot_id";
    let mut before = said(&home, &host, boot);
    for command in ["reboot", "shutdown -r now"] {
        assert!(!ssh(&home, &host, &format!("{command}; sleep 60")).status.success(), "{command}");
        lab().wait(&host);
        let after = said(&home, &host, boot);
        assert_ne!(before, after, "{command}");
        before = after;
    }
}

#[test]
fn links_break_and_heal() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    std::thread::scope(|scope| {
        let lost = scope.spawn(|| ssh(&home, &host, "touch /run/at-work; sleep 60"));
        while !ssh(&home, &host, "[ -e /run/at-work ]").status.success() {}
        lab().cut(&host);
        assert!(!lost.join().unwrap().status.success());
    });
    lab().hang(&host);
    std::thread::scope(|scope| {
        let kept = scope.spawn(|| said(&home, &host, "echo through"));
        lab().resume(&host);
        assert_eq!(kept.join().unwrap(), "through\n");
    });
    lab().latency(&host, 40);
    assert_eq!(said(&home, &host, "echo far away"), "far away\n");
}

#[test]
fn a_disk_is_full_and_has_room_again() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    said(&home, &host, "echo there >/var/tmp/before");
    lab().small(&host, "/var/tmp");
    lab().fill(&host, "/var/tmp");
    assert!(!ssh(&home, &host, "echo more >/var/tmp/more").status.success());
    assert_eq!(said(&home, &host, "cat /var/tmp/before"), "there\n");
    lab().free(&host, "/var/tmp");
    said(&home, &host, "echo more >/var/tmp/more");
}
