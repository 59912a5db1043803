//! Files from their servers into a folder, each compared with the hash that is pinned for it.

use super::list::measure;
use crate::ports::{FilesError, Http, HttpError, LargeFiles, Request};
use std::io;
use std::path::{Path, PathBuf};

/// The most bytes a file may have. The largest, wheels of torch with CUDA in them, have some three thousand million.
const LIMIT: u64 = 16 << 30;
/// How often a server that broke off is asked again.
const TRIES: usize = 3;

/// A wheel or package whose content is known beforehand, and where it lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pinned {
    /// `numpy-2.1.0-cp311-cp311-manylinux_2_17_x86_64.whl`, `nvlsm_2025.06.6-1_amd64.deb`.
    pub name: String,
    /// Where it lies; may ask for a login.
    pub url: String,
    /// Hexadecimal.
    pub sha256: String,
}

/// A file could not be had.
#[derive(Debug, thiserror::Error)]
pub enum GatherError {
    /// The server did not answer as a whole.
    #[error("`{name}` could not be fetched")]
    Http {
        /// Its name.
        name: String,
        /// Why.
        source: HttpError,
    },
    /// It answered that there is none.
    #[error("`{name}` could not be fetched: the server answered {status} for `{url}`")]
    Status {
        /// Its name.
        name: String,
        /// `404`.
        status: u16,
        /// Where.
        url: String,
    },
    /// It sent something else.
    #[error("`{name}` is not what is pinned: its SHA-256 is {found} where {pinned} is right")]
    Other {
        /// Its name.
        name: String,
        /// What came.
        found: String,
        /// What is pinned.
        pinned: String,
    },
    /// The disk refused.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The disk refused while reading it again.
    #[error("`{}` cannot be read", file.display())]
    Read {
        /// Which file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Puts a file into `folder` and returns where it lies there. One that is there already is not asked for again.
pub fn gather(pinned: &Pinned, folder: &Path, http: &dyn Http, large: &dyn LargeFiles) -> Result<PathBuf, GatherError> {
    let file = folder.join(&pinned.sha256);
    if found(&file, large)?.as_deref() == Some(pinned.sha256.as_str()) {
        return Ok(file);
    }
    let mut tries = 1;
    while let Err(error) = fetch(pinned, &file, http, large) {
        let is_worth_another = matches!(error, GatherError::Http { .. } | GatherError::Status { status: 500.., .. });
        if tries == TRIES || !is_worth_another {
            return Err(error);
        }
        tries += 1;
    }
    match found(&file, large)? {
        Some(found) if found != pinned.sha256 => {
            Err(GatherError::Other { name: pinned.name.clone(), found, pinned: pinned.sha256.clone() })
        }
        _ => Ok(file),
    }
}

fn fetch(pinned: &Pinned, file: &Path, http: &dyn Http, large: &dyn LargeFiles) -> Result<(), GatherError> {
    let mut draft = large.create(file)?;
    let request = Request { url: pinned.url.clone(), limit: LIMIT, ..Request::default() };
    let head =
        http.fetch(&request, &mut draft).map_err(|source| GatherError::Http { name: pinned.name.clone(), source })?;
    if head.status != 200 {
        return Err(GatherError::Status { name: pinned.name.clone(), status: head.status, url: head.url });
    }
    Ok(draft.finish()?)
}

/// The digest of what lies there, if anything does.
fn found(file: &Path, large: &dyn LargeFiles) -> Result<Option<String>, GatherError> {
    let read = |source| GatherError::Read { file: file.to_owned(), source };
    large.open(file)?.map(|contents| measure(contents).map(|(digest, _)| digest).map_err(read)).transpose()
}
