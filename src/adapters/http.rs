//! Servers, asked with `reqwest`. Trusts what this machine trusts, so that a company's own authority works.

use crate::ports::http::shown;
use crate::ports::{Head, Http, HttpError, Request};
use reqwest::blocking::{Client, Response};
use std::error::Error;
use std::io::{self, Read, Write};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long nothing may come.
const SILENCE: Duration = Duration::from_secs(30);

/// Asks servers over HTTP/1.1, through the proxy that the environment names.
#[derive(Debug, Clone, Default)]
pub struct WebClient {
    /// Made when first needed: reading the certificates of a machine takes longer than most commands do.
    client: Arc<OnceLock<Client>>,
}

impl WebClient {
    /// Asks nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn client(&self) -> Result<&Client, HttpError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        // Another thread may have been first; then the provider that it set is the same one.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let builder = Client::builder().connect_timeout(CONNECT).timeout(SILENCE);
        let builder = builder.user_agent(concat!("aether/", env!("CARGO_PKG_VERSION")));
        let client = builder.build().map_err(|source| HttpError::NoTrust { source: Box::new(source) })?;
        Ok(self.client.get_or_init(|| client))
    }
}

impl Http for WebClient {
    fn fetch(&self, request: &Request, into: &mut dyn Write) -> Result<Head, HttpError> {
        let is_web = ["http://", "https://"].iter().any(|scheme| request.url.starts_with(scheme));
        if !is_web || reqwest::Url::parse(&request.url).is_err() {
            return Err(HttpError::Address { url: shown(&request.url) });
        }
        let mut asked = self.client()?.get(&request.url);
        for (name, value) in &request.headers {
            asked = asked.header(name, value);
        }
        if let Some(range) = request.range {
            asked = asked.header("range", range.to_string());
        }
        let mut response = asked.send().map_err(|error| refused(request, error))?;
        let head = head(&response);
        copy(request, &mut response, into)?;
        Ok(head)
    }
}

fn head(response: &Response) -> Head {
    let headers = response.headers().iter();
    let headers = headers.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
    Head { status: response.status().as_u16(), headers: headers.collect(), url: shown(response.url().as_str()) }
}

fn copy(request: &Request, from: &mut Response, into: &mut dyn Write) -> Result<(), HttpError> {
    let too_large = || HttpError::TooLarge { url: shown(&request.url), limit: request.limit };
    if from.content_length().is_some_and(|length| length > request.limit) {
        return Err(too_large());
    }
    let mut buffer = vec![0; 64 << 10];
    let mut left = request.limit;
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(broken(request, error)),
        };
        left = left.checked_sub(count as u64).ok_or_else(too_large)?;
        let written = into.write_all(&buffer[..count]);
        written.map_err(|source| HttpError::Write { url: shown(&request.url), source })?;
    }
}

fn refused(request: &Request, error: reqwest::Error) -> HttpError {
    let url = shown(&request.url);
    let is_timeout = error.is_timeout();
    let is_connect = error.is_connect();
    let source = Box::new(error.without_url());
    match (is_connect, is_timeout) {
        _ if is_about_trust(&*source) => HttpError::Untrusted { url, source },
        (true, true) => HttpError::TimedOut { url, seconds: CONNECT.as_secs() },
        (false, true) => HttpError::TimedOut { url, seconds: SILENCE.as_secs() },
        (true, false) => HttpError::Connect { url, source },
        (false, false) => HttpError::Broken { url, source },
    }
}

fn broken(request: &Request, error: io::Error) -> HttpError {
    let url = shown(&request.url);
    let is_timeout = error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
    if is_timeout.is_some_and(reqwest::Error::is_timeout) {
        return HttpError::TimedOut { url, seconds: SILENCE.as_secs() };
    }
    HttpError::Broken { url, source: Box::new(error) }
}

/// Whether the chain of causes ends in a certificate.
fn is_about_trust(error: &(dyn Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| (**error).source());
    causes.any(|cause| match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => matches!(inner.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))),
        None => matches!(cause.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))),
    })
}
