//! Whether a host is the one it was: its key against the files of known keys.

use super::base64;
use super::config::Config;
use super::known_hosts::{Entry, Marker, parse};
use crate::ports::{HostKeyPolicy, RemoteError};
use ssh2::{CheckResult, HashType, KnownHostFileKind, MethodType, Session};
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// In this order unless the files know a host by another kind.
const ALGORITHMS: [&str; 6] = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
];

/// What the files say about one host.
pub(super) struct Record {
    /// The name it is recorded under: `host`, or `[host]:port`.
    name: String,
    /// Lines that cover the name.
    entries: Vec<Entry>,
    /// Where a new key goes.
    file: Option<PathBuf>,
}

/// Reads the files. A file that is not there says nothing; one that cannot be read is an error, for a key in it may be
/// revoked.
pub(super) fn look_up(session: &Session, config: &Config) -> io::Result<Record> {
    let host = config.key_alias.as_deref().unwrap_or(&config.host).to_lowercase();
    let name = if config.port == 22 || config.key_alias.is_some() { host } else { format!("[{host}]:{}", config.port) };
    let mut entries = Vec::new();
    for path in &config.known_hosts {
        match fs::read(path) {
            Ok(bytes) => entries.extend(parse(path, &String::from_utf8_lossy(&bytes))),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(io::Error::new(error.kind(), format!("{}: {error}", path.display()))),
        }
    }
    entries.retain(|entry| if entry.is_hashed() { is_hash_of(session, entry, &name) } else { entry.covers(&name) });
    Ok(Record { name, entries, file: config.known_hosts.first().cloned() })
}

/// libssh2 compares the hash: fed with one line only, its answer is about the name.
fn is_hash_of(session: &Session, entry: &Entry, name: &str) -> bool {
    let Ok(mut known) = session.known_hosts() else { return false };
    let is_read = known.read_str(&entry.line(), KnownHostFileKind::OpenSSH).is_ok();
    // Any key does: another than the recorded one is a mismatch, and that too says that the name is right.
    is_read && matches!(known.check(name, b"none"), CheckResult::Mismatch | CheckResult::Match)
}

/// Asks for a key of a kind that is recorded, before the handshake: a host has several, and any other looks changed.
pub(super) fn prefer_recorded(session: &Session, record: &Record) -> Result<(), ssh2::Error> {
    let mut preferred: Vec<&str> = Vec::new();
    for entry in record.entries.iter().filter(|entry| entry.marker == Marker::None) {
        match entry.algorithm.as_str() {
            "ssh-rsa" => preferred.extend(["rsa-sha2-512", "rsa-sha2-256"]),
            algorithm if ALGORITHMS.contains(&algorithm) => preferred.push(algorithm),
            _ => {}
        }
    }
    preferred.extend(ALGORITHMS);
    let mut seen = Vec::new();
    preferred.retain(|algorithm| {
        !seen.contains(algorithm) && {
            seen.push(*algorithm);
            true
        }
    });
    session.method_pref(MethodType::HostKey, &preferred.join(","))
}

/// Accepts, records or refuses the key that the handshake brought.
pub(super) fn verify(
    session: &Session,
    record: &Record,
    shown: &str,
    policy: HostKeyPolicy,
) -> Result<(), RemoteError> {
    let host = shown.to_owned();
    let bytes = session.host_key().map(|(bytes, _)| bytes.to_vec()).unwrap_or_default();
    let key = base64::encode(&bytes);
    let algorithm = algorithm_of(&bytes);
    let digest = session.host_key_hash(HashType::Sha256).unwrap_or_default();
    let fingerprint = format!("SHA256:{}", base64::encode_unpadded(digest));
    let of = |marker: Marker| record.entries.iter().filter(move |entry| entry.marker == marker);
    if let Some(revoked) = of(Marker::Revoked).find(|entry| entry.key == key) {
        let recorded = revoked.place.clone();
        return Err(RemoteError::RevokedHostKey { host, algorithm, fingerprint, recorded });
    }
    if of(Marker::None).any(|entry| entry.key == key) {
        return Ok(());
    }
    if let Some(other) = of(Marker::None).find(|e| e.algorithm == algorithm).or_else(|| of(Marker::None).next()) {
        let recorded = other.place.clone();
        return Err(RemoteError::ChangedHostKey { host, algorithm, fingerprint, recorded });
    }
    if policy == HostKeyPolicy::Refuse {
        return match of(Marker::CertAuthority).next() {
            Some(authority) => {
                let need = format!("host certificates (`@cert-authority` in {})", authority.place);
                Err(RemoteError::Unsupported { host, need })
            }
            None => Err(RemoteError::UnknownHostKey { host, algorithm, fingerprint }),
        };
    }
    let Some(file) = &record.file else { return Ok(()) };
    let line = format!("{} {algorithm} {key}\n", record.name);
    append(file, &line).map_err(|error| {
        let source = io::Error::new(error.kind(), format!("{}: {error}", file.display())).into();
        RemoteError::Configuration { host, source }
    })
}

/// A key opens with the length and the name of its algorithm.
fn algorithm_of(key: &[u8]) -> String {
    let length = key.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes) as usize);
    String::from_utf8_lossy(key.get(4..4 + length).unwrap_or_default()).into_owned()
}

/// Adds a line in one write: several hosts may be recorded at once.
fn append(file: &Path, line: &str) -> io::Result<()> {
    if let Some(folder) = file.parent().filter(|folder| !folder.exists()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let lacks_line_end = fs::read(file).is_ok_and(|bytes| bytes.last().is_some_and(|&byte| byte != b'\n'));
    let line = if lacks_line_end { format!("\n{line}") } else { line.to_owned() };
    OpenOptions::new().append(true).create(true).mode(0o600).open(file)?.write_all(line.as_bytes())
}
