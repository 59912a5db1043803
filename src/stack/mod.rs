//! The compatibility tables and what follows from them. Knows nothing of how anything is installed.
//!
//! The facts are data (`tables/`), each with its source and date; the questions are pure functions over them.
//! What the tables do not know is [`Verdict::Unknown`], which warns and does not refuse.

mod answer;
mod asked;
mod bits;
mod capability;
mod check;
mod driver;
mod facts;
mod framework;
mod host;
mod host_facts;
mod host_findings;
mod hurdle;
mod hurdles;
mod platform;
mod python;
mod question;
mod refuse;
mod release;
mod resolve;
mod rows;
mod shared;
mod shelf;
mod specifier;
mod symptoms;
mod system;
mod tables;
mod together;
mod unknown;
mod verdict;
mod ways_out;
mod wheels;

pub use answer::{Answer, Choice, DriverChoice, Resolution};
pub use capability::{Capability, CapabilityError};
pub use check::{Wish, check, default_python, pythons};
pub use driver::{Driver, DriverError, Module};
pub use facts::{Fact, Part, TABLES, facts, parts};
pub use framework::Framework;
pub use host_facts::{Card, HostFacts, LibraryPath, SeenGpu, gpu_of};
pub use host_findings::{Finding, HostWish, Pinned, Weight, host_findings};
pub use platform::{Accelerator, Architecture, Platform};
pub use python::{Python, PythonError};
pub use question::{Device, Question};
pub use release::{Pair, Release};
pub use resolve::resolve;
pub use rows::{
    Branch, Build, Companion, Coverage, CudnnTag, Fabric, Gpu, Image, Index, Libraries, NumpyRelease, OtherAccelerator,
    System, Toolkit,
};
pub use shared::{Shared, resolve_shared};
pub use specifier::{SpecifierError, specifier};
pub use symptoms::{Symptom, symptom};
pub use tables::{Tables, tables};
pub use together::check_together;
pub use verdict::{Reason, Verdict};
pub use wheels::{OVERLAY, Wheels};
