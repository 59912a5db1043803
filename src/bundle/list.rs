//! The packing list: what a bundle says of itself, and the sums that `sha256sum -c` reads.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{self, Read};

/// The format that is written and read here.
pub const FORMAT: u64 = 1;
/// The packing list's name; always the first part.
pub(super) const LIST: &str = "bundle.json";
/// The sums' name; always the second part.
pub(super) const SUMS: &str = "SHA256SUMS";

/// What is in a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackingList {
    /// Another number means that this may be read differently.
    pub format: u64,
    /// The version of Aether that made it.
    pub aether: String,
    /// The project's name.
    pub project: String,
    /// SHA-256 of the `aether.lock` it was made from, hexadecimal.
    pub lock: String,
    /// Every part but this list and the sums, sorted by path.
    pub files: Vec<Listed>,
}

/// One part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// `wheels/numpy-2.1.0-cp311-cp311-manylinux_2_17_x86_64.whl`.
    pub path: String,
    /// Hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

impl PackingList {
    pub(super) fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).expect("a packing list has only string keys") + "\n"
    }

    /// What `sha256sum -c` reads, the list itself included.
    pub(super) fn sums(&self) -> String {
        let own = format!("{}  {LIST}\n", hexadecimal(&Sha256::digest(self.to_text())));
        let files = self.files.iter().map(|file| format!("{}  {}\n", file.sha256, file.path));
        own + &files.collect::<String>()
    }
}

/// SHA-256 and size of everything a reader has.
pub(super) fn measure(mut reader: impl Read) -> io::Result<(String, u64)> {
    let mut digest = Sha256::new();
    let mut bytes = 0;
    let mut piece = vec![0; 1 << 18];
    loop {
        match reader.read(&mut piece)? {
            0 => return Ok((hexadecimal(&digest.finalize()), bytes)),
            count => {
                digest.update(&piece[..count]);
                bytes += count as u64;
            }
        }
    }
}

/// Of bytes that are at hand.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Why a path is none that a bundle may hold, if so.
pub(super) fn offence(path: &str) -> Option<&'static str> {
    if path.starts_with('/') || path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        Some("a path that leads out of the bundle")
    } else if path.contains(|c: char| c.is_control() || "\\\"'`$".contains(c)) {
        Some("a path with characters that no bundle has")
    } else {
        None
    }
}
