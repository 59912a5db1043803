//! `stack`: what the compatibility tables hold, what they answer, and what is newer on the package index.

mod list;
mod newer;
mod refresh;
mod resolve;

pub use list::{ListRequest, Listed, StackList, list};
pub use refresh::{RefreshReport, refresh};
pub use resolve::{ResolveRequest, Resolved, resolve};

use super::Failure;
use super::load::wheels;
use crate::ports::World;
use crate::stack::Wheels;
use std::sync::Arc;

/// How old tables may grow before somebody is told, in days.
const OLD: i64 = 90;

/// When the tables were read, and whether that is long ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Age {
    /// `2026-11-21`.
    pub date: String,
    /// Days since then.
    pub days: i64,
    /// Whether they are due to be read again.
    pub is_old: bool,
}

/// The tables with the project's own rows; a folder without any is no mistake.
fn known(world: &World) -> Result<(Arc<Wheels>, Age), Failure> {
    let wheels = wheels(world)?;
    let date = wheels.newest_date();
    let days = age(&date, world.clock.now()).unwrap_or_default();
    Ok((wheels, Age { date, days, is_old: days > OLD }))
}

fn age(date: &str, now: jiff::Timestamp) -> Option<i64> {
    let read: jiff::Timestamp = format!("{date}T00:00:00Z").parse().ok()?;
    Some(now.duration_since(read).as_hours() / 24)
}
