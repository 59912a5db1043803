//! No two packages of an environment may own the same file: installers do not look, and the last one wins. The lists of
//! files are read from the wheels on the index, a few kilobytes each, and kept, so that a second lock asks nobody.

use super::pylock::Owner;
use crate::index::{self, IndexError};
use crate::ports::{Files, FilesError, Http};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many wheels are asked for at once.
const AT_ONCE: usize = 16;
/// Where lists are kept, by the digest of their wheel.
const KEPT: &str = ".aether/cache/files";
/// Folders that packages leave lying beside their own, and nobody imports.
const CLUTTER: [&str; 5] = ["tests/", "test/", "docs/", "doc/", "examples/"];

/// A file that two packages own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// `nvidia/cudnn/lib/libcudnn.so.9`.
    pub path: String,
    /// The two packages with their versions.
    pub packages: [String; 2],
}

/// What came of comparing.
#[derive(Debug, Default)]
pub(super) struct Ownership {
    pub(super) collision: Option<Collision>,
    /// Packages whose files could not be listed, with the reason.
    pub(super) unchecked: Vec<String>,
}

/// Compares the files of every wheel. One that cannot be listed is named, and no reason to stop.
pub(super) fn compare(packages: &[Owner], files: &dyn Files, http: &dyn Http) -> Result<Ownership, FilesError> {
    let mut ownership = Ownership::default();
    let mut lists = Vec::new();
    for (package, list) in packages.iter().zip(lists_of(packages, files, http)?) {
        match list {
            Ok(list) => lists.push((package, list)),
            Err(error) => ownership.unchecked.push(format!("{} {}: {error}", package.name, package.version)),
        }
    }
    let mut owners: BTreeMap<&str, (&str, &Owner)> = BTreeMap::new();
    for (package, list) in &lists {
        for (crc, path) in list.lines().filter_map(|line| line.split_once(' ')) {
            match owners.insert(path, (crc, package)) {
                Some((other, first)) if other != crc && first.name != package.name => {
                    let name = |package: &Owner| format!("{} {}", package.name, package.version);
                    let packages = [name(first), name(package)];
                    ownership.collision = Some(Collision { path: path.to_owned(), packages });
                    return Ok(ownership);
                }
                _ => {}
            }
        }
    }
    Ok(ownership)
}

type List = Result<String, IndexError>;

/// The list of each package, kept or fetched, side by side.
fn lists_of(packages: &[Owner], files: &dyn Files, http: &dyn Http) -> Result<Vec<List>, FilesError> {
    let mut lists: Vec<Option<List>> = Vec::new();
    for package in packages {
        let kept = files.read(&kept(package))?;
        lists.push(kept.map(|bytes| Ok(String::from_utf8_lossy(&bytes).into_owned())));
    }
    let missing: Vec<usize> = (0..packages.len()).filter(|at| lists[*at].is_none()).collect();
    let (next, fetched) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(missing.len()) {
            scope.spawn(|| {
                while let Some(at) = missing.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let list = fetch(&packages[*at], http);
                    fetched.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((*at, list));
                }
            });
        }
    });
    for (at, list) in fetched.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        if let Ok(list) = &list {
            files.write(&kept(&packages[at]), list.as_bytes())?;
        }
        lists[at] = Some(list);
    }
    Ok(lists.into_iter().map(|list| list.expect("every missing list was fetched")).collect())
}

fn kept(package: &Owner) -> PathBuf {
    PathBuf::from(format!("{KEPT}/{}", package.sha256))
}

/// `<crc> <path>` per line, of the files that matter.
fn fetch(package: &Owner, http: &dyn Http) -> List {
    let mut list = String::new();
    for entry in index::listing(http, &package.url)? {
        if let Some(path) = installed(&entry.path).filter(|path| matters(path)) {
            let _ = writeln!(list, "{:08x} {path}", entry.crc);
        }
    }
    Ok(list)
}

/// Where a file of a wheel goes: what is below `NAME.data/purelib/` goes beside the rest.
fn installed(path: &str) -> Option<String> {
    let Some((folder, rest)) = path.split_once('/') else { return Some(path.to_owned()) };
    match folder.rsplit_once('.') {
        Some((_, "dist-info")) => return None,
        Some((_, "data")) => {}
        _ => return Some(path.to_owned()),
    }
    let (kind, rest) = rest.split_once('/')?;
    Some(match kind {
        "purelib" | "platlib" => rest.to_owned(),
        "scripts" => format!("bin/{rest}"),
        _ => return None,
    })
}

/// Libraries, modules and programs. Packages that share a folder all bring its `__init__.py`, which says nothing.
fn matters(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    let is_library = extension == Some("so") || name.contains(".so.");
    let is_code = is_library || extension == Some("py") || path.starts_with("bin/");
    is_code && name != "__init__.py" && path != "setup.py" && !CLUTTER.iter().any(|folder| path.starts_with(folder))
}
