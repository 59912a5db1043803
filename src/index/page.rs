//! A project's page on a package index: JSON (PEP 691) where the index has it, HTML (PEP 503) elsewhere.

use super::{IndexError, ask, good, join};
use crate::ports::http::shown;
use crate::ports::{Http, Request};
use serde::Deserialize;

/// More than any project's page; that of torch has two million bytes.
const LARGEST: u64 = 64 << 20;
const JSON: &str = "application/vnd.pypi.simple.v1+json";

/// One file of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// `torch-2.15.0-cp312-cp312-manylinux_2_28_x86_64.whl`.
    pub name: String,
    /// Where it lies.
    pub url: String,
    /// Whether its maker took it back.
    pub is_yanked: bool,
    /// Whether its metadata lies beside it.
    pub has_metadata: bool,
}

#[derive(Deserialize)]
struct Page {
    files: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Row {
    filename: String,
    url: String,
    #[serde(default)]
    yanked: Told,
    #[serde(default)]
    core_metadata: Told,
    #[serde(default)]
    dist_info_metadata: Told,
}

/// Something that is said with `true`, a reason or a digest, and denied with `false`.
#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Told {
    #[default]
    Nothing,
    Flag(bool),
    Text(#[allow(dead_code, reason = "that there is one is what counts")] String),
    Digests(
        #[allow(dead_code, reason = "that there are some is what counts")] serde_json::Map<String, serde_json::Value>,
    ),
}

impl Told {
    fn is_said(&self) -> bool {
        !matches!(self, Self::Nothing | Self::Flag(false))
    }
}

/// Every file of a project, in the order of the index.
pub fn files(http: &dyn Http, index: &str, project: &str) -> Result<Vec<File>, IndexError> {
    let url = format!("{}/{project}/", index.trim_end_matches('/'));
    let accept = format!("{JSON}, text/html;q=0.1");
    let request = Request { url, headers: vec![("accept".to_owned(), accept)], limit: LARGEST, ..Request::default() };
    let response = ask(http, &request)?;
    if response.head.status == 404 {
        return Err(IndexError::NoProject { name: project.to_owned(), url: shown(&request.url) });
    }
    good(&response.head, &request)?;
    // A redirect leads to where links are relative to; without one the name and password of the index stay.
    let base = if response.head.url == shown(&request.url) { &request.url } else { &response.head.url };
    let text = String::from_utf8_lossy(&response.body);
    if response.head.header("content-type").is_some_and(|kind| kind.contains("json")) {
        return json(&text, base);
    }
    html(&text, base)
}

fn json(text: &str, base: &str) -> Result<Vec<File>, IndexError> {
    let page: Page = serde_json::from_str(text)
        .map_err(|error| IndexError::NoPage { url: shown(base), why: format!("it should be JSON, but {error}") })?;
    let file = |row: Row| File {
        is_yanked: row.yanked.is_said(),
        has_metadata: row.core_metadata.is_said() || row.dist_info_metadata.is_said(),
        url: join(base, &row.url),
        name: row.filename,
    };
    Ok(page.files.into_iter().map(file).collect())
}

fn html(text: &str, base: &str) -> Result<Vec<File>, IndexError> {
    let links: Vec<File> = text.split("<a ").skip(1).filter_map(|anchor| link(anchor, base)).collect();
    let is_empty_page = links.is_empty() && !text.contains("Links for");
    if is_empty_page {
        return Err(IndexError::NoPage { url: shown(base), why: "it lists no files".to_owned() });
    }
    Ok(links)
}

/// ` href="…" data-core-metadata="…">name</a>`.
fn link(anchor: &str, base: &str) -> Option<File> {
    let (tag, rest) = anchor.split_once('>')?;
    let name = unescaped(rest.split_once('<')?.0.trim());
    let has = |attribute: &str| value(tag, attribute).is_some_and(|value| value != "false");
    Some(File {
        url: join(base, &unescaped(value(tag, "href")?)),
        is_yanked: tag.contains("data-yanked"),
        has_metadata: has("data-core-metadata") || has("data-dist-info-metadata"),
        name,
    })
}

fn value<'a>(tag: &'a str, attribute: &str) -> Option<&'a str> {
    let rest = tag.split_once(&format!("{attribute}=\""))?.1;
    Some(rest.split_once('"')?.0)
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
