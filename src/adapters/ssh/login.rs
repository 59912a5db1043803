//! Proves to a host who we are: agent, then key files, then a password typed by a person.

use super::base64;
use super::config::{Agent, Config};
use super::identity::Identity;
use crate::ports::{Prompt, PromptError, RemoteError};
use crate::secret::Secret;
use ssh2::{KeyboardInteractivePrompt, Session};

/// How often a person may mistype a secret.
const TYPING_ATTEMPTS: usize = 3;

/// One login under way. What was tried is kept for the message.
pub(super) struct Login<'a> {
    session: &'a Session,
    config: &'a Config,
    shown: &'a str,
    prompt: &'a dyn Prompt,
    identities: Vec<Identity>,
    tried: Vec<String>,
}

/// Logs in, or says what was tried. `shown` is the machine in messages.
pub(super) fn log_in(session: &Session, config: &Config, shown: &str, prompt: &dyn Prompt) -> Result<(), RemoteError> {
    let identities = config.identity_files.iter().filter_map(|path| Identity::read(path)).collect();
    Login { session, config, shown, prompt, identities, tried: Vec::new() }.run()
}

impl Login<'_> {
    fn run(mut self) -> Result<(), RemoteError> {
        // Asking which ways there are is itself a login without proof; a host may be content with it.
        let ways = match self.session.auth_methods(&self.config.user) {
            Ok(ways) => ways.to_owned(),
            Err(_) if self.session.authenticated() => return Ok(()),
            Err(error) => return Err(self.broken(error)),
        };
        let offers = |way: &str| ways.split(',').any(|offered| offered == way);
        let is_in = (offers("publickey") && (self.by_agent() || self.by_files()))
            || (offers("password") && self.by_password())
            || (offers("keyboard-interactive") && self.by_questions());
        if is_in { Ok(()) } else { Err(self.refused()) }
    }

    fn broken(&self, error: ssh2::Error) -> RemoteError {
        let endpoint = format!("{}:{}", self.config.host, self.config.port);
        RemoteError::Handshake { host: self.shown.to_owned(), endpoint, source: error.into() }
    }

    fn refused(self) -> RemoteError {
        let tried = if self.tried.is_empty() { "nothing: no key was found".to_owned() } else { self.tried.join(", ") };
        RemoteError::Authentication { host: self.shown.to_owned(), user: self.config.user.clone(), tried }
    }

    fn by_agent(&mut self) -> bool {
        let Ok(mut agent) = self.session.agent() else { return false };
        match &self.config.agent {
            Agent::Off => return false,
            Agent::Socket(path) if agent.set_identity_path(path).is_err() => return false,
            Agent::Socket(_) | Agent::Environment => {}
        }
        if agent.connect().is_err() || agent.list_identities().is_err() {
            return false;
        }
        let mut keys = agent.identities().unwrap_or_default();
        let is_ours = |blob: &[u8]| {
            let key = base64::encode(blob);
            self.identities.iter().any(|identity| identity.public_key.as_ref() == Some(&key))
        };
        if self.config.identities_only {
            keys.retain(|key| is_ours(key.blob()));
        }
        // A host counts refused keys and closes after a few, so the likely ones go first.
        keys.sort_by_key(|key| !is_ours(key.blob()));
        for key in keys {
            self.tried.push(format!("agent key `{}`", key.comment()));
            if agent.userauth(&self.config.user, &key).is_ok() {
                return true;
            }
        }
        false
    }

    fn by_files(&mut self) -> bool {
        for identity in std::mem::take(&mut self.identities) {
            if self.by_file(&identity) {
                return true;
            }
        }
        false
    }

    fn by_file(&mut self, identity: &Identity) -> bool {
        let path = identity.path.display().to_string();
        if !identity.is_encrypted {
            self.tried.push(path);
            return self.offer(identity, None);
        }
        for _ in 0..TYPING_ATTEMPTS {
            match self.prompt.secret(&format!("passphrase of `{path}`")) {
                Ok(passphrase) if self.offer(identity, Some(&passphrase)) => return true,
                Ok(_) => {}
                Err(error) => {
                    self.tried.push(format!("{path}: encrypted, and {}", reason(&error)));
                    return false;
                }
            }
        }
        self.tried.push(format!("{path}: wrong passphrase or key refused"));
        false
    }

    fn offer(&self, identity: &Identity, passphrase: Option<&Secret>) -> bool {
        let passphrase = passphrase.map(Secret::reveal);
        let with = |public: Option<&std::path::Path>| {
            self.session.userauth_pubkey_file(&self.config.user, public, &identity.path, passphrase).is_ok()
        };
        identity.certificate.as_deref().is_some_and(|certificate| with(Some(certificate))) || with(None)
    }

    fn by_password(&mut self) -> bool {
        for _ in 0..TYPING_ATTEMPTS {
            let Some(password) = self.ask_password() else { return false };
            if self.session.userauth_password(&self.config.user, password.reveal()).is_ok() {
                return true;
            }
        }
        false
    }

    fn by_questions(&mut self) -> bool {
        for _ in 0..TYPING_ATTEMPTS {
            let Some(password) = self.ask_password() else { return false };
            let mut answers = OneAnswer { password };
            if self.session.userauth_keyboard_interactive(&self.config.user, &mut answers).is_ok() {
                return true;
            }
        }
        false
    }

    fn ask_password(&mut self) -> Option<Secret> {
        let asked = self.prompt.secret(&format!("password for `{}` on `{}`", self.config.user, self.shown));
        let note = match &asked {
            Ok(_) => "password".to_owned(),
            Err(error) => format!("password: {}", reason(error)),
        };
        if !self.tried.contains(&note) {
            self.tried.push(note);
        }
        asked.ok()
    }
}

fn reason(error: &PromptError) -> &'static str {
    match error {
        PromptError::NoTerminal { .. } => "there is no terminal to ask on",
        PromptError::Cancelled { .. } => "the question was cancelled",
    }
}

/// Gives the password to every question that does not want to be echoed.
struct OneAnswer {
    password: Secret,
}

impl KeyboardInteractivePrompt for OneAnswer {
    fn prompt(&mut self, _user: &str, _instructions: &str, questions: &[ssh2::Prompt<'_>]) -> Vec<String> {
        questions
            .iter()
            .map(|question| if question.echo { String::new() } else { self.password.reveal().to_owned() })
            .collect()
    }
}
