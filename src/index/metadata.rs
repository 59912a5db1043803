//! What a wheel asks for: its `METADATA`, from beside the wheel (PEP 658) or out of it.

use super::{File, IndexError, archive, ask, good, listing};
use crate::ports::http::shown;
use crate::ports::{Http, Request};

/// More than any metadata; it carries a project's whole description.
const LARGEST: u64 = 4 << 20;

/// What matters of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// In the order of the file.
    pub requirements: Vec<Requirement>,
}

/// One `Requires-Dist`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The package in lower case with `-`: `nvidia-cudnn-cu12`.
    pub name: String,
    /// `==9.10.2.21`, as it is written; empty when any will do.
    pub versions: String,
    /// The condition, as it is written.
    pub marker: String,
}

/// The metadata of one wheel.
pub fn metadata(http: &dyn Http, file: &File) -> Result<Metadata, IndexError> {
    let text = if file.has_metadata { beside(http, file)? } else { inside(http, file)? };
    Ok(read(&text))
}

fn beside(http: &dyn Http, file: &File) -> Result<String, IndexError> {
    let request = Request { url: format!("{}.metadata", file.url), limit: LARGEST, ..Request::default() };
    let response = ask(http, &request)?;
    good(&response.head, &request)?;
    Ok(String::from_utf8_lossy(&response.body).into_owned())
}

fn inside(http: &dyn Http, file: &File) -> Result<String, IndexError> {
    let entries = listing(http, &file.url)?;
    let is_own = |path: &str| {
        path.split_once('/').is_some_and(|(folder, name)| folder.ends_with(".dist-info") && name == "METADATA")
    };
    let entry = entries.iter().find(|entry| is_own(&entry.path));
    let entry = entry.ok_or_else(|| IndexError::NoWheel { url: shown(&file.url), why: "it has no METADATA" })?;
    Ok(String::from_utf8_lossy(&archive::file(http, &file.url, entry)?).into_owned())
}

fn read(text: &str) -> Metadata {
    let headers = text.lines().take_while(|line| !line.trim().is_empty());
    let requirements = headers.filter_map(|line| line.strip_prefix("Requires-Dist: ")).map(requirement).collect();
    Metadata { requirements }
}

/// `nvidia-cudnn-cu12 ==9.1 ; platform_system == "Linux"`, with parentheses and extras as old tools write them.
fn requirement(text: &str) -> Requirement {
    let (own, marker) = text.split_once(';').unwrap_or((text, ""));
    let end = own.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(own.len());
    let versions = own[end..].trim();
    let versions =
        if versions.starts_with('[') { versions.split_once(']').map_or("", |(_, rest)| rest) } else { versions };
    Requirement {
        name: own[..end].to_lowercase().replace(['_', '.'], "-"),
        versions: versions.trim().trim_matches(['(', ')']).trim().to_owned(),
        marker: marker.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_read_as_old_and_new_tools_write_them() {
        let text = "Name: torch\nRequires-Dist: nvidia_cudnn.cu12 (==9.1.0) ; platform_system == \"Linux\"\n\
                    Requires-Dist: cuda-toolkit[cudart,nvrtc]==13.0.2; sys_platform == 'linux'\nRequires-Dist: six\n\n\
                    Requires-Dist: in-the-description\n";
        let read = read(text);
        let told: Vec<_> = read.requirements.iter().map(|r| (&r.name[..], &r.versions[..], &r.marker[..])).collect();
        assert_eq!(
            told,
            [
                ("nvidia-cudnn-cu12", "==9.1.0", "platform_system == \"Linux\""),
                ("cuda-toolkit", "==13.0.2", "sys_platform == 'linux'"),
                ("six", "", "")
            ]
        );
    }
}
