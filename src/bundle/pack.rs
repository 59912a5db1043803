//! Parts → one archive: sorted, without times, owners or anything else of the machine it was made on.

use super::BundleError;
use super::list::{FORMAT, LIST, Listed, PackingList, SUMS, measure, sha256};
use crate::ports::{Contents, LargeFiles};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tar::{Builder, EntryType, Header};

/// Something to put in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// Where it lies in the bundle.
    pub path: String,
    /// Where it comes from.
    pub source: Source,
}

/// Where a part comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// From memory.
    Bytes(Vec<u8>),
    /// From a file, relative to the project's folder.
    File(PathBuf),
    /// The program that is running.
    OwnProgram,
}

/// Writes the bundle of a project's lock. The same parts give the same bytes.
pub fn pack(
    project: &str,
    lock: &[u8],
    mut parts: Vec<Part>,
    file: &Path,
    large: &dyn LargeFiles,
) -> Result<PackingList, BundleError> {
    parts.sort();
    let io = |source| BundleError::Io { file: file.to_owned(), source };
    let mut files = Vec::new();
    for part in &parts {
        let (sha256, bytes) = measure(open(part, large)?).map_err(io)?;
        files.push(Listed { path: part.path.clone(), sha256, bytes });
    }
    let list = PackingList {
        format: FORMAT,
        aether: env!("CARGO_PKG_VERSION").to_owned(),
        project: project.to_owned(),
        lock: sha256(lock),
        files,
    };
    let mut draft = large.create(file)?;
    let mut archive = Builder::new(&mut draft);
    for (name, text) in [(LIST, list.to_text()), (SUMS, list.sums())] {
        add(&mut archive, name, text.len() as u64, 0o644, text.as_bytes()).map_err(io)?;
    }
    for (part, listed) in parts.iter().zip(&list.files) {
        let mode = if part.source == Source::OwnProgram { 0o755 } else { 0o644 };
        // What grew since it was measured would shift everything behind it.
        let reader = open(part, large)?.take(listed.bytes);
        add(&mut archive, &part.path, listed.bytes, mode, reader).map_err(io)?;
    }
    archive.finish().map_err(io)?;
    drop(archive);
    draft.finish()?;
    Ok(list)
}

fn add(archive: &mut Builder<impl Write>, path: &str, bytes: u64, mode: u32, reader: impl Read) -> io::Result<()> {
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_size(bytes);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    archive.append_data(&mut header, path, reader)
}

fn open(part: &Part, large: &dyn LargeFiles) -> Result<Box<dyn Contents>, BundleError> {
    let mut contents: Box<dyn Contents> = match &part.source {
        Source::Bytes(bytes) => Box::new(io::Cursor::new(bytes.clone())),
        Source::File(file) => large.open(file)?.ok_or_else(|| BundleError::Missing { file: file.clone() })?,
        Source::OwnProgram => large.own_program()?,
    };
    contents.seek(SeekFrom::Start(0)).map_err(|source| BundleError::Io { file: part.path.clone().into(), source })?;
    Ok(contents)
}
