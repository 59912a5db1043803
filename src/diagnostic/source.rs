//! Texts a user wrote, and places in them. Knows nothing of what the text means.

use super::{Diagnostic, code};
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A manifest of 10,000 hosts is about 1 MiB.
const BYTES_MAX: usize = 4 << 20;

/// One text with the name a user knows it by (a path as typed, `--var`, an environment variable).
pub struct Source {
    name: String,
    text: String,
    /// Where each line begins; counted when first asked for.
    lines: OnceLock<Vec<usize>>,
}

impl Source {
    /// A named text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { name: name.into(), text: text.into(), lines: OnceLock::new() })
    }

    /// The bytes of a file as a text: at most 4 MiB, in UTF-8, a byte order mark taken off.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Result<Arc<Self>, Diagnostic> {
        let name = name.into();
        if bytes.len() > BYTES_MAX {
            return Err(too_large(name, bytes.len()));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(name, text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))),
            Err(error) => Err(not_utf8(name, error.as_bytes(), error.utf8_error().valid_up_to())),
        }
    }

    /// The name to show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte offset, both counted from 1, columns in characters.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let end = (0..=offset.min(self.text.len())).rev().find(|&i| self.text.is_char_boundary(i)).unwrap_or(0);
        let lines = self.lines.get_or_init(|| line_starts(&self.text));
        let line = lines.partition_point(|start| *start <= end);
        (line, self.text[lines[line - 1]..end].chars().count() + 1)
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.text == other.text
    }
}

impl Eq for Source {}

/// Never empty: the first line begins at 0.
fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(offset, _)| offset + 1)).collect()
}

fn too_large(name: String, bytes: usize) -> Diagnostic {
    let summary = format!("this file is {} MiB large", bytes >> 20);
    Diagnostic::error(&code::TOO_LARGE, &Span::start_of(&Source::new(name, "")), summary)
        .why(format!("a file may have {} MiB", BYTES_MAX >> 20))
        .fix("check that it is the file you mean")
}

/// Shows the text up to the first byte that is none.
fn not_utf8(name: String, bytes: &[u8], valid_up_to: usize) -> Diagnostic {
    let encoding =
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) { "UTF-16" } else { "LATIN1" };
    let text = String::from_utf8_lossy(&bytes[..valid_up_to]);
    let command = format!("convert it: `iconv -f {encoding} -t UTF-8 {name} > new && mv new {name}`");
    let source = Source::new(name, text);
    let span = Span::new(&source, valid_up_to..valid_up_to);
    let byte = bytes.get(valid_up_to).copied().unwrap_or_default();
    Diagnostic::error(&code::NOT_UTF8, &span, format!("this file is not UTF-8: byte 0x{byte:02x} follows here"))
        .fix(command)
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({})", self.name)
    }
}

/// A range of bytes in a [`Source`], always inside it and on character boundaries.
#[derive(Clone, PartialEq, Eq)]
pub struct Span {
    source: Arc<Source>,
    start: usize,
    end: usize,
}

impl Span {
    /// The place `range` in `source`, clamped to the text and widened to whole characters.
    pub fn new(source: &Arc<Source>, range: Range<usize>) -> Self {
        let text = source.text();
        let mut start = range.start.min(text.len());
        let mut end = range.end.clamp(start, text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        Self { source: Arc::clone(source), start, end }
    }

    /// The very beginning, for problems of a whole file.
    pub fn start_of(source: &Arc<Source>) -> Self {
        Self::new(source, 0..0)
    }

    /// The text it lies in.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// First byte.
    pub fn start(&self) -> usize {
        self.start
    }

    /// One past the last byte.
    pub fn end(&self) -> usize {
        self.end
    }

    /// Line and column of the first character, from 1.
    pub fn line_column(&self) -> (usize, usize) {
        self.source.line_column(self.start)
    }

    /// The bytes themselves.
    pub fn text(&self) -> &str {
        &self.source.text()[self.start..self.end]
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.line_column();
        write!(f, "{}:{line}:{column}", self.source.name())
    }
}
