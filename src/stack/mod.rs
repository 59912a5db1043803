//! The compatibility tables and what follows from them. Knows nothing of how anything is installed.
//!
//! The facts are data (`releases.toml`), each with its source and date; the questions are pure functions over them.
//! What the tables do not know is [`Verdict::Unknown`], which warns and does not refuse.

mod check;
mod framework;
mod platform;
mod python;
mod specifier;
mod table;
mod together;
mod verdict;

pub use check::{Wish, check, default_python, pythons};
pub use framework::Framework;
pub use platform::{Accelerator, Architecture, Platform};
pub use python::{Python, PythonError};
pub use specifier::{SpecifierError, specifier};
pub use table::{Pair, Release, Table, table};
pub use together::check_together;
pub use verdict::{Reason, Verdict};
