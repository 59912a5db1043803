//! Streams of bytes as lines and as a tail. Knows nothing of where the bytes come from.

/// The most bytes one line may have before it is handed on in pieces: a host must not fill our memory.
const LINE_LIMIT: usize = 1 << 20;
/// How much of standard error is kept.
const TAIL_LIMIT: usize = 64 << 10;

/// Cuts bytes into lines and hands each on as soon as it is whole.
pub(super) struct Lines<'a> {
    partial: Vec<u8>,
    on_line: &'a mut dyn FnMut(&str),
}

impl<'a> Lines<'a> {
    pub(super) fn new(on_line: &'a mut dyn FnMut(&str)) -> Self {
        Self { partial: Vec::new(), on_line }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            self.partial.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.partial.pop();
                self.hand_on();
            } else if self.partial.len() >= LINE_LIMIT {
                self.hand_on();
            }
        }
    }

    /// Hands on what came after the last line end.
    pub(super) fn finish(mut self) {
        if !self.partial.is_empty() {
            self.hand_on();
        }
    }

    fn hand_on(&mut self) {
        (self.on_line)(&String::from_utf8_lossy(&self.partial));
        self.partial.clear();
    }
}

/// Keeps the last part of a stream.
#[derive(Default)]
pub(super) struct Tail {
    bytes: Vec<u8>,
}

impl Tail {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() > 2 * TAIL_LIMIT {
            self.bytes.drain(..self.bytes.len() - TAIL_LIMIT);
        }
    }

    pub(super) fn into_text(self) -> String {
        let start = self.bytes.len().saturating_sub(TAIL_LIMIT);
        String::from_utf8_lossy(&self.bytes[start..]).into_owned()
    }
}
