//! Questions to a person. An implementation for pipelines refuses every one of them.

use crate::secret::Secret;

/// Asks the person at the terminal.
pub trait Prompt: Send + Sync {
    /// Yes or no; only a literal `yes` counts as yes.
    fn confirm(&self, question: &str) -> Result<bool, PromptError>;
    /// A secret, not echoed.
    fn secret(&self, question: &str) -> Result<Secret, PromptError>;
    /// A line of text with a default. While `check` refuses the answer, the person hears why and is asked again.
    fn text(
        &self,
        question: &str,
        default: &str,
        check: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<String, PromptError>;
    /// One of several; the index.
    fn choose(&self, question: &str, items: &[String], default: usize) -> Result<usize, PromptError>;
    /// Any of several; the indices.
    fn choose_many(&self, question: &str, items: &[String], chosen: &[bool]) -> Result<Vec<usize>, PromptError>;
}

/// No answer was to be had.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// Standard input is no terminal.
    #[error("there is no terminal to ask `{question}` on")]
    NoTerminal {
        /// What would have been asked.
        question: String,
    },
    /// The person ended the dialogue.
    #[error("the question `{question}` was cancelled")]
    Cancelled {
        /// What was asked.
        question: String,
    },
}
