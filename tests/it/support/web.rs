//! A web server on loopback, with pages that a test lays out, bad ones among them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What is served at a path.
#[derive(Debug, Clone)]
pub struct Page {
    pub status: u16,
    pub kind: &'static str,
    pub body: Vec<u8>,
    /// Whether parts of it may be asked for.
    pub ranges: bool,
    /// How many bytes of the body are left out although they are announced.
    pub missing: usize,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
}

impl Page {
    pub fn new(kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, kind, body: body.into(), ranges: true, missing: 0, headers: Vec::new() }
    }

    pub fn status(status: u16, body: &str) -> Self {
        Self { status, ..Self::new("text/plain", body) }
    }
}

/// One request as the server saw it: `GET /simple/torch/ bytes=-22`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub path: String,
    pub headers: BTreeMap<String, String>,
}

/// Serves until the test ends.
pub struct Web {
    address: SocketAddr,
    pages: Arc<Mutex<BTreeMap<String, Page>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Web {
    pub fn new() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let web = Self { address: listener.local_addr().unwrap(), pages: Arc::default(), asked: Arc::default() };
        let (pages, asked) = (Arc::clone(&web.pages), Arc::clone(&web.asked));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (pages, asked) = (Arc::clone(&pages), Arc::clone(&asked));
                thread::spawn(move || talk(&stream.unwrap(), &pages, &asked));
            }
        });
        web
    }

    /// `http://127.0.0.1:4711/simple`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn serve(&self, path: &str, page: Page) {
        self.pages.lock().unwrap().insert(path.to_owned(), page);
    }

    /// Alters a page that is already served.
    pub fn change(&self, path: &str, change: impl FnOnce(&mut Page)) {
        change(self.pages.lock().unwrap().get_mut(path).expect(path));
    }

    /// Every request so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

/// Answers on one connection until the client leaves it, or is left by a page with missing bytes.
fn talk(stream: &TcpStream, pages: &Mutex<BTreeMap<String, Page>>, asked: &Mutex<Vec<Asked>>) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let page = pages.lock().unwrap().get(&request.path).cloned();
        let range = request.headers.get("range").cloned();
        asked.lock().unwrap().push(request);
        let page = page.unwrap_or_else(|| Page::status(404, "not here"));
        if answer(stream, &page, range.as_deref()).is_err() || page.missing > 0 {
            return;
        }
    }
}

fn read(reader: &mut impl BufRead) -> Option<Asked> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|count| *count > 0)?;
    // `uv` writes the `+` of a local version like this.
    let path = line.split(' ').nth(1)?.replace("%2B", "+");
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    Some(Asked { path, headers })
}

fn answer(mut stream: &TcpStream, page: &Page, range: Option<&str>) -> std::io::Result<()> {
    let total = page.body.len();
    let part = range.filter(|_| page.ranges && page.status == 200).map(|range| bounds(range, total));
    let (status, body, place) = match part {
        Some(Some((first, last))) => {
            (206, &page.body[first..=last], format!("content-range: bytes {first}-{last}/{total}\r\n"))
        }
        Some(None) => (416, &[][..], format!("content-range: bytes */{total}\r\n")),
        None => (page.status, &page.body[..], String::new()),
    };
    let more: String = page.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    write!(
        stream,
        "HTTP/1.1 {status} -\r\ncontent-type: {}\r\ncontent-length: {}\r\n{place}{more}\r\n",
        page.kind,
        body.len()
    )?;
    stream.write_all(&body[..body.len().saturating_sub(page.missing)])
}

/// First and last byte of `bytes=2-5`, `bytes=2-` or `bytes=-5`.
fn bounds(range: &str, total: usize) -> Option<(usize, usize)> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (first, last) = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) => (first, last.min(total - 1)),
        (Ok(first), Err(_)) => (first, total - 1),
        (Err(_), Ok(count)) => (total.saturating_sub(count), total - 1),
        _ => return None,
    };
    (first <= last && last < total).then_some((first, last))
}
