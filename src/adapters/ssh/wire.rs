//! One libssh2 session with its socket: how to wait without standing still, and when to give a host up.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use ssh2::{BlockDirections, Channel, Session};
use std::io;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

/// So many times may a host fail to give a sign of life.
const SIGNS_MISSED: u32 = 3;

/// A session and the socket under it.
pub(super) struct Wire {
    pub(super) session: Session,
    socket: OwnedFd,
    keepalive: Duration,
    heard: Instant,
}

impl Wire {
    /// `socket` is a second handle on the session's own.
    pub(super) fn new(session: Session, socket: OwnedFd, keepalive: Duration) -> Self {
        let seconds = u32::try_from(keepalive.as_secs()).unwrap_or(u32::MAX).max(2);
        session.set_keepalive(true, seconds);
        Self { session, socket, keepalive, heard: Instant::now() }
    }

    /// Does one step of a session that does not block; `None` when it has to wait for the host.
    ///
    /// A step that stopped half-way through sending must be done again before any other: libssh2 takes the next one
    /// for a mistake. Its packet does leave, for a host reads whatever state its channels are in.
    pub(super) fn attempt<T, E: Into<io::Error>>(
        &mut self,
        mut step: impl FnMut() -> Result<T, E>,
    ) -> io::Result<Option<T>> {
        loop {
            let error: io::Error = match step() {
                Ok(value) => return Ok(Some(value)),
                Err(error) => error.into(),
            };
            match self.session.block_directions() {
                _ if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
                BlockDirections::Outbound | BlockDirections::Both => self.wait(PollFlags::OUT, None)?,
                BlockDirections::Inbound | BlockDirections::None => return Ok(None),
            }
        }
    }

    /// Whether something of `channel` is in libssh2's hands already. Every step takes in all packets that have come,
    /// whatever stream they are for; a wait for the socket would then wait for what is here.
    pub(super) fn has_news(channel: &Channel) -> bool {
        channel.read_window().available > 0 || channel.eof()
    }

    /// Waits until the host's socket or `other` is ready for what the flags say, or it is time to look again. Fails
    /// when the host is silent for too long.
    pub(super) fn wait(&mut self, flags: PollFlags, other: Option<(&OwnedFd, PollFlags)>) -> io::Result<()> {
        let mut watched = vec![PollFd::new(&self.socket, flags)];
        watched.extend(other.map(|(socket, flags)| PollFd::new(socket, flags)));
        let patience = Timespec::try_from(self.keepalive).map_err(io::Error::other)?;
        match poll(&mut watched, Some(&patience)) {
            Err(rustix::io::Errno::INTR) => return Ok(()),
            outcome => outcome?,
        };
        if !watched[0].revents().is_empty() {
            self.heard = Instant::now();
        }
        let silence = self.heard.elapsed();
        if silence > self.keepalive * SIGNS_MISSED {
            let text = format!("no sign of life for {} seconds", silence.as_secs());
            return Err(io::Error::new(io::ErrorKind::TimedOut, text));
        }
        if flags == PollFlags::IN && silence >= self.keepalive {
            self.session.keepalive_send()?;
        }
        Ok(())
    }
}
