//! The user's SSH configuration for one host, as OpenSSH itself understands it (`ssh -G`).
//!
//! Where no OpenSSH client is installed the defaults hold; a configuration that nobody can read is an error.

use super::Settings;
use crate::adapters::process::SystemPrograms;
use crate::graph::Way;
use crate::ports::{Invocation, ProgramError, Programs, RemoteError};
use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// One place to log in, as asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Wish {
    pub(super) host: String,
    pub(super) user: Option<String>,
    pub(super) port: Option<u16>,
    pub(super) identity_file: Option<String>,
    pub(super) jump: Option<String>,
}

impl Wish {
    /// What a target asks for; `None` for this machine.
    pub(super) fn of(way: &Way) -> Option<Self> {
        match way.clone() {
            Way::Local => None,
            Way::Ssh { host, user, port, identity_file, jump } => Some(Self { host, user, port, identity_file, jump }),
        }
    }

    /// One `[user@]host[:port]` of a `ProxyJump`; `ssh://` before it is allowed there.
    pub(super) fn of_jump(text: &str) -> Self {
        let text = text.trim().trim_start_matches("ssh://").trim_end_matches('/');
        let (user, place) = text.rsplit_once('@').map_or((None, text), |(user, place)| (Some(user), place));
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, port.parse().ok()),
            _ => (place, None),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Self { host, user: user.map(str::to_owned), port, ..Self::default() }
    }
}

/// Everything needed to get in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Config {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    /// The name its key is recorded under, where that is not the host.
    pub(super) key_alias: Option<String>,
    /// Keys to try, in this order.
    pub(super) identity_files: Vec<PathBuf>,
    /// Only keys of the files above, even if the agent has more.
    pub(super) identities_only: bool,
    pub(super) agent: Agent,
    /// Files of known host keys; the first is written to.
    pub(super) known_hosts: Vec<PathBuf>,
    /// Jump hosts on the way, outermost first.
    pub(super) jumps: Vec<String>,
    pub(super) connect_timeout: Option<Duration>,
}

/// Which agent to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Agent {
    /// The one of the environment (`SSH_AUTH_SOCK`).
    Environment,
    /// The one behind this socket.
    Socket(PathBuf),
    /// None.
    Off,
}

/// The configuration for `wish`. `name` is the machine in messages.
pub(super) fn resolve(wish: &Wish, name: &str, settings: &Settings) -> Result<Config, RemoteError> {
    let text = match ask_openssh(wish, settings) {
        Ok(text) => text,
        Err(ProgramError::Missing { .. }) if settings.home.join(".ssh/config").exists() => {
            let text = "`~/.ssh/config` cannot be read without OpenSSH: `apt-get install openssh-client`";
            return Err(refused(name, std::io::Error::other(text)));
        }
        Err(ProgramError::Missing { .. }) => String::new(),
        Err(error) => return Err(refused(name, error)),
    };
    let mut config = read(&text, wish, settings);
    if let Some(need) = what_is_beyond(&text) {
        return Err(RemoteError::Unsupported { host: name.to_owned(), need });
    }
    if let Some(path) = &wish.identity_file {
        config.identity_files.insert(0, expand(path, &settings.home, &config.host, &config.user));
    }
    Ok(config)
}

fn refused(name: &str, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> RemoteError {
    RemoteError::Configuration { host: name.to_owned(), source: error.into() }
}

/// OpenSSH looks for the user's file below the home of the password database; ours may be another, so it gets a file
/// of its own that includes both usual ones.
fn ask_openssh(wish: &Wish, settings: &Settings) -> Result<String, ProgramError> {
    let mut arguments: Vec<String> = ["-F", "/dev/stdin", "-G"].map(str::to_owned).into();
    let mut option = |flag: &str, value: Option<String>| {
        arguments.extend(value.into_iter().flat_map(|value| [flag.to_owned(), value]));
    };
    option("-l", wish.user.clone());
    option("-p", wish.port.map(|port| port.to_string()));
    option("-J", wish.jump.clone());
    arguments.extend(["--".to_owned(), wish.host.clone()]);
    let folder = settings.home.join(".ssh");
    let folder = folder.display();
    let stdin = format!(
        "Include \"{folder}/config\"\nInclude /etc/ssh/ssh_config\n\
         Host *\nUserKnownHostsFile \"{folder}/known_hosts\" \"{folder}/known_hosts2\"\n"
    );
    let call = Invocation { program: "ssh".to_owned(), arguments, stdin: stdin.into_bytes(), ..Invocation::default() };
    let output = SystemPrograms::new("/").run(&call)?;
    if output.status == Some(0) {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().filter(|line| !line.contains("Pseudo-terminal")).collect::<Vec<_>>().join("; ");
    Err(ProgramError::Run { program: "ssh -G".to_owned(), source: std::io::Error::other(said) })
}

fn read(text: &str, wish: &Wish, settings: &Settings) -> Config {
    let home = settings.home.as_path();
    let first = |key: &str| values(text, key).next().map(str::to_owned);
    let host = first("hostname").unwrap_or_else(|| wish.host.clone());
    let user = first("user").or_else(|| wish.user.clone()).unwrap_or_else(|| env::var("USER").unwrap_or_default());
    let paths = |key: &str| -> Vec<PathBuf> {
        values(text, key).flat_map(words).map(|path| expand(&path, home, &host, &user)).collect()
    };
    let mut known_hosts = paths("userknownhostsfile");
    known_hosts.extend(paths("globalknownhostsfile"));
    if text.is_empty() {
        known_hosts.push(home.join(".ssh/known_hosts"));
    }
    let mut identity_files: Vec<PathBuf> =
        values(text, "identityfile").map(|path| expand(path, home, &host, &user)).collect();
    if identity_files.is_empty() {
        identity_files = ["id_rsa", "id_ecdsa", "id_ed25519"].map(|name| home.join(".ssh").join(name)).into();
    }
    let jumps = first("proxyjump").or_else(|| wish.jump.clone()).filter(|jumps| jumps != "none");
    Config {
        port: first("port").and_then(|port| port.parse().ok()).or(wish.port).unwrap_or(22),
        key_alias: first("hostkeyalias").filter(|alias| alias != "none"),
        identities_only: first("identitiesonly").as_deref() == Some("yes"),
        agent: agent(first("identityagent").as_deref(), home, &host, &user),
        jumps: jumps.map_or_else(Vec::new, |jumps| jumps.split(',').map(|jump| jump.trim().to_owned()).collect()),
        connect_timeout: first("connecttimeout").and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs),
        identity_files,
        known_hosts,
        host,
        user,
    }
}

/// What the configuration asks for and this adapter cannot do.
fn what_is_beyond(text: &str) -> Option<String> {
    values(text, "proxycommand").find(|command| *command != "none").map(|_| "`ProxyCommand`".to_owned())
}

fn agent(value: Option<&str>, home: &Path, host: &str, user: &str) -> Agent {
    match value {
        None | Some("SSH_AUTH_SOCK") => Agent::Environment,
        Some("none") => Agent::Off,
        Some(variable) if variable.starts_with('$') => {
            env::var_os(&variable[1..]).map_or(Agent::Off, |path| Agent::Socket(path.into()))
        }
        Some(path) => Agent::Socket(expand(path, home, host, user)),
    }
}

fn values<'a>(text: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines().filter_map(move |line| line.split_once(' ').filter(|(name, _)| *name == key).map(|(_, value)| value))
}

/// Words of a line, some of them in double quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (i, part) in line.split('"').enumerate() {
        if i % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// `~` and the tokens of `ssh_config(5)` that make sense in a path.
fn expand(path: &str, home: &Path, host: &str, user: &str) -> PathBuf {
    let home = home.display().to_string();
    let path = match path.strip_prefix("~/") {
        Some(rest) => format!("{home}/{rest}"),
        None => path.to_owned(),
    };
    let tokens = [("%d", home.as_str()), ("%h", host), ("%r", user), ("%%", "%")];
    PathBuf::from(tokens.iter().fold(path, |path, (token, value)| path.replace(token, value)))
}
