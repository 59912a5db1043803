//! What `infra/` holds against what it should hold.

use crate::ports::Rendered;
use similar::TextDiff;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One file that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Relative to the project's folder.
    pub path: PathBuf,
    /// True when there is a file, right or wrong.
    pub is_there: bool,
    /// `None`: it should not be there.
    pub wanted: Option<Vec<u8>>,
    /// From what is there to what is wanted, as a unified diff.
    pub diff: String,
}

/// Compares rendered files with what is there; sorted by path.
pub fn difference(rendered: &[Rendered], there: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<Difference> {
    let wanted: BTreeMap<&Path, &[u8]> = rendered.iter().map(|f| (f.path.as_path(), f.bytes.as_slice())).collect();
    let stray = there.keys().filter(|path| !wanted.contains_key(path.as_path()));
    let mut differences: Vec<Difference> = wanted
        .iter()
        .filter(|(path, bytes)| there.get(**path).map(Vec::as_slice) != Some(**bytes))
        .map(|(path, bytes)| between(path, there.get(*path).map(Vec::as_slice), Some(bytes)))
        .chain(stray.map(|path| between(path, there.get(path).map(Vec::as_slice), None)))
        .collect();
    differences.sort_by(|a, b| a.path.cmp(&b.path));
    differences
}

fn between(path: &Path, old: Option<&[u8]>, new: Option<&[u8]>) -> Difference {
    let text = |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
    let name = path.display().to_string();
    let header = |side: &str, bytes: Option<&[u8]>| bytes.map_or("/dev/null".to_owned(), |_| format!("{side}/{name}"));
    let diff = TextDiff::from_lines(text(old), text(new))
        .unified_diff()
        .header(&header("a", old), &header("b", new))
        .to_string();
    Difference { path: path.to_owned(), is_there: old.is_some(), wanted: new.map(<[u8]>::to_vec), diff }
}
