//! The list of files of a zip archive on a server, and single files of it, without fetching the rest.

use super::{IndexError, ask, good};
use crate::ports::http::shown;
use crate::ports::{ByteRange, Http, HttpError, Request};

/// Enough for the list of most wheels, and cheap.
const TAIL: u64 = 64 << 10;
/// More than the list of any wheel; that of torch has a million and a half.
const LARGEST_LIST: u64 = 32 << 20;
/// The largest file inside an archive that is read.
const LARGEST_FILE: u64 = 4 << 20;

/// One file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `torch/lib/libtorch_cuda.so`.
    pub path: String,
    /// CRC-32 of its bytes; files of different content that share one are not to be expected.
    pub crc: u32,
    method: u16,
    compressed: u64,
    offset: u64,
}

/// Every file of a wheel.
pub fn listing(http: &dyn Http, url: &str) -> Result<Vec<Entry>, IndexError> {
    let no_wheel = |why| IndexError::NoWheel { url: shown(url), why };
    let tail = part(http, url, ByteRange::Last(TAIL), LARGEST_LIST)?;
    let end = End::find(&tail.bytes).ok_or_else(|| no_wheel("the end of the archive is missing"))?;
    let begin = end.offset;
    let until = begin.checked_add(end.size).ok_or_else(|| no_wheel("its list of files is out of bounds"))?;
    let tail_starts = tail.first;
    let list = if begin >= tail_starts {
        let at = |place: u64| usize::try_from(place - tail_starts).ok();
        let range = at(begin).zip(at(until)).and_then(|(from, to)| tail.bytes.get(from..to));
        range.ok_or_else(|| no_wheel("its list of files is out of bounds"))?.to_vec()
    } else {
        part(http, url, ByteRange::Between(begin, until.saturating_sub(1)), LARGEST_LIST)?.bytes
    };
    entries(&list, end.count).ok_or_else(|| no_wheel("its list of files is damaged"))
}

/// The bytes of one file of a wheel.
pub(super) fn file(http: &dyn Http, url: &str, entry: &Entry) -> Result<Vec<u8>, IndexError> {
    let no_wheel = |why| IndexError::NoWheel { url: shown(url), why };
    if entry.compressed > LARGEST_FILE {
        return Err(no_wheel("a file in it is larger than it should be"));
    }
    // The local header repeats the name and adds fields of its own; a name has at most 64 KiB.
    let until = entry.offset + 30 + entry.path.len() as u64 + 4096 + entry.compressed;
    let found = part(http, url, ByteRange::Between(entry.offset, until), LARGEST_FILE * 2)?;
    let skip = usize::try_from(entry.offset.saturating_sub(found.first)).unwrap_or(usize::MAX);
    let local = found.bytes.get(skip..).unwrap_or_default();
    let start = number(local, 26, 2).zip(number(local, 28, 2)).map(|(name, extra)| 30 + name + extra);
    let range =
        start.and_then(|start| Some((usize::try_from(start).ok()?, usize::try_from(start + entry.compressed).ok()?)));
    let packed = range.and_then(|(from, to)| local.get(from..to)).ok_or_else(|| no_wheel("a file in it breaks off"))?;
    match entry.method {
        0 => Ok(packed.to_vec()),
        8 => miniz_oxide::inflate::decompress_to_vec_with_limit(packed, 16 << 20)
            .map_err(|_| no_wheel("a file in it cannot be unpacked")),
        _ => Err(no_wheel("a file in it is packed in an unusual way")),
    }
}

/// Some bytes, and where in the file they begin.
struct Part {
    bytes: Vec<u8>,
    first: u64,
}

fn part(http: &dyn Http, url: &str, range: ByteRange, limit: u64) -> Result<Part, IndexError> {
    let request = Request { url: url.to_owned(), range: Some(range), limit, ..Request::default() };
    let response = match ask(http, &request) {
        Err(IndexError::Http(HttpError::TooLarge { .. })) => {
            return Err(IndexError::NoRanges { url: shown(url) });
        }
        response => response?,
    };
    good(&response.head, &request)?;
    // `bytes 100-199/200`; a server without ranges sent all of it.
    let place = response
        .head
        .header("content-range")
        .and_then(|text| text.strip_prefix("bytes ")?.split('-').next()?.parse().ok());
    Ok(Part { bytes: response.body, first: if response.head.is_part() { place.unwrap_or(0) } else { 0 } })
}

/// Where the list of files lies.
struct End {
    count: u64,
    size: u64,
    offset: u64,
}

impl End {
    fn find(tail: &[u8]) -> Option<Self> {
        let at = tail.windows(4).rposition(|four| four == b"PK\x05\x06")?;
        let own = Self {
            count: number(tail, at + 10, 2)?,
            size: number(tail, at + 12, 4)?,
            offset: number(tail, at + 16, 4)?,
        };
        if own.count != 0xffff && own.size != 0xffff_ffff && own.offset != 0xffff_ffff {
            return Some(own);
        }
        let at = tail[..at].windows(4).rposition(|four| four == b"PK\x06\x06")?;
        Some(Self {
            count: number(tail, at + 32, 8)?,
            size: number(tail, at + 40, 8)?,
            offset: number(tail, at + 48, 8)?,
        })
    }
}

/// Reads the list; none when it is cut short or no such list.
fn entries(list: &[u8], count: u64) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut at = 0;
    for _ in 0..count {
        let own = list.get(at..)?.strip_prefix(b"PK\x01\x02")?;
        let lengths = [24, 26, 28].map(|place| number(own, place, 2));
        let [Some(name), Some(extra), Some(comment)] = lengths else { return None };
        let name_ends = 42 + usize::try_from(name).ok()?;
        entries.push(Entry {
            path: String::from_utf8_lossy(own.get(42..name_ends)?).into_owned(),
            crc: u32::try_from(number(own, 12, 4)?).ok()?,
            method: u16::try_from(number(own, 6, 2)?).ok()?,
            compressed: number(own, 16, 4)?,
            offset: number(own, 38, 4)?,
        });
        at += 4 + name_ends + usize::try_from(extra + comment).ok()?;
    }
    Some(entries)
}

/// A little-endian number.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(length)?)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}
