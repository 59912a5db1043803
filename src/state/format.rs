//! The snapshot's text: JSON for people's eyes, with a checksum that notices a torn or edited file.

use super::State;
use crate::digest::named_sha256;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The format this version writes.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Envelope<'a> {
    version: u32,
    checksum: String,
    #[serde(borrow)]
    state: &'a RawValue,
}

/// A snapshot that cannot be trusted.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// No file, where one was.
    #[error("the state is missing, though earlier ones are kept")]
    Missing,
    /// No bytes at all: a torn write of some other tool, or `> state.json`.
    #[error("the state is empty")]
    Empty,
    /// Not JSON of this shape.
    #[error("the state is damaged")]
    Damaged(#[source] serde_json::Error),
    /// Readable, but not what was written.
    #[error("the state does not match its checksum")]
    Checksum,
    /// Written by a newer Aether.
    #[error("the state has format version {0}; this Aether reads up to version {VERSION}")]
    Version(u32),
}

/// Writes a snapshot. The same state gives the same bytes.
pub fn to_text(state: &State) -> Result<String, FormatError> {
    let body = serde_json::to_string_pretty(state).map_err(FormatError::Damaged)?;
    let raw = RawValue::from_string(body).map_err(FormatError::Damaged)?;
    let envelope = Envelope { version: VERSION, checksum: checksum(raw.get()), state: &raw };
    let mut text = serde_json::to_string_pretty(&envelope).map_err(FormatError::Damaged)?;
    text.push('\n');
    Ok(text)
}

/// Reads a snapshot.
pub fn parse(bytes: &[u8]) -> Result<State, FormatError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(FormatError::Empty);
    }
    let envelope: Envelope<'_> = serde_json::from_slice(bytes).map_err(FormatError::Damaged)?;
    if envelope.version != VERSION {
        return Err(FormatError::Version(envelope.version));
    }
    if checksum(envelope.state.get()) != envelope.checksum {
        return Err(FormatError::Checksum);
    }
    serde_json::from_str(envelope.state.get()).map_err(FormatError::Damaged)
}

fn checksum(text: &str) -> String {
    named_sha256(text)
}

#[cfg(test)]
mod tests {
    use super::{FormatError, State, parse, to_text};

    fn text() -> String {
        to_text(&State::new("lineage")).expect("an empty state can be written")
    }

    #[test]
    fn a_state_reads_back_as_it_was_written() {
        assert_eq!(parse(text().as_bytes()).ok(), Some(State::new("lineage")));
    }

    #[test]
    fn an_empty_file_is_an_error_and_not_an_empty_state() {
        assert!(matches!(parse(b""), Err(FormatError::Empty)));
        assert!(matches!(parse(b" \n"), Err(FormatError::Empty)));
    }

    #[test]
    fn a_file_torn_at_any_byte_is_an_error() {
        let text = text();
        let whole = text.trim_end().len();
        for end in 1..whole {
            assert!(parse(&text.as_bytes()[..end]).is_err(), "torn at {end}");
        }
    }

    #[test]
    fn any_flipped_bit_of_the_content_is_noticed() {
        let text = text();
        let start = text.find("\"state\"").expect("the envelope has a state");
        for at in start..text.trim_end().len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            if let Ok(read) = parse(&bytes) {
                assert_eq!(read, State::new("lineage"), "bit flipped at {at}");
            }
        }
    }
}
