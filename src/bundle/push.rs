//! Files onto a host, piece by piece over one connection, as root where the folder is root's.

use crate::ports::{Ending, Remote, RemoteError, SupplyError};
use crate::secret::Secret;
use std::io::Read;

/// How much is sent at a time, and so held in memory per host.
const PIECE: u64 = 4 << 20;

/// A way onto one host.
pub(super) struct Pusher<'a> {
    pub(super) host: &'a str,
    pub(super) remote: &'a mut dyn Remote,
    sudo: Sudo,
}

/// How root's folder is written to.
enum Sudo {
    /// The login user may write there.
    Needless,
    /// Nothing is asked.
    Free,
    /// This is asked.
    With(Secret),
}

impl<'a> Pusher<'a> {
    /// `needs_root` says whether the login user must become root to write.
    pub(super) fn new(host: &'a str, needs_root: bool, remote: &'a mut dyn Remote) -> Result<Self, RemoteError> {
        let sudo = match needs_root {
            false => Sudo::Needless,
            true if remote.exec("sudo -n true", &[], &mut |_| {})?.status == Some(0) => Sudo::Free,
            true => Sudo::With(remote.sudo_password()?),
        };
        Ok(Self { host, remote, sudo })
    }

    /// Runs a script with `sh`; its lines, and how it ended.
    pub(super) fn run(&mut self, script: &str, input: &[u8]) -> Result<(Vec<String>, Ending), RemoteError> {
        let mut lines = Vec::new();
        let mut gather = |line: &str| lines.push(line.to_owned());
        let shell = format!("/bin/sh -c {}", quoted(script));
        let ending = match &self.sudo {
            Sudo::Needless => self.remote.exec(&format!("exec {shell}"), input, &mut gather)?,
            Sudo::Free => self.remote.exec(&format!("exec sudo -H -n -- {shell}"), input, &mut gather)?,
            Sudo::With(password) => {
                // `-k`: with a remembered password sudo would not read the line, and it would become data.
                let command = format!("exec sudo -H -k -S -p '' -- {shell}");
                let input = [password.reveal().as_bytes(), b"\n", input].concat();
                self.remote.exec(&command, &input, &mut gather)?
            }
        };
        Ok((lines, ending))
    }

    /// Sends one file and has the host compare its checksum before it counts.
    pub(super) fn send(&mut self, to: &str, sha256: &str, mut from: impl Read) -> Result<(), SupplyError> {
        let failed = |source: std::io::Error| SupplyError::Source { file: to.to_owned(), source: source.into() };
        let (part, whole) = (quoted(&format!("{to}.part")), quoted(to));
        let mut arrow = ">";
        loop {
            let mut piece = Vec::new();
            let count = (&mut from).take(PIECE).read_to_end(&mut piece).map_err(failed)?;
            if count > 0 || arrow == ">" {
                let script = format!("umask 022; exec cat {arrow}{part}");
                let (_, ending) = self.run(&script, &piece)?;
                self.must(to, &ending)?;
                arrow = ">>";
            }
            if (count as u64) < PIECE {
                break;
            }
        }
        let script = format!(
            "set -e; sum=$(sha256sum <{part}); if [ \"${{sum%% *}}\" != {sha256} ]; then rm -f {part}; \
             echo arrived changed >&2; exit 1; fi; mv {part} {whole}"
        );
        let (_, ending) = self.run(&script, &[])?;
        self.must(to, &ending)
    }

    /// Refuses to go on after a script that failed.
    pub(super) fn must(&self, file: &str, ending: &Ending) -> Result<(), SupplyError> {
        if ending.status == Some(0) {
            return Ok(());
        }
        let said = ending.stderr.lines().last().unwrap_or("it said nothing").to_owned();
        Err(SupplyError::Refused { host: self.host.to_owned(), file: file.to_owned(), said })
    }
}

/// As one word, for any shell.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
