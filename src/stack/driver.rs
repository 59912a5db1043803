//! Versions of the NVIDIA driver and the two kinds of its kernel modules.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A driver: a branch such as `580`, or one release of it such as `580.65.06`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Driver {
    /// The first number.
    pub branch: u16,
    /// The other numbers; none stands for the newest release of the branch.
    pub release: Option<(u16, u16)>,
}

/// Which kernel modules a driver loads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Module {
    /// The open ones: Turing and newer.
    Open,
    /// The proprietary ones: up to Hopper.
    Proprietary,
}

/// Not a driver version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no driver version; write a branch such as `580`, or a release such as `580.65.06`")]
pub struct DriverError(String);

impl Driver {
    /// The newest release of a branch.
    pub const fn branch(branch: u16) -> Self {
        Self { branch, release: None }
    }

    /// Whether this driver is that release or a later one.
    pub fn reaches(self, floor: Self) -> bool {
        let same = || self.release.is_none_or(|release| floor.release.is_none_or(|needed| release >= needed));
        self.branch > floor.branch || (self.branch == floor.branch && same())
    }
}

impl FromStr for Driver {
    type Err = DriverError;

    fn from_str(text: &str) -> Result<Self, DriverError> {
        let bad = || DriverError(text.to_owned());
        let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let parts: Vec<&str> = text.split('.').collect();
        if !parts.iter().all(is_number) {
            return Err(bad());
        }
        let numbers: Vec<u16> = parts.iter().map(|part| part.parse().map_err(|_| bad())).collect::<Result<_, _>>()?;
        match numbers[..] {
            [branch] => Ok(Self::branch(branch)),
            [branch, minor] => Ok(Self { branch, release: Some((minor, 0)) }),
            [branch, minor, patch] => Ok(Self { branch, release: Some((minor, patch)) }),
            _ => Err(bad()),
        }
    }
}

impl TryFrom<String> for Driver {
    type Error = DriverError;

    fn try_from(text: String) -> Result<Self, DriverError> {
        text.parse()
    }
}

impl fmt::Display for Driver {
    /// `580.65.06`, or `R580` for a branch.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.release {
            None => write!(f, "R{}", self.branch),
            Some((minor, 0)) => write!(f, "{}.{minor:02}", self.branch),
            Some((minor, patch)) => write!(f, "{}.{minor:02}.{patch:02}", self.branch),
        }
    }
}

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Proprietary => "proprietary",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn driver(text: &str) -> Driver {
        text.parse().expect(text)
    }

    #[test]
    fn numbers_are_a_driver_and_nothing_else_is() {
        for (text, shown) in [("580", "R580"), ("525.60.13", "525.60.13"), ("455.23", "455.23")] {
            assert_eq!(driver(text).to_string(), shown);
        }
        for text in ["", "R580", "580.", "580.1.2.3", "latest", "70000"] {
            assert!(text.parse::<Driver>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_driver_reaches_what_is_not_above_it() {
        let floor = driver("525.60.13");
        for (have, expected) in
            [("525.60.13", true), ("525.53", false), ("525", true), ("470.82.01", false), ("580", true)]
        {
            assert_eq!(driver(have).reaches(floor), expected, "{have}");
        }
    }
}
