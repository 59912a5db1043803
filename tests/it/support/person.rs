//! People before a terminal, and nobody.

use aether::ports::{Prompt, PromptError};
use aether::secret::Secret;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Mutex;

/// What a person's answer must stand.
type Check<'c> = &'c dyn Fn(&str) -> Result<(), String>;

/// No terminal.
pub struct Nobody;

/// Gives the answers in turn, remembers the questions, and leaves when the answers are used up.
pub struct Script {
    answers: Mutex<RefCell<VecDeque<&'static str>>>,
    questions: Mutex<Vec<String>>,
}

impl Script {
    pub fn new<const N: usize>(answers: [&'static str; N]) -> Self {
        Self { answers: Mutex::new(RefCell::new(answers.into())), questions: Mutex::default() }
    }

    pub fn heard(&self) -> String {
        self.questions.lock().unwrap().join("\n")
    }

    fn answer(&self, question: &str, offered: &str) -> Result<&'static str, PromptError> {
        self.questions.lock().unwrap().push(format!("{question} [{offered}]"));
        let next = self.answers.lock().unwrap().borrow_mut().pop_front();
        next.ok_or_else(|| PromptError::Cancelled { question: question.to_owned() })
    }
}

impl Prompt for Script {
    fn confirm(&self, question: &str) -> Result<bool, PromptError> {
        self.answer(question, "yes").map(|answer| answer == "yes")
    }

    fn secret(&self, question: &str) -> Result<Secret, PromptError> {
        self.answer(question, "").map(Secret::new)
    }

    fn text(&self, question: &str, default: &str, check: Check<'_>) -> Result<String, PromptError> {
        loop {
            let answer = self.answer(question, default)?;
            let answer = if answer.is_empty() { default } else { answer };
            match check(answer) {
                Ok(()) => return Ok(answer.to_owned()),
                Err(why) => self.questions.lock().unwrap().push(format!("refused: {why}")),
            }
        }
    }

    fn choose(&self, question: &str, items: &[String], default: usize) -> Result<usize, PromptError> {
        self.answer(question, &format!("{} of {}", items[default], items.join(", "))).map(|n| n.parse().unwrap())
    }

    fn choose_many(&self, question: &str, items: &[String], chosen: &[bool]) -> Result<Vec<usize>, PromptError> {
        let marked = items.iter().zip(chosen).map(|(item, on)| if *on { format!("+{item}") } else { item.clone() });
        let offered = marked.collect::<Vec<_>>().join(", ");
        self.answer(question, &offered).map(|answer| answer.split_whitespace().map(|n| n.parse().unwrap()).collect())
    }
}

impl Prompt for Nobody {
    fn confirm(&self, question: &str) -> Result<bool, PromptError> {
        Err(PromptError::NoTerminal { question: question.to_owned() })
    }

    fn secret(&self, question: &str) -> Result<Secret, PromptError> {
        Err(PromptError::NoTerminal { question: question.to_owned() })
    }

    fn text(&self, question: &str, _: &str, _: Check<'_>) -> Result<String, PromptError> {
        Err(PromptError::NoTerminal { question: question.to_owned() })
    }

    fn choose(&self, question: &str, _: &[String], _: usize) -> Result<usize, PromptError> {
        Err(PromptError::NoTerminal { question: question.to_owned() })
    }

    fn choose_many(&self, question: &str, _: &[String], _: &[bool]) -> Result<Vec<usize>, PromptError> {
        Err(PromptError::NoTerminal { question: question.to_owned() })
    }
}
