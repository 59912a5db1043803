//! Through a jump host: a thread carries bytes between a local socket and a channel to the next host.
//!
//! The thread owns the jump host's session and ends when either side does. Neither direction ever waits for the other:
//! the session at the local end may stop reading until it has sent.

use super::wire::Wire;
use rustix::event::PollFlags;
use ssh2::Channel;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::thread;

/// How much is kept of one direction while its far end is busy.
const KEPT: usize = 256 << 10;

/// The local end of a way to `host`:`port` as seen from the jump host.
pub(super) fn open(wire: Wire, host: &str, port: u16) -> io::Result<UnixStream> {
    let channel = wire.session.channel_direct_tcpip(host, port, None)?;
    wire.session.set_blocking(false);
    let (near, far) = UnixStream::pair()?;
    far.set_nonblocking(true)?;
    let watch: OwnedFd = far.try_clone()?.into();
    let pump = Pump { wire, channel, far, watch, inward: Vec::new(), outward: Vec::new(), is_over: false };
    thread::Builder::new().name(format!("jump to {host}")).spawn(move || pump.run())?;
    Ok(near)
}

struct Pump {
    wire: Wire,
    channel: Channel,
    far: UnixStream,
    watch: OwnedFd,
    /// From the channel, not yet taken by the local end.
    inward: Vec<u8>,
    /// From the local end, not yet taken by the channel.
    outward: Vec<u8>,
    is_over: bool,
}

impl Pump {
    fn run(mut self) {
        // Whatever breaks here shows at the local end, as the end of its stream.
        while let Ok(moved) = self.step() {
            if self.is_over || (moved == 0 && self.wait().is_err()) {
                break;
            }
        }
        let _ = self.far.shutdown(Shutdown::Both);
    }

    fn step(&mut self) -> io::Result<usize> {
        let mut buffer = [0; 16 << 10];
        let mut moved = 0;
        if self.inward.len() < KEPT {
            let Self { wire, channel, .. } = self;
            if let Some(count) = wire.attempt(|| channel.read(&mut buffer))? {
                self.inward.extend_from_slice(&buffer[..count]);
                moved += count;
            }
        }
        self.is_over |= self.inward.is_empty() && self.channel.eof();
        if let Some(count) = if_ready(self.far.write(&self.inward)).filter(|_| !self.inward.is_empty()) {
            self.inward.drain(..count?);
            moved += 1;
        }
        if self.outward.is_empty()
            && let Some(count) = if_ready(self.far.read(&mut buffer))
        {
            let count = count?;
            self.is_over |= count == 0;
            self.outward.extend_from_slice(&buffer[..count]);
            moved += count;
        }
        if !self.outward.is_empty() {
            let Self { wire, channel, outward, .. } = self;
            let count = wire.attempt(|| channel.write(outward))?.unwrap_or(0);
            self.outward.drain(..count);
            moved += count;
        }
        Ok(moved)
    }

    fn wait(&mut self) -> io::Result<()> {
        let mut flags = PollFlags::empty();
        flags.set(PollFlags::IN, self.outward.is_empty());
        flags.set(PollFlags::OUT, !self.inward.is_empty());
        let is_room = self.inward.len() < KEPT;
        // An end that is known already is no news before the last bytes are handed on.
        let is_ending = self.channel.eof() && !self.inward.is_empty();
        if is_room && !is_ending && Wire::has_news(&self.channel) {
            return Ok(());
        }
        // Bytes that there is no room for would only wake us again and again.
        let host = if is_room { PollFlags::IN } else { PollFlags::empty() };
        self.wire.wait(host, Some((&self.watch, flags)))
    }
}

/// `None` when a socket that does not block would have to.
fn if_ready(outcome: io::Result<usize>) -> Option<io::Result<usize>> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
        outcome => Some(outcome),
    }
}
