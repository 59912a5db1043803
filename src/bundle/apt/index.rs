//! The list of a Debian repository: text → packages. Knows neither where it came from nor what is wanted of it.

use super::version::compare;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A package of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Package {
    /// `nvidia-open`.
    pub(super) name: String,
    /// `580.95.05-1`.
    pub(super) version: String,
    /// Where it lies below the repository, without `./`.
    pub(super) file: String,
    /// Hexadecimal.
    pub(super) sha256: String,
    /// What it needs: one alternative of each.
    pub(super) needs: Vec<Vec<Need>>,
}

/// A package by its name, and perhaps its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Need {
    /// Its name.
    pub(super) name: String,
    /// `>=` and `580`.
    limit: Option<(String, String)>,
}

/// Every package of a repository, by its name and by the names it provides, newest first.
#[derive(Debug, Default)]
pub(super) struct Index(BTreeMap<String, Vec<Package>>);

impl Index {
    /// Reads a file `Packages`. An entry without a name, version, file or checksum is none.
    pub(super) fn read(text: &str) -> Self {
        let mut index = Self::default();
        for entry in text.split("\n\n") {
            let fields = fields(entry);
            let Some(package) = package(&fields) else { continue };
            for provided in needs(fields.get("Provides")).into_iter().flatten() {
                index.0.entry(provided.name).or_default().push(package.clone());
            }
            index.0.entry(package.name.clone()).or_default().push(package);
        }
        for packages in index.0.values_mut() {
            packages.sort_by(|a, b| compare(&b.version, &a.version));
        }
        index
    }

    /// Packages that meet a need, newest first.
    pub(super) fn meeting<'a>(&'a self, need: &Need) -> impl Iterator<Item = &'a Package> {
        let packages = self.0.get(&need.name).into_iter().flatten();
        packages.filter(|package| package.name != need.name || need.is_met_by(&package.version))
    }
}

impl Need {
    /// Any version of a package.
    pub(super) fn any(name: &str) -> Self {
        Self { name: name.to_owned(), limit: None }
    }

    fn is_met_by(&self, version: &str) -> bool {
        let Some((operator, limit)) = &self.limit else { return true };
        let order = compare(version, limit);
        match operator.as_str() {
            "=" => order == Ordering::Equal,
            ">=" => order != Ordering::Less,
            "<=" => order != Ordering::Greater,
            ">>" => order == Ordering::Greater,
            "<<" => order == Ordering::Less,
            _ => false,
        }
    }
}

/// Keys with their values; lines that go on are joined.
fn fields(entry: &str) -> BTreeMap<String, String> {
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    let mut last = String::new();
    for line in entry.lines() {
        if line.starts_with([' ', '\t']) {
            fields.entry(last.clone()).or_default().push_str(line);
        } else if let Some((key, value)) = line.split_once(':') {
            key.clone_into(&mut last);
            fields.insert(key.to_owned(), value.trim().to_owned());
        }
    }
    fields
}

fn package(fields: &BTreeMap<String, String>) -> Option<Package> {
    let text = |key: &str| fields.get(key).cloned();
    let file = text("Filename")?;
    Some(Package {
        name: text("Package")?,
        version: text("Version")?,
        file: file.trim_start_matches("./").to_owned(),
        sha256: text("SHA256")?,
        needs: [needs(fields.get("Pre-Depends")), needs(fields.get("Depends"))].concat(),
    })
}

/// Reads `a (>= 1) | b, c:any`.
fn needs(text: Option<&String>) -> Vec<Vec<Need>> {
    let groups = text.into_iter().flat_map(|text| text.split(','));
    groups
        .map(|group| group.split('|').filter_map(need).collect::<Vec<_>>())
        .filter(|group| !group.is_empty())
        .collect()
}

fn need(text: &str) -> Option<Need> {
    let (name, limit) = text.trim().split_once('(').unwrap_or((text.trim(), ""));
    let name = name.trim().split(':').next().filter(|name| !name.is_empty())?;
    let limit = limit.trim_end_matches(')').trim();
    let (operator, version) = limit.split_at(limit.find(|c| !"<>=".contains(c)).unwrap_or(limit.len()));
    let limit = (!operator.is_empty()).then(|| (operator.to_owned(), version.trim().to_owned()));
    Some(Need { name: name.to_owned(), limit })
}
