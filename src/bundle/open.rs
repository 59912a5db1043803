//! A file → a bundle that can be trusted: every part is there, none is foreign, each has its checksum.

use super::BundleError;
use super::list::{FORMAT, LIST, Listed, PackingList, SUMS, measure, offence, sha256};
use crate::ports::{Contents, FilesError, LargeFiles};
use crate::project::{Lock, Platform};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tar::{Archive, EntryType};

/// The most bytes a packing list may have; it is held in memory.
const LIST_LIMIT: u64 = 16 << 20;

/// An open bundle whose parts have been checked.
pub struct Bundle {
    file: PathBuf,
    pub(super) list: PackingList,
    /// First byte and size of each part.
    places: BTreeMap<String, (u64, u64)>,
    large: Arc<dyn LargeFiles>,
}

impl Bundle {
    /// Opens a bundle and reads it once from end to end.
    pub fn open(file: &Path, large: Arc<dyn LargeFiles>) -> Result<Self, BundleError> {
        let contents = large.open(file)?.ok_or_else(|| BundleError::Missing { file: file.to_owned() })?;
        let (list, places) = Reading { file, contents }.read()?;
        let bundle = Self { file: file.to_owned(), list, places, large };
        bundle.check_sums()?;
        Ok(bundle)
    }

    /// What is in it.
    pub fn list(&self) -> &PackingList {
        &self.list
    }

    /// Refuses a bundle that was made from another lock, or that lacks what the lock pins for `wanted`.
    pub fn must_fit(&self, lock: &Lock, text: &[u8], wanted: &[(&str, Platform)]) -> Result<(), BundleError> {
        let file = || self.file.clone();
        if self.list.lock != sha256(text) {
            return Err(BundleError::OtherLock { file: file() });
        }
        let known: BTreeSet<&str> = self.list.files.iter().map(|listed| listed.sha256.as_str()).collect();
        let has = |hashes: &[String]| hashes.iter().any(|hash| known.contains(hash.trim_start_matches("sha256:")));
        for (name, platform) in wanted {
            let entry = lock.environment(name, *platform);
            let mut packages = entry.into_iter().flat_map(|entry| &entry.packages);
            if let Some(package) = packages.find(|package| !has(&package.hashes)) {
                let what = format!("`{}` {} for environment `{name}` on {platform}", package.name, package.version);
                return Err(BundleError::Lacks { file: file(), what });
            }
            if self.tools(lock, *platform).next().is_none() {
                return Err(BundleError::Lacks { file: file(), what: format!("`uv` for {}", platform.architecture) });
            }
        }
        Ok(())
    }

    /// Refuses a bundle without packages that the hosts of a group take.
    pub fn must_hold(&self, group: &str, system: &str, packages: &[String]) -> Result<(), BundleError> {
        let lies = |package: &&String| {
            let start = format!("packages/{system}/{package}_");
            self.list.files.iter().any(|file| file.path.starts_with(&start))
        };
        match packages.iter().find(|package| !lies(package)) {
            None => Ok(()),
            Some(package) => Err(BundleError::LacksPackage {
                file: self.file.clone(),
                package: package.clone(),
                system: system.to_owned(),
                group: group.to_owned(),
            }),
        }
    }

    /// The wheels of `uv` for such hosts.
    pub(super) fn tools<'a>(&'a self, lock: &'a Lock, platform: Platform) -> impl Iterator<Item = &'a Listed> {
        let architecture = platform.architecture.to_string();
        let hashes: BTreeSet<&str> =
            lock.tools.iter().flat_map(|tool| &tool.hashes).map(|hash| hash.trim_start_matches("sha256:")).collect();
        self.list
            .files
            .iter()
            .filter(move |file| hashes.contains(file.sha256.as_str()) && file.path.contains(&architecture))
    }

    /// A part, to be read from its first byte.
    pub(super) fn part(&self, path: &str) -> Result<impl Read + use<>, BundleError> {
        let (start, bytes) = self.places.get(path).copied().unwrap_or_default();
        let missing = || BundleError::Missing { file: self.file.clone() };
        let mut contents = self.large.open(&self.file)?.ok_or_else(missing)?;
        contents.seek(SeekFrom::Start(start)).map_err(|source| BundleError::Io { file: self.file.clone(), source })?;
        Ok(contents.take(bytes))
    }

    fn check_sums(&self) -> Result<(), BundleError> {
        for listed in &self.list.files {
            let (found, _) = measure(self.part(&listed.path)?)
                .map_err(|source| BundleError::Io { file: self.file.clone(), source })?;
            if found != listed.sha256 {
                return Err(BundleError::Damaged { file: self.file.clone(), part: listed.path.clone() });
            }
        }
        Ok(())
    }
}

/// First byte and size of each part.
type Places = BTreeMap<String, (u64, u64)>;

/// A file being read for the first time.
struct Reading<'a> {
    file: &'a Path,
    contents: Box<dyn Contents>,
}

impl Reading<'_> {
    fn read(mut self) -> Result<(PackingList, Places), BundleError> {
        let length = self.contents.seek(SeekFrom::End(0)).map_err(|source| self.io(source))?;
        self.contents.seek(SeekFrom::Start(0)).map_err(|source| self.io(source))?;
        let file = self.file.to_owned();
        let mut archive = Archive::new(&mut self.contents);
        let mut places = Places::new();
        let mut texts = BTreeMap::new();
        let mut end = 0;
        let no_bundle = |why: String| BundleError::NoBundle { file: file.clone(), why };
        for (number, entry) in archive.entries_with_seek().map_err(|e| no_bundle(e.to_string()))?.enumerate() {
            let mut entry = entry.map_err(|_| match number {
                0 => no_bundle("it is no tar archive".to_owned()),
                _ => BundleError::CutOff { file: file.clone(), part: "a part".to_owned() },
            })?;
            let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let foreign = |why| BundleError::Foreign { file: file.clone(), part: path.clone(), why };
            if let Some(why) = offence(&path) {
                return Err(foreign(why));
            }
            if entry.header().entry_type() != EntryType::Regular {
                return Err(foreign("which is no plain file"));
            }
            if number == 0 && path != LIST {
                return Err(no_bundle(format!("it does not begin with `{LIST}`")));
            }
            let place = (entry.raw_file_position(), entry.size());
            end = place.0.saturating_add(place.1);
            if end > length {
                return Err(BundleError::CutOff { file: file.clone(), part: path });
            }
            if path == LIST || path == SUMS {
                let mut text = String::new();
                let read = (&mut entry).take(LIST_LIMIT).read_to_string(&mut text);
                read.map_err(|_| BundleError::Damaged { file: file.clone(), part: path.clone() })?;
                texts.insert(path, text);
            } else if places.insert(path.clone(), place).is_some() {
                return Err(foreign("twice"));
            }
        }
        // Two empty blocks say that nothing follows.
        if end.next_multiple_of(512) + 1024 > length && end > 0 {
            return Err(BundleError::CutOff { file, part: "its end".to_owned() });
        }
        let list = self.list(&texts)?;
        self.compare(&list, &places)?;
        Ok((list, places))
    }

    fn list(&self, texts: &BTreeMap<String, String>) -> Result<PackingList, BundleError> {
        let damaged = |part: &str| BundleError::Damaged { file: self.file.to_owned(), part: part.to_owned() };
        let Some(text) = texts.get(LIST) else {
            let why = "it is an archive without a packing list".to_owned();
            return Err(BundleError::NoBundle { file: self.file.to_owned(), why });
        };
        // The format first: a newer list may have another shape.
        let value: Value = serde_json::from_str(text).map_err(|_| damaged(LIST))?;
        match value["format"].as_u64() {
            Some(FORMAT) => {}
            Some(format) => return Err(BundleError::Format { file: self.file.to_owned(), format }),
            None => return Err(damaged(LIST)),
        }
        let list: PackingList = serde_json::from_value(value).map_err(|_| damaged(LIST))?;
        let Some(sums) = texts.get(SUMS) else {
            return Err(BundleError::CutOff { file: self.file.to_owned(), part: SUMS.to_owned() });
        };
        if *sums != list.sums() || *text != list.to_text() {
            return Err(damaged(LIST));
        }
        Ok(list)
    }

    /// Nothing that is not listed, and everything that is.
    fn compare(&self, list: &PackingList, places: &Places) -> Result<(), BundleError> {
        let file = || self.file.to_owned();
        let listed: BTreeMap<&str, u64> = list.files.iter().map(|part| (part.path.as_str(), part.bytes)).collect();
        if let Some(part) = places.keys().find(|path| !listed.contains_key(path.as_str())) {
            return Err(BundleError::Foreign { file: file(), part: part.clone(), why: "which its list does not name" });
        }
        for (path, bytes) in listed {
            match places.get(path) {
                None => return Err(BundleError::CutOff { file: file(), part: path.to_owned() }),
                Some((_, found)) if *found != bytes => {
                    return Err(BundleError::Damaged { file: file(), part: path.to_owned() });
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn io(&self, source: std::io::Error) -> BundleError {
        let path = self.file.to_owned();
        BundleError::Files(FilesError::Read { path, source })
    }
}
