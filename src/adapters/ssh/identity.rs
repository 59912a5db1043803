//! Private keys in files: which there are, and whether they want a passphrase.

use std::fs;
use std::path::{Path, PathBuf};

/// A private key in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) path: PathBuf,
    pub(super) is_encrypted: bool,
    /// A certificate beside it (`KEY-cert.pub`).
    pub(super) certificate: Option<PathBuf>,
    /// The key in base64 from the `.pub` file beside it, to find it among the agent's.
    pub(super) public_key: Option<String>,
}

/// An OpenSSH key file whose cipher is `none`, up to the place where the cipher is named.
const PLAIN_OPENSSH: &str = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU";

impl Identity {
    /// The key at `path`; `None` when there is none that can be read.
    pub(super) fn read(path: &Path) -> Option<Self> {
        let public_key = fs::read_to_string(beside(path, ".pub")).ok();
        let public_key = public_key.and_then(|text| text.split_whitespace().nth(1).map(str::to_owned));
        let certificate = Some(beside(path, "-cert.pub")).filter(|certificate| certificate.is_file());
        let text = fs::read_to_string(path).ok()?;
        Some(Self { path: path.to_owned(), is_encrypted: is_encrypted(&text), certificate, public_key })
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn is_encrypted(text: &str) -> bool {
    if text.contains("BEGIN OPENSSH PRIVATE KEY") {
        let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
        return !body.starts_with(PLAIN_OPENSSH);
    }
    text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")
}
