//! The SSH adapter against real OpenSSH servers in namespaces of their own.

mod commands;
mod host_keys;
mod jump;
mod login;

use crate::support::lab::{Home, Host};
use aether::adapters::ssh::{Settings, SshDialer};
use aether::graph::{Target, Way};
use aether::ports::{Dialer, Ending, HostKeyPolicy, Prompt, PromptError, Remote, RemoteError};
use aether::secret::Secret;
use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A way to a host as root; tests change what they are about.
fn way(host: &Host) -> Way {
    let (host, user) = (host.address.clone(), Some("root".to_owned()));
    Way::Ssh { host, user, port: None, identity_file: None, jump: None }
}

/// The same as another user.
fn way_as(host: &Host, login: &str) -> Way {
    let (host, user) = (host.address.clone(), Some(login.to_owned()));
    Way::Ssh { host, user, port: None, identity_file: None, jump: None }
}

/// What `ssh NAME` would do.
fn alias(name: &str) -> Way {
    Way::Ssh { host: name.to_owned(), user: None, port: None, identity_file: None, jump: None }
}

fn settings(home: &Home) -> Settings {
    let mut settings = Settings::new(home.path(), HostKeyPolicy::Refuse);
    settings.connect_timeout = Duration::from_secs(30);
    settings
}

fn connect_with(settings: Settings, way: Way, person: &Arc<Person>) -> Result<Box<dyn Remote>, RemoteError> {
    let prompt: Arc<dyn Prompt> = Arc::clone(person) as _;
    SshDialer::new(settings, prompt).connect(&Target { name: "lab/host".to_owned(), way })
}

/// Without anybody at the terminal.
fn connect(home: &Home, way: Way) -> Result<Box<dyn Remote>, RemoteError> {
    connect_with(settings(home), way, &Person::absent())
}

/// Runs a command; its lines and how it ended.
fn exec(remote: &mut dyn Remote, command: &str, stdin: &[u8]) -> (Vec<String>, Ending) {
    let mut lines = Vec::new();
    let ending = remote.exec(command, stdin, &mut |line| lines.push(line.to_owned())).unwrap();
    (lines, ending)
}

/// An error with all its causes, and the host's address as `ADDRESS`.
fn refusal(outcome: Result<Box<dyn Remote>, RemoteError>, host: &Host) -> String {
    let Err(error) = outcome else { panic!("the host let us in") };
    told(&error).replace(&host.address, "ADDRESS")
}

fn told(error: &RemoteError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text
}

/// Somebody at a terminal who knows some answers, or nobody.
struct Person {
    answers: Mutex<Option<Vec<&'static str>>>,
    questions: Mutex<Vec<String>>,
}

impl Person {
    fn absent() -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(None), questions: Mutex::default() })
    }

    /// Gives the answers one after the other.
    fn answering(answers: &[&'static str]) -> Arc<Self> {
        let mut answers = answers.to_vec();
        answers.reverse();
        Arc::new(Self { answers: Mutex::new(Some(answers)), questions: Mutex::default() })
    }

    fn questions(&self) -> Vec<String> {
        self.questions.lock().unwrap().clone()
    }
}

impl Prompt for Person {
    fn secret(&self, question: &str) -> Result<Secret, PromptError> {
        let question = question.to_owned();
        self.questions.lock().unwrap().push(question.clone());
        match self.answers.lock().unwrap().as_mut() {
            None => Err(PromptError::NoTerminal { question }),
            Some(answers) => answers.pop().map(Secret::new).ok_or(PromptError::Cancelled { question }),
        }
    }

    fn confirm(&self, question: &str) -> Result<bool, PromptError> {
        panic!("nobody may ask `{question}`")
    }

    fn text(&self, question: &str, _: &str, _: &dyn Fn(&str) -> Result<(), String>) -> Result<String, PromptError> {
        panic!("nobody may ask `{question}`")
    }

    fn choose(&self, question: &str, _items: &[String], _default: usize) -> Result<usize, PromptError> {
        panic!("nobody may ask `{question}`")
    }

    fn choose_many(&self, question: &str, _: &[String], _: &[bool]) -> Result<Vec<usize>, PromptError> {
        panic!("nobody may ask `{question}`")
    }
}
