//! The list of a repository, from its server, as it was signed.
//!
//! Whom to trust is what the roles trust: the key that lies beside the repository, fetched from the same server.

use super::AptError;
use super::index::Index;
use crate::digest::sha256;
use crate::ports::{Files, Http, Invocation, Output, ProgramError, Programs, Request};
use std::path::Path;

/// The most bytes a list may have; NVIDIA's have some millions.
const LIMIT: u64 = 256 << 20;
/// Where the key lies while a signature is looked at.
const KEYRING: &str = ".aether/bundle/keyring.gpg";
const LIST: &str = "Packages";

/// A repository without folders of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repository {
    /// Where it lies, without a final slash.
    pub(super) url: String,
    /// Where its key lies.
    pub(super) key: String,
}

/// What asks, runs and writes.
#[derive(Clone, Copy)]
pub struct Tools<'a> {
    /// Asks servers.
    pub http: &'a dyn Http,
    /// Runs `gpg` and `gpgv`.
    pub programs: &'a dyn Programs,
    /// Holds the key meanwhile.
    pub files: &'a dyn Files,
}

impl Repository {
    /// Reads the list, if it is what the repository's key signed.
    pub(super) fn index(&self, tools: Tools<'_>) -> Result<Index, AptError> {
        let release = tools.get(&format!("{}/InRelease", self.url))?;
        let release = tools.signed(&self.url, release, tools.get(&self.key)?)?;
        let pinned =
            listed(&String::from_utf8_lossy(&release)).ok_or_else(|| self.broken("its signature covers no list"))?;
        let list = tools.get(&format!("{}/{LIST}", self.url))?;
        if sha256(&list) != pinned {
            return Err(self.broken("its list is not the one that was signed"));
        }
        Ok(Index::read(&String::from_utf8_lossy(&list)))
    }

    fn broken(&self, why: &str) -> AptError {
        AptError::Untrusted { repository: self.url.clone(), why: why.to_owned() }
    }
}

impl Tools<'_> {
    pub(super) fn get(self, url: &str) -> Result<Vec<u8>, AptError> {
        let request = Request { url: url.to_owned(), limit: LIMIT, ..Request::default() };
        let response = self.http.get(&request).map_err(|source| AptError::Http { source })?;
        match response.head.status {
            200 => Ok(response.body),
            status => Err(AptError::Status { status, url: response.head.url }),
        }
    }

    /// What was signed, without its signature.
    fn signed(self, repository: &str, release: Vec<u8>, key: Vec<u8>) -> Result<Vec<u8>, AptError> {
        let key =
            if key.starts_with(b"-----BEGIN") { self.run("gpg", &["--batch", "--dearmor"], key)?.stdout } else { key };
        self.files.write(Path::new(KEYRING), &key)?;
        let output = self.run("gpgv", &["--keyring", KEYRING, "--output", "-"], release);
        self.files.remove(Path::new(KEYRING))?;
        match output? {
            Output { status: Some(0), stdout, .. } => Ok(stdout),
            Output { stderr, .. } => {
                let said = String::from_utf8_lossy(&stderr);
                let why = format!("gpgv says: {}", said.lines().last().unwrap_or("nothing"));
                Err(AptError::Untrusted { repository: repository.to_owned(), why })
            }
        }
    }

    fn run(self, program: &str, arguments: &[&str], stdin: Vec<u8>) -> Result<Output, AptError> {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let invocation = Invocation { program: program.to_owned(), arguments, stdin, ..Invocation::default() };
        self.programs.run(&invocation).map_err(|error| match error {
            ProgramError::Missing { program } => AptError::NoGnupg { program },
            source @ ProgramError::Run { .. } => AptError::Program(source),
        })
    }
}

/// The checksum of the list within the section `SHA256:`.
fn listed(release: &str) -> Option<String> {
    let sums = release.lines().skip_while(|line| line.trim_end() != "SHA256:").skip(1);
    let mut sums =
        sums.take_while(|line| line.starts_with(' ')).map(|line| line.split_whitespace().collect::<Vec<_>>());
    sums.find_map(|sum| match sum[..] {
        [sum, _, LIST] => Some(sum.to_owned()),
        _ => None,
    })
}
