//! CUDA compute capabilities, the generation number of a GPU.

use serde::Deserialize;
use std::fmt;
use std::str::FromStr;

/// A compute capability, `8.6`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Capability {
    /// Machine code never runs across this number.
    pub major: u8,
    /// Machine code runs on the same and on higher ones.
    pub minor: u8,
}

/// Not a compute capability.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no compute capability; write two numbers, such as `8.6`")]
pub struct CapabilityError(String);

impl Capability {
    /// The capability `major.minor`.
    pub const fn new(major: u8, minor: u8) -> Self {
        Self { major, minor }
    }

    /// Whether machine code for this capability runs on that GPU.
    pub fn runs_on(self, gpu: Self) -> bool {
        self.major == gpu.major && self.minor <= gpu.minor
    }
}

impl FromStr for Capability {
    type Err = CapabilityError;

    fn from_str(text: &str) -> Result<Self, CapabilityError> {
        let number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
        let parts = text.split_once('.').and_then(|(major, minor)| number(major).zip(number(minor)));
        parts.map(|(major, minor)| Self { major, minor }).ok_or_else(|| CapabilityError(text.to_owned()))
    }
}

impl TryFrom<String> for Capability {
    type Error = CapabilityError;

    fn try_from(text: String) -> Result<Self, CapabilityError> {
        text.parse()
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_numbers_are_a_capability_and_nothing_else_is() {
        assert_eq!("12.0".parse(), Ok(Capability::new(12, 0)));
        for text in ["", "8", "8.", ".6", "8.6.1", "8.x", "+8.6", "sm_86", "300.0"] {
            assert!(text.parse::<Capability>().is_err(), "{text}");
        }
    }

    #[test]
    fn machine_code_runs_on_later_chips_of_its_generation_only() {
        let code = Capability::new(8, 6);
        for (gpu, expected) in [((8, 9), true), ((8, 6), true), ((8, 0), false), ((9, 0), false), ((7, 5), false)] {
            assert_eq!(code.runs_on(Capability::new(gpu.0, gpu.1)), expected, "{gpu:?}");
        }
    }
}
