//! Python release lines.

use serde::Deserialize;
use std::fmt;
use std::str::FromStr;

/// A Python 3 release line, `3.12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Python {
    /// The number after `3.`.
    pub minor: u8,
}

impl Python {
    /// The line 3.`minor`.
    pub const fn new(minor: u8) -> Self {
        Self { minor }
    }

    /// Every line up to one that is years away, from 3.0 on.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..32).map(Self::new)
    }
}

/// Not a Python line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no Python release line; write two numbers, such as `\"3.12\"`")]
pub struct PythonError(String);

impl FromStr for Python {
    type Err = PythonError;

    fn from_str(text: &str) -> Result<Self, PythonError> {
        let minor = text.strip_prefix("3.").filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        let minor = minor.and_then(|digits| digits.parse().ok());
        minor.map(Self::new).ok_or_else(|| PythonError(text.to_owned()))
    }
}

impl TryFrom<String> for Python {
    type Error = PythonError;

    fn try_from(text: String) -> Result<Self, PythonError> {
        text.parse()
    }
}

impl fmt::Display for Python {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "3.{}", self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_numbers_are_a_python_and_nothing_else_is() {
        assert_eq!("3.12".parse(), Ok(Python::new(12)));
        for text in ["3", "3.", "2.7", "3.12.1", "3.+1", "3.999", ">=3.9", "python3"] {
            assert!(text.parse::<Python>().is_err(), "{text}");
        }
    }
}
