//! Opens hosts: the way there, the host's key, the login.

use super::config::{Config, Wish, resolve};
use super::gate::Gate;
use super::host_key;
use super::login::log_in;
use super::remote::SshRemote;
use super::wire::Wire;
use super::{Settings, Traffic, tunnel};
use crate::adapters::sudo::SudoPasswords;
use crate::graph::Target;
use crate::ports::{Dialer, Prompt, Remote, RemoteError};
use ssh2::Session;
use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Jump hosts behind jump hosts, at most; more is a configuration that refers to itself.
const HOPS: usize = 8;

/// Opens hosts over SSH.
pub struct SshDialer {
    settings: Settings,
    prompt: Arc<dyn Prompt>,
    sudo: Arc<SudoPasswords>,
    gate: Gate,
    counters: Arc<Counters>,
}

impl SshDialer {
    /// `prompt` is asked for passphrases and passwords.
    pub fn new(settings: Settings, prompt: Arc<dyn Prompt>) -> Self {
        let sudo = SudoPasswords::new(Arc::clone(&prompt));
        Self { settings, prompt, sudo, gate: Gate::default(), counters: Arc::default() }
    }

    /// What went over all connections so far.
    pub fn traffic(&self) -> Traffic {
        self.counters.read()
    }

    /// Opens `wish`, through its jump hosts. `shown` is the machine in messages.
    fn open(&self, wish: &Wish, shown: &str, hops: usize) -> Result<(Wire, Config), RemoteError> {
        let config = resolve(wish, shown, &self.settings)?;
        let endpoint = endpoint(&config);
        let wire = match config.jumps.split_last() {
            None => {
                let _pass = self.gate.enter(&endpoint);
                let stream =
                    connect(&config, self.patience(&config)).map_err(|source| unreachable(shown, &endpoint, source))?;
                return Ok((self.greet(stream, &config, shown)?, config));
            }
            Some((last, before)) => self.open_jump(last, before, shown, hops)?,
        };
        let stream =
            tunnel::open(wire, &config.host, config.port).map_err(|source| unreachable(shown, &endpoint, source))?;
        Ok((self.greet(stream, &config, shown)?, config))
    }

    fn open_jump(&self, last: &str, before: &[String], shown: &str, hops: usize) -> Result<Wire, RemoteError> {
        if hops == 0 {
            let source = io::Error::other(format!("more than {HOPS} jump hosts in a row; does one refer to itself?"));
            return Err(RemoteError::Configuration { host: shown.to_owned(), source: source.into() });
        }
        let mut wish = Wish::of_jump(last);
        // Without hosts before it, a jump host's own configuration says how to get there.
        wish.jump = (!before.is_empty()).then(|| before.join(","));
        let shown = format!("{shown} (jump host {last})");
        self.open(&wish, &shown, hops - 1).map(|(wire, _)| wire)
    }

    /// From a stream to a login.
    fn greet<S>(&self, stream: S, config: &Config, shown: &str) -> Result<Wire, RemoteError>
    where
        S: Handle + AsRawFd + 'static,
    {
        let endpoint = endpoint(config);
        let failed = |source: io::Error| RemoteError::Handshake {
            host: shown.to_owned(),
            endpoint: endpoint.clone(),
            source: source.into(),
        };
        let socket = stream.second().map_err(failed)?;
        let mut session = Session::new().map_err(|error| failed(error.into()))?;
        session.set_timeout(u32::try_from(self.patience(config).as_millis()).unwrap_or(u32::MAX));
        session.set_tcp_stream(stream);
        let record = host_key::look_up(&session, config)
            .map_err(|source| RemoteError::Configuration { host: shown.to_owned(), source: source.into() })?;
        host_key::prefer_recorded(&session, &record).map_err(|error| failed(error.into()))?;
        session.handshake().map_err(|error| failed(error.into()))?;
        host_key::verify(&session, &record, shown, self.settings.policy)?;
        log_in(&session, config, shown, self.prompt.as_ref())?;
        self.counters.sessions.fetch_add(1, Ordering::Relaxed);
        Ok(Wire::new(session, socket, self.settings.keepalive))
    }

    fn patience(&self, config: &Config) -> Duration {
        config.connect_timeout.unwrap_or(self.settings.connect_timeout)
    }
}

impl Dialer for SshDialer {
    fn connect(&self, target: &Target) -> Result<Box<dyn Remote>, RemoteError> {
        let wish = Wish::of(&target.way).expect("only targets over SSH come here");
        let (wire, config) = self.open(&wish, &target.name, HOPS)?;
        Ok(Box::new(SshRemote {
            wire,
            shown: target.name.clone(),
            user: config.user,
            counters: Arc::clone(&self.counters),
            sudo: Arc::clone(&self.sudo),
        }))
    }
}

fn endpoint(config: &Config) -> String {
    let bare = &config.host;
    if bare.contains(':') { format!("[{bare}]:{}", config.port) } else { format!("{bare}:{}", config.port) }
}

fn unreachable(shown: &str, endpoint: &str, source: io::Error) -> RemoteError {
    RemoteError::Unreachable { host: shown.to_owned(), endpoint: endpoint.to_owned(), source: source.into() }
}

/// The first address that answers.
fn connect(config: &Config, patience: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in (config.host.as_str(), config.port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, patience) {
            Ok(stream) => {
                // Small packets of a dialogue must not wait for one another.
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// A stream that can be watched from a second handle.
trait Handle {
    fn second(&self) -> io::Result<OwnedFd>;
}

impl Handle for TcpStream {
    fn second(&self) -> io::Result<OwnedFd> {
        self.try_clone().map(Into::into)
    }
}

impl Handle for std::os::unix::net::UnixStream {
    fn second(&self) -> io::Result<OwnedFd> {
        self.try_clone().map(Into::into)
    }
}

/// Sums over all connections of a dialer.
#[derive(Debug, Default)]
pub(super) struct Counters {
    sessions: AtomicU64,
    commands: AtomicU64,
    sent: AtomicU64,
    received: AtomicU64,
}

impl Counters {
    pub(super) fn add_command(&self) {
        self.commands.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn add_sent(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn add_received(&self, bytes: usize) {
        self.received.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn read(&self) -> Traffic {
        let value = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Traffic {
            sessions: value(&self.sessions),
            commands: value(&self.commands),
            sent: value(&self.sent),
            received: value(&self.received),
        }
    }
}
