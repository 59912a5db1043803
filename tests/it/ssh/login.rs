//! Which proofs let us in, and what is said when none does.

use super::{Person, alias, connect, connect_with, exec, refusal, settings, way, way_as};
use crate::support::lab::{Home, PASSWORD, lab};
use aether::graph::Way;
use aether::ports::RemoteError;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Makes a key pair below `.ssh/` and lets it into the host as root.
fn enrol(home: &Home, host: &crate::support::lab::Host, name: &str, options: &[&str]) {
    let made = Command::new("ssh-keygen").arg("-qf").arg(home.ssh(name)).args(options).status().unwrap();
    assert!(made.success());
    let public = home.read(&format!("{name}.pub"));
    let mut remote = connect(home, way(host)).unwrap();
    let (_, ending) = exec(remote.as_mut(), "mkdir -p ~/.ssh && cat >> ~/.ssh/authorized_keys", public.as_bytes());
    assert_eq!(ending.status, Some(0));
}

fn with_key(host: &crate::support::lab::Host, path: &Path) -> Way {
    let (host, user) = (host.address.clone(), Some("root".to_owned()));
    Way::Ssh { host, user, port: None, identity_file: Some(path.display().to_string()), jump: None }
}

#[test]
fn keys_of_every_usual_kind_and_format_log_in() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let kinds: [(&str, &[&str]); 4] = [
        ("ed25519", &["-t", "ed25519", "-N", ""]),
        ("rsa", &["-t", "rsa", "-b", "2048", "-N", ""]),
        ("rsa-pem", &["-t", "rsa", "-b", "2048", "-N", "", "-m", "PEM"]),
        ("ecdsa", &["-t", "ecdsa", "-N", ""]),
    ];
    for (name, options) in kinds {
        enrol(&home, &host, name, options);
    }
    std::fs::remove_file(home.ssh("id_ed25519")).unwrap();
    for (name, _) in kinds {
        let outcome = connect(&home, with_key(&host, &home.ssh(name)));
        assert!(outcome.is_ok(), "{name}: {}", super::told(&outcome.err().unwrap()));
    }
}

#[test]
fn an_encrypted_key_is_refused_when_nobody_can_be_asked() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    enrol(&home, &host, "encrypted", &["-t", "ed25519", "-N", "hush hush"]);
    std::fs::remove_file(home.ssh("id_ed25519")).unwrap();
    let told = refusal(connect(&home, with_key(&host, &home.ssh("encrypted"))), &host);
    let key = home.ssh("encrypted");
    let tried = format!("{}: encrypted, and there is no terminal to ask on", key.display());
    assert_eq!(told, format!("`lab/host` refused to log in `root` (tried: {tried})"));
}

#[test]
fn an_encrypted_key_opens_with_the_passphrase_and_forgives_a_typing_error() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let kinds: [(&str, &[&str]); 2] = [
        ("new", &["-t", "ed25519", "-N", "hush hush"]),
        ("old", &["-t", "rsa", "-b", "2048", "-N", "hush hush", "-m", "PEM"]),
    ];
    for (name, options) in kinds {
        enrol(&home, &host, name, options);
        let person = Person::answering(&["hash hash", "hush hush"]);
        let key = home.ssh(name);
        connect_with(settings(&home), with_key(&host, &key), &person).map(drop).unwrap();
        let question = format!("passphrase of `{}`", key.display());
        assert_eq!(person.questions(), [question.clone(), question]);
    }
}

#[test]
fn a_password_is_asked_for_last_and_logs_in() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    std::fs::remove_file(home.ssh("id_ed25519")).unwrap();
    let person = Person::answering(&["wrong", PASSWORD]);
    connect_with(settings(&home), way_as(&host, "locked"), &person).map(drop).unwrap();
    assert_eq!(person.questions()[0], "password for `locked` on `lab/host`");
    let told = refusal(connect(&home, way_as(&host, "locked")), &host);
    assert_eq!(told, "`lab/host` refused to log in `locked` (tried: password: there is no terminal to ask on)");
}

#[test]
fn a_user_the_host_does_not_know_is_refused_with_what_was_tried() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    let told = refusal(connect(&home, way_as(&host, "nobody-here")), &host);
    let key = home.ssh("id_ed25519");
    assert_eq!(told, format!("`lab/host` refused to log in `nobody-here` (tried: {})", key.display()));
}

#[test]
fn without_any_key_the_message_says_so() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    std::fs::remove_file(home.ssh("id_ed25519")).unwrap();
    let told = refusal(connect(&home, way(&host)), &host);
    assert_eq!(told, "`lab/host` refused to log in `root` (tried: nothing: no key was found)");
}

#[test]
fn keys_of_the_agent_log_in() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    enrol(&home, &host, "carried", &["-t", "rsa", "-b", "2048", "-N", "", "-C", "the carried key"]);
    let agent = Agent::start(&home);
    agent.add(&home.ssh("carried"));
    for name in ["carried", "carried.pub", "id_ed25519"] {
        std::fs::remove_file(home.ssh(name)).unwrap();
    }
    home.write("config", &format!("IdentityAgent {}\n", home.ssh("agent").display()));
    connect(&home, way(&host)).map(drop).unwrap();
    let told = refusal(connect(&home, way_as(&host, "nobody-here")), &host);
    assert!(told.ends_with("(tried: agent key `the carried key`)"), "{told}");
    home.write("config", &format!("IdentityAgent {}\nIdentitiesOnly yes\n", home.ssh("agent").display()));
    assert!(matches!(connect(&home, way(&host)), Err(RemoteError::Authentication { .. })));
}

#[test]
fn the_ssh_configuration_gives_name_port_user_and_key() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    std::fs::rename(home.ssh("id_ed25519"), home.ssh("elsewhere")).unwrap();
    home.write(
        "config",
        &format!(
            "Host box\n  HostName {}\n  Port 22\n  User admin\n  IdentityFile ~/.ssh/elsewhere\n  IdentityAgent none\n",
            host.address
        ),
    );
    let mut remote = connect(&home, alias("box")).unwrap();
    assert_eq!(remote.user(), "admin");
    assert_eq!(exec(remote.as_mut(), "id -un", b"").0, ["admin"]);
}

#[test]
fn a_configuration_that_openssh_refuses_is_shown_as_it_says() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    home.write("config", "Nonsense yes\n");
    let told = refusal(connect(&home, way(&host)), &host);
    assert!(told.starts_with("the SSH configuration for `lab/host` cannot be used: "), "{told}");
    assert!(told.contains("line 1: Bad configuration option: nonsense"), "{told}");
}

#[test]
fn a_proxy_command_is_named_as_not_supported() {
    let host = lab().host();
    let home = Home::knowing(&[&host]);
    home.write("config", "ProxyCommand nc %h %p\n");
    let told = refusal(connect(&home, way(&host)), &host);
    assert_eq!(told, "`lab/host` needs `ProxyCommand`, which this build does not have");
}

/// A real ssh-agent, ended with the test.
struct Agent {
    process: Child,
    socket: std::path::PathBuf,
}

impl Agent {
    fn start(home: &Home) -> Self {
        let socket = home.ssh("agent");
        let mut command = Command::new("ssh-agent");
        command.arg("-Da").arg(&socket).stdout(Stdio::null());
        let agent = Self { process: command.spawn().unwrap(), socket };
        while !agent.socket.exists() {
            std::thread::yield_now();
        }
        agent
    }

    fn add(&self, key: &Path) {
        let added = Command::new("ssh-add").arg("-q").arg(key).env("SSH_AUTH_SOCK", &self.socket).status().unwrap();
        assert!(added.success());
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
