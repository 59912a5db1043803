//! Package indexes and the wheels they serve, read in small pieces over HTTP: which files there are, what a wheel asks
//! for, which files it holds. Knows no lock, no table and no project.

mod address;
mod archive;
mod metadata;
mod page;
mod wheel;

pub use address::{PYPI, address};
pub use archive::{Entry, listing};
pub use metadata::{Metadata, Requirement, metadata};
pub use page::{File, files};
pub use wheel::WheelName;

use crate::ports::http::shown;
use crate::ports::{Head, Http, HttpError, Request, Response};

/// An index, or one of its files, could not be read.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// No whole answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The index does not know the project.
    #[error("the index has no `{name}`: `{url}` is not there")]
    NoProject {
        /// The project.
        name: String,
        /// Its page.
        url: String,
    },
    /// An answer, but no good one.
    #[error("`{url}` answered with status {status}")]
    Status {
        /// Which address.
        url: String,
        /// Not 200.
        status: u16,
    },
    /// A page in no format that an index may have.
    #[error("`{url}` is no page of a package index: {why}")]
    NoPage {
        /// Which address.
        url: String,
        /// What it is instead.
        why: String,
    },
    /// A large file, and a server that hands out only all of it.
    #[error(
        "`{url}` cannot be read in part; the server knows no ranges, and the file is too large to fetch for its list of files"
    )]
    NoRanges {
        /// Which address.
        url: String,
    },
    /// Bytes that are no wheel.
    #[error("`{url}` is no whole wheel: {why}")]
    NoWheel {
        /// Which address.
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

/// Asks, once more when the connection broke: an index is far away, and one lost packet is no reason to give up.
fn ask(http: &dyn Http, request: &Request) -> Result<Response, IndexError> {
    let answer = match http.get(request) {
        Err(HttpError::Connect { .. } | HttpError::TimedOut { .. } | HttpError::Broken { .. }) => http.get(request),
        answer => answer,
    };
    Ok(answer?)
}

fn good(head: &Head, request: &Request) -> Result<(), IndexError> {
    match head.status {
        200 | 206 => Ok(()),
        status => Err(IndexError::Status { url: shown(&request.url), status }),
    }
}

/// The address that a link of a page leads to.
fn join(base: &str, link: &str) -> String {
    let link = link.split('#').next().unwrap_or_default();
    let (scheme, rest) = base.split_once("://").unwrap_or(("https", base));
    let host_end = rest.find('/').unwrap_or(rest.len());
    if link.contains("://") {
        return link.to_owned();
    }
    if let Some(other) = link.strip_prefix("//") {
        return format!("{scheme}://{other}");
    }
    let folder = &rest[host_end..rest.rfind('/').unwrap_or(host_end).max(host_end)];
    let path = if link.starts_with('/') { link.to_owned() } else { format!("{folder}/{link}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').skip(1) {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("{scheme}://{}/{}", &rest[..host_end], parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn links_lead_where_a_browser_would_go() {
        let page = "https://me:secret@mirror/simple/torch/";
        for (link, expected) in [
            ("torch-2.15.0.whl#sha256=1", "https://me:secret@mirror/simple/torch/torch-2.15.0.whl"),
            ("../../files/torch.whl", "https://me:secret@mirror/files/torch.whl"),
            ("/files/torch.whl", "https://me:secret@mirror/files/torch.whl"),
            ("//files/torch.whl", "https://files/torch.whl"),
            ("https://files/torch.whl", "https://files/torch.whl"),
        ] {
            assert_eq!(join(page, link), expected);
        }
        assert_eq!(join("http://mirror", "torch.whl"), "http://mirror/torch.whl");
    }
}
