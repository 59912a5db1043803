//! What stands between Aether and EC2 in a test: it hears every call, and may answer for EC2 or not at all.

use crate::support::moto::Moto;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// A request or an answer.
pub(super) struct Message {
    head: Vec<u8>,
    body: Vec<u8>,
}

/// Listens on a free port and hands each connection over, on a thread of its own. Returns the endpoint.
pub(super) fn serve(answer: impl Fn(&TcpStream) + Clone + Send + 'static) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let answer = answer.clone();
            thread::spawn(move || answer(&stream.unwrap()));
        }
    });
    endpoint
}

/// What EC2 answers.
pub(super) fn ask(request: &Message) -> Message {
    let server = TcpStream::connect(Moto::shared().endpoint().trim_start_matches("http://")).unwrap();
    (&server).write_all(&request.head).unwrap();
    (&server).write_all(&request.body).unwrap();
    message(&server)
}

/// Reads one message, with a word that no other follows on this connection.
pub(super) fn message(stream: &TcpStream) -> Message {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        let lower = line.to_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if !lower.starts_with("connection:") {
            head.push_str(&line);
        }
    }
    head.push_str("Connection: close\r\n\r\n");
    let mut body = vec![0; length];
    let whole = reader.read_exact(&mut body).is_ok();
    Message { head: head.into_bytes(), body: if whole { body } else { Vec::new() } }
}

impl Message {
    /// A refusal in the words of EC2.
    /// Source: "Error codes for the Amazon EC2 API", docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    pub(super) fn refusal(status: u16, code: &str, words: &str) -> Self {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Errors><Error><Code>{code}</Code><Message>{words}</Message>\
             </Error></Errors><RequestID>ea966190-f9aa-478e-9ede-example</RequestID></Response>"
        );
        let head = format!(
            "HTTP/1.1 {status} Refused\r\nContent-Type: text/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        Self { head: head.into_bytes(), body: body.into_bytes() }
    }

    /// Whether it asks for that.
    pub(super) fn is_call(&self, call: &str) -> bool {
        String::from_utf8_lossy(&self.body).contains(&format!("Action={call}&"))
    }

    /// Sends it on. Whoever would hear it may be gone by now.
    pub(super) fn send(&self, stream: &TcpStream) {
        let mut stream = stream;
        let _ = stream.write_all(&self.head).and_then(|()| stream.write_all(&self.body));
    }
}
