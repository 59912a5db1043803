//! Servers that answer GET: package indexes and mirrors. Knows no client, no index and no file format.

use std::fmt;
use std::io;

/// What is asked for.
#[derive(Clone, Default)]
pub struct Request {
    /// An `http://` or `https://` address. A name and password in it are sent as basic authentication and never shown.
    pub url: String,
    /// Headers on top of the client's own, `("accept", "application/json")`; no secrets.
    pub headers: Vec<(String, String)>,
    /// Which part; all of it when `None`. A server may send all of it all the same: look at [`Head::is_part`].
    pub range: Option<ByteRange>,
    /// The most bytes that are read before the answer is refused as too large.
    pub limit: u64,
}

/// A part of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteRange {
    /// From the first byte to the last one, both included.
    Between(u64, u64),
    /// From this byte on.
    From(u64),
    /// The last so many bytes.
    Last(u64),
}

/// An answer without its body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// `200`; any status is an answer.
    pub status: u16,
    /// In the order of the server, names in lower case; values that are no text are left out.
    pub headers: Vec<(String, String)>,
    /// Where the answer came from after redirects, without name and password.
    pub url: String,
}

/// An answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// Status and headers.
    pub head: Head,
    /// Every byte.
    pub body: Vec<u8>,
}

/// Asks servers. Redirects are followed, and time limits are the client's own.
pub trait Http: Send + Sync {
    /// Asks once, and writes the body as it comes.
    fn fetch(&self, request: &Request, into: &mut dyn io::Write) -> Result<Head, HttpError>;

    /// Asks once, and keeps the body.
    fn get(&self, request: &Request) -> Result<Response, HttpError> {
        let mut body = Vec::new();
        let head = self.fetch(request, &mut body)?;
        Ok(Response { head, body })
    }
}

/// No whole answer came. A status such as 404 is an answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// Not an address of a server.
    #[error("`{url}` is no http or https address")]
    Address {
        /// What was given.
        url: String,
    },
    /// No certificate of an authority was found on this machine.
    #[error("this machine has no store of trusted certificates; install `ca-certificates` or set `SSL_CERT_FILE`")]
    NoTrust {
        /// Why.
        source: Cause,
    },
    /// The server's certificate leads to no authority this machine trusts.
    #[error(
        "the certificate of `{url}` is not trusted; add its authority to this machine's store, or name the store in \
         `SSL_CERT_FILE`"
    )]
    Untrusted {
        /// Whose.
        url: String,
        /// Why.
        source: Cause,
    },
    /// No connection.
    #[error("cannot reach `{url}`")]
    Connect {
        /// Where to.
        url: String,
        /// Why.
        source: Cause,
    },
    /// Nothing came for too long.
    #[error("`{url}` did not answer within {seconds} s")]
    TimedOut {
        /// Who.
        url: String,
        /// How long was waited.
        seconds: u64,
    },
    /// The connection broke, or what came was no HTTP.
    #[error("the answer of `{url}` broke off")]
    Broken {
        /// Whose.
        url: String,
        /// Why.
        source: Cause,
    },
    /// More than was allowed.
    #[error("the answer of `{url}` has more than {limit} bytes")]
    TooLarge {
        /// Whose.
        url: String,
        /// The limit, in bytes.
        limit: u64,
    },
    /// The body could not be kept.
    #[error("what `{url}` sent cannot be written")]
    Write {
        /// Whose.
        url: String,
        /// Why.
        source: io::Error,
    },
}

/// What a client said.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

impl Head {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the body is the part that was asked for, and not the whole.
    pub fn is_part(&self) -> bool {
        self.status == 206
    }
}

/// An address as it may be shown: without name and password.
pub fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest[..end].rsplit_once('@').map_or(&rest[..end], |(_, host)| host);
    format!("{scheme}://{host}{}", &rest[end..])
}

impl fmt::Display for ByteRange {
    /// As the `Range` header has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Between(first, last) => write!(f, "bytes={first}-{last}"),
            Self::From(first) => write!(f, "bytes={first}-"),
            Self::Last(count) => write!(f, "bytes=-{count}"),
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut request = f.debug_struct("Request");
        request.field("url", &shown(&self.url)).field("headers", &self.headers);
        request.field("range", &self.range).field("limit", &self.limit).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_password_are_not_shown() {
        for (url, expected) in [
            ("https://pypi.org/simple", "https://pypi.org/simple"),
            ("https://me:se@cret@mirror:8443/simple?a=b@c", "https://mirror:8443/simple?a=b@c"),
            ("https://token@mirror", "https://mirror"),
            ("mirror/simple", "mirror/simple"),
        ] {
            assert_eq!(shown(url), expected);
        }
        let request = Request { url: "https://me:hidden@mirror/".to_owned(), ..Request::default() };
        assert!(!format!("{request:?}").contains("hidden"));
    }
}
