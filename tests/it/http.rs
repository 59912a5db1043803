//! The door to servers: what comes back, and how each way of not answering is told.

use crate::support::web::{Page, Web};
use aether::adapters::WebClient;
use aether::ports::{ByteRange, Http, HttpError, Request};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

fn ask(url: String) -> Request {
    Request { url, limit: 1 << 20, ..Request::default() }
}

fn told(url: String) -> String {
    WebClient::new().get(&ask(url)).unwrap_err().to_string()
}

#[test]
fn a_page_comes_with_its_status_headers_and_bytes() {
    let web = Web::new();
    web.serve("/page", Page { headers: vec![("X-Serial", "7".to_owned())], ..Page::new("text/html", "hello") });
    let request = Request { headers: vec![("accept".to_owned(), "text/html".to_owned())], ..ask(web.url("/page")) };
    let response = WebClient::new().get(&request).unwrap();
    assert_eq!((response.head.status, &response.body[..]), (200, &b"hello"[..]));
    assert_eq!((response.head.header("x-serial"), response.head.is_part()), (Some("7"), false));
    assert_eq!(web.asked()[0].headers["accept"], "text/html");
    assert!(web.asked()[0].headers["user-agent"].starts_with("aether/"));
}

#[test]
fn a_part_comes_where_the_server_knows_parts_and_the_whole_where_it_does_not() {
    let web = Web::new();
    web.serve("/wheel", Page::new("application/zip", "0123456789"));
    web.serve("/whole", Page { ranges: false, ..Page::new("application/zip", "0123456789") });
    let client = WebClient::new();
    let part = |path: &str, range| {
        let response = client.get(&Request { range: Some(range), ..ask(web.url(path)) }).unwrap();
        (response.head.is_part(), String::from_utf8(response.body).unwrap())
    };
    assert_eq!(part("/wheel", ByteRange::Between(2, 4)), (true, "234".to_owned()));
    assert_eq!(part("/wheel", ByteRange::From(7)), (true, "789".to_owned()));
    assert_eq!(part("/wheel", ByteRange::Last(2)), (true, "89".to_owned()));
    assert_eq!(part("/whole", ByteRange::Last(2)), (false, "0123456789".to_owned()));
    let beyond = client.get(&Request { range: Some(ByteRange::From(10)), ..ask(web.url("/wheel")) }).unwrap();
    assert_eq!(beyond.head.status, 416);
}

#[test]
fn redirects_are_followed_and_a_password_is_sent_but_not_shown() {
    let web = Web::new();
    web.serve("/old", Page { status: 302, headers: vec![("location", "/new".to_owned())], ..Page::new("", "") });
    web.serve("/new", Page::new("text/plain", "here"));
    let with_password = web.url("/old").replace("http://", "http://me:hidden@");
    let response = WebClient::new().get(&ask(with_password.clone())).unwrap();
    assert_eq!((response.head.url, response.body), (web.url("/new"), b"here".to_vec()));
    assert_eq!(web.asked()[0].headers["authorization"], "Basic bWU6aGlkZGVu");
    let too_long = Request { limit: 3, ..ask(with_password.replace("/old", "/new")) };
    let error = WebClient::new().get(&too_long).unwrap_err().to_string();
    assert_eq!(error, format!("the answer of `{}` has more than 3 bytes", web.url("/new")));
}

#[test]
fn a_status_is_an_answer_and_a_missing_server_is_not() {
    let web = Web::new();
    assert_eq!(WebClient::new().get(&ask(web.url("/nothing"))).unwrap().head.status, 404);
    let closed = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    assert_eq!(told(format!("http://{closed}/")), format!("cannot reach `http://{closed}/`"));
    assert_eq!(told("pypi.org/simple".to_owned()), "`pypi.org/simple` is no http or https address");
    assert_eq!(told("file:///etc/passwd".to_owned()), "`file:///etc/passwd` is no http or https address");
    assert_eq!(told("http://[broken/".to_owned()), "`http://[broken/` is no http or https address");
}

#[test]
fn an_answer_that_breaks_off_or_is_no_http_is_told() {
    let web = Web::new();
    web.serve("/cut", Page { missing: 4, ..Page::new("text/plain", "0123456789") });
    assert_eq!(told(web.url("/cut")), format!("the answer of `{}` broke off", web.url("/cut")));
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 512]);
        stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n\r\n").unwrap();
    });
    assert_eq!(told(format!("http://{address}/")), format!("the answer of `http://{address}/` broke off"));
}

#[test]
fn a_body_without_a_length_is_bounded_too() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 512]);
        stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").unwrap();
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
    });
    let error = WebClient::new().get(&ask(format!("http://{address}/"))).unwrap_err();
    assert!(matches!(error, HttpError::TooLarge { limit: 1_048_576, .. }), "{error}");
}
