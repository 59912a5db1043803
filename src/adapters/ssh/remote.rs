//! Commands on a host that let us in.

use super::dial::Counters;
use super::wire::Wire;
use crate::adapters::lines::{Lines, Tail};
use crate::adapters::sudo::SudoPasswords;
use crate::ports::{Ending, Remote, RemoteError};
use crate::secret::Secret;
use rustix::event::PollFlags;
use ssh2::Channel;
use std::io::{self, Read, Write};
use std::sync::Arc;

/// How much is handed to libssh2 at once; one packet holds about as much.
const CHUNK: usize = 32 << 10;

/// An open connection.
pub(super) struct SshRemote {
    pub(super) wire: Wire,
    pub(super) shown: String,
    pub(super) user: String,
    pub(super) counters: Arc<Counters>,
    pub(super) sudo: Arc<SudoPasswords>,
}

impl Remote for SshRemote {
    fn exec(&mut self, command: &str, stdin: &[u8], on_line: &mut dyn FnMut(&str)) -> Result<Ending, RemoteError> {
        let ending = self.run(command, stdin, on_line);
        ending.map_err(|source| RemoteError::Broken { host: self.shown.clone(), source: source.into() })
    }

    fn user(&self) -> &str {
        &self.user
    }

    fn sudo_password(&mut self) -> Result<Secret, RemoteError> {
        self.sudo.of(&self.user, &self.shown)
    }
}

impl SshRemote {
    fn run(&mut self, command: &str, stdin: &[u8], on_line: &mut dyn FnMut(&str)) -> io::Result<Ending> {
        self.counters.add_command();
        self.wire.session.set_blocking(true);
        let mut channel = self.wire.session.channel_session()?;
        channel.exec(command)?;
        self.wire.session.set_blocking(false);
        let mut exchange =
            Exchange { stdin, is_stdin_closed: false, lines: Lines::new(on_line), errors: Tail::default() };
        exchange.run(&mut self.wire, &mut channel, &self.counters)?;
        self.wire.session.set_blocking(true);
        let status = end(&mut channel)?;
        exchange.lines.finish();
        Ok(Ending { status, stderr: exchange.errors.into_text() })
    }
}

/// The host's own word on how the command ended. Without it the number is 0, which must not pass for success: waiting
/// for the channel to close fails when the connection is gone.
fn end(channel: &mut Channel) -> io::Result<Option<i32>> {
    channel.close()?;
    channel.wait_close()?;
    if channel.exit_signal()?.exit_signal.is_some() {
        return Ok(None);
    }
    Ok(Some(channel.exit_status()?))
}

/// Three streams of one command, all moving at once.
struct Exchange<'a> {
    /// What is still to be sent.
    stdin: &'a [u8],
    is_stdin_closed: bool,
    lines: Lines<'a>,
    errors: Tail,
}

impl Exchange<'_> {
    fn run(&mut self, wire: &mut Wire, channel: &mut Channel, counters: &Counters) -> io::Result<()> {
        let mut buffer = vec![0; CHUNK];
        let mut stderr = channel.stderr();
        loop {
            let mut received = 0;
            while let Some(count) = wire.attempt(|| channel.read(&mut buffer))?.filter(|count| *count > 0) {
                self.lines.push(&buffer[..count]);
                received += count;
            }
            while let Some(count) = wire.attempt(|| stderr.read(&mut buffer))?.filter(|count| *count > 0) {
                self.errors.push(&buffer[..count]);
                received += count;
            }
            counters.add_received(received);
            if channel.eof() {
                return Ok(());
            }
            let sent = self.send(wire, channel)?;
            counters.add_sent(sent);
            if received + sent == 0 && !Wire::has_news(channel) {
                wire.wait(PollFlags::IN, None)?;
            }
        }
    }

    fn send(&mut self, wire: &mut Wire, channel: &mut Channel) -> io::Result<usize> {
        let chunk = &self.stdin[..self.stdin.len().min(CHUNK)];
        if chunk.is_empty() {
            if !self.is_stdin_closed {
                self.is_stdin_closed = wire.attempt(|| channel.send_eof())?.is_some();
            }
            return Ok(0);
        }
        let sent = wire.attempt(|| channel.write(chunk))?.unwrap_or(0);
        self.stdin = &self.stdin[sent..];
        Ok(sent)
    }
}
