//! Where the files lie whose hashes a lock pins. The lock names no place, so the index is asked again, for exactly them.

use super::uv::{self, Wanted};
use super::{How, ResolveError, TOOL_PYTHON, pylock};
use crate::ports::{Files, Programs};
use crate::project::{Accelerator, Architecture, Lock, LockedEnvironment, LockedPackage, LockedTool, Platform};
use std::collections::BTreeSet;

/// A file that a lock pins, and where it lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Located {
    /// Its name: `numpy-2.1.0-cp311-cp311-manylinux_2_17_x86_64.whl`.
    pub name: String,
    /// Where it lies.
    pub url: String,
    /// Hexadecimal.
    pub sha256: String,
}

/// Every wheel of every environment and tool of a lock, sorted, each once.
pub fn locate(
    lock: &Lock,
    how: &How,
    files: &dyn Files,
    programs: &dyn Programs,
) -> Result<Vec<Located>, ResolveError> {
    let mut all = BTreeSet::new();
    for entry in &lock.environments {
        all.extend(of_environment(entry, how, files, programs)?);
    }
    let architectures: BTreeSet<Architecture> = lock.environments.iter().map(|e| e.platform.architecture).collect();
    for tool in &lock.tools {
        for architecture in &architectures {
            all.extend(of_tool(tool, *architecture, how, files, programs)?);
        }
    }
    Ok(all.into_iter().collect())
}

fn of_environment(
    entry: &LockedEnvironment,
    how: &How,
    files: &dyn Files,
    programs: &dyn Programs,
) -> Result<Vec<Located>, ResolveError> {
    let wanted = Wanted {
        subject: format!("environment `{}` for {}", entry.name, entry.platform),
        requirements: entry.packages.iter().map(exactly).collect(),
        python: entry.python.clone(),
        architecture: entry.platform.architecture,
        constraints: Vec::new(),
        index: entry.index.clone(),
        // A file that is pinned was taken under the older rule too, and the newer one admits it.
        has_old_glibc: false,
        preferred: Vec::new(),
        is_complete: true,
    };
    pinned(&wanted, &entry.packages, how, files, programs)
}

fn of_tool(
    tool: &LockedTool,
    architecture: Architecture,
    how: &How,
    files: &dyn Files,
    programs: &dyn Programs,
) -> Result<Vec<Located>, ResolveError> {
    let LockedTool { name, version, hashes } = tool.clone();
    let package = LockedPackage { name, version, hashes };
    let platform = Platform { architecture, accelerator: Accelerator::Cpu };
    let wanted = Wanted {
        subject: format!("the tool `{}` for {platform}", tool.name),
        requirements: vec![exactly(&package)],
        python: TOOL_PYTHON.to_owned(),
        architecture,
        constraints: Vec::new(),
        index: None,
        has_old_glibc: false,
        preferred: Vec::new(),
        is_complete: true,
    };
    pinned(&wanted, &[package], how, files, programs)
}

fn exactly(package: &LockedPackage) -> String {
    format!("{}=={}", package.name, package.version)
}

/// The wheels of these packages; each package must have one that the lock pins.
fn pinned(
    wanted: &Wanted,
    packages: &[LockedPackage],
    how: &How,
    files: &dyn Files,
    programs: &dyn Programs,
) -> Result<Vec<Located>, ResolveError> {
    if packages.is_empty() {
        return Ok(Vec::new());
    }
    let answer = uv::answer(wanted, &how.mirrors, files, programs)?;
    let wheels = pylock::wheels(&answer, &wanted.subject)?;
    let mut located = Vec::new();
    for package in packages {
        let is_pinned =
            |wheel: &&Located| package.hashes.iter().any(|hash| hash.strip_prefix("sha256:") == Some(&wheel.sha256));
        let before = located.len();
        located.extend(wheels.iter().filter(is_pinned).cloned());
        if located.len() == before {
            let (subject, package) = (wanted.subject.clone(), exactly(package));
            return Err(ResolveError::NoWheel { subject, package });
        }
    }
    Ok(located)
}
