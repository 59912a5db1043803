//! What the project's folder and this machine give away.

use super::dependencies::Dependencies;
use super::{code, machine};
use crate::ports::{Files, FilesError, Programs};
use crate::stack::{Framework, Python};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// So many Python files are looked into; more say nothing new about a project.
const FILES_MAX: usize = 300;

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// The name of the project's folder.
    pub folder: String,
    /// Frameworks in use, with the version asked for (`*` for any).
    pub frameworks: BTreeMap<Framework, String>,
    /// Further packages, as the project asks for them.
    pub packages: Vec<String>,
    /// `A100:8` of this machine.
    pub accelerators: Option<String>,
    /// This machine's Python.
    pub python: Option<Python>,
    /// Hosts of the person's SSH configuration.
    pub ssh_hosts: Vec<String>,
}

impl Findings {
    /// What was found, for a person: `pytorch`, `12 packages`, `A100:8`.
    pub fn phrases(&self) -> Vec<String> {
        let plural = |count: usize, noun: &str| match count {
            0 => None,
            1 => Some(format!("1 {noun}")),
            _ => Some(format!("{count} {noun}s")),
        };
        let frameworks = self.frameworks.keys().map(|framework| framework.key().to_owned());
        let packages = plural(self.packages.len(), "further package");
        let accelerators = self.accelerators.as_ref().map(|gpus| format!("{gpus} in this machine"));
        let hosts = plural(self.ssh_hosts.len(), "host").map(|hosts| format!("{hosts} in your SSH configuration"));
        frameworks.chain(packages).chain(accelerators).chain(hosts).collect()
    }
}

/// Looks at the Python files, the dependency files, the GPUs and the SSH configuration.
pub(super) fn detect(files: &dyn Files, programs: &dyn Programs) -> Result<Findings, FilesError> {
    let mut dependencies = Dependencies::default();
    if let Some(text) = text(files, Path::new("requirements.txt"))? {
        dependencies.add_requirements(&text);
    }
    if let Some(text) = text(files, Path::new("pyproject.toml"))? {
        dependencies.add_pyproject(&text);
    }
    for path in python_files(files)? {
        for framework in code::imports(&text(files, &path)?.unwrap_or_default()) {
            dependencies.frameworks.entry(framework).or_insert_with(|| "*".to_owned());
        }
    }
    let folder = files.root().file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Findings {
        folder,
        frameworks: dependencies.frameworks,
        packages: dependencies.packages,
        accelerators: machine::accelerators(programs),
        python: machine::python(programs),
        ssh_hosts: machine::ssh_hosts(programs),
    })
}

/// The project's own Python files: not those of hidden folders, virtual environments and installed packages.
fn python_files(files: &dyn Files) -> Result<Vec<PathBuf>, FilesError> {
    let is_foreign = |part: &Component<'_>| {
        let part = part.as_os_str().to_string_lossy();
        part.starts_with('.') || ["venv", "env", "site-packages", "node_modules", "infra"].contains(&part.as_ref())
    };
    let is_own = |path: &PathBuf| {
        let is_python = path.extension().is_some_and(|extension| extension == "py" || extension == "ipynb");
        is_python && !path.components().any(|part| is_foreign(&part))
    };
    Ok(files.list(Path::new(""))?.into_iter().filter(is_own).take(FILES_MAX).collect())
}

fn text(files: &dyn Files, path: &Path) -> Result<Option<String>, FilesError> {
    match files.read(path) {
        Ok(bytes) => Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())),
        Err(FilesError::IsDirectory { .. } | FilesError::TooLarge { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
