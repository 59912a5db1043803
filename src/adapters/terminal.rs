//! Questions on the terminal. Refuses every one when standard input is none, so that a pipeline never hangs.

use crate::ports::{Prompt, PromptError};
use crate::secret::Secret;
use dialoguer::theme::ColorfulTheme;
use dialoguer::{Input, MultiSelect, Password, Select};
use std::io::{IsTerminal, stdin};
use std::sync::{Mutex, PoisonError};

/// Asks through dialoguer, one question at a time: hosts are opened in parallel.
#[derive(Debug, Default)]
pub struct Terminal {
    turn: Mutex<()>,
}

impl Terminal {
    /// The terminal of this process.
    pub fn new() -> Self {
        Self::default()
    }

    fn ask<T>(
        &self,
        question: &str,
        asked: impl FnOnce(&ColorfulTheme) -> dialoguer::Result<T>,
    ) -> Result<T, PromptError> {
        if !stdin().is_terminal() {
            return Err(PromptError::NoTerminal { question: question.to_owned() });
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        asked(&ColorfulTheme::default()).map_err(|_| PromptError::Cancelled { question: question.to_owned() })
    }
}

impl Prompt for Terminal {
    fn confirm(&self, question: &str) -> Result<bool, PromptError> {
        let answer: String = self
            .ask(question, |theme| Input::with_theme(theme).with_prompt(question).allow_empty(true).interact_text())?;
        Ok(answer.trim() == "yes")
    }

    fn secret(&self, question: &str) -> Result<Secret, PromptError> {
        self.ask(question, |theme| {
            Password::with_theme(theme).with_prompt(question).allow_empty_password(true).interact()
        })
        .map(Secret::new)
    }

    fn text(
        &self,
        question: &str,
        default: &str,
        check: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<String, PromptError> {
        self.ask(question, |theme| {
            let input = Input::with_theme(theme).with_prompt(question).default(default.to_owned());
            input.validate_with(|answer: &String| check(answer)).interact_text()
        })
    }

    fn choose(&self, question: &str, items: &[String], default: usize) -> Result<usize, PromptError> {
        self.ask(question, |theme| {
            Select::with_theme(theme).with_prompt(question).items(items).default(default).interact()
        })
    }

    fn choose_many(&self, question: &str, items: &[String], chosen: &[bool]) -> Result<Vec<usize>, PromptError> {
        self.ask(question, |theme| {
            MultiSelect::with_theme(theme).with_prompt(question).items(items).defaults(chosen).interact()
        })
    }
}
