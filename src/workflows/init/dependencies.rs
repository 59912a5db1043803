//! What `requirements.txt` and `pyproject.toml` ask for, split into frameworks with a version and other packages.

use crate::stack::{Framework, specifier};
use std::collections::BTreeMap;

/// What a project depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Dependencies {
    /// Frameworks with the version asked for, `*` for any.
    pub(super) frameworks: BTreeMap<Framework, String>,
    /// Everything else, as written.
    pub(super) packages: Vec<String>,
}

impl Dependencies {
    /// Adds the lines of a `requirements.txt`. Options, paths and addresses are passed over: no lock can pin them.
    pub(super) fn add_requirements(&mut self, text: &str) {
        for line in text.replace("\\\n", " ").lines() {
            let line = line.split(" #").next().unwrap_or_default().split(" --").next().unwrap_or_default().trim();
            self.add(line);
        }
    }

    /// Adds `project.dependencies` of a `pyproject.toml`; one that cannot be read adds nothing.
    pub(super) fn add_pyproject(&mut self, text: &str) {
        let Ok(table) = text.parse::<toml::Table>() else { return };
        let dependencies = table.get("project").and_then(|project| project.get("dependencies"));
        for line in dependencies.and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_str) {
            self.add(line.trim());
        }
    }

    fn add(&mut self, line: &str) {
        let is_wish =
            line.starts_with(|c: char| c.is_ascii_alphanumeric()) && !line.contains("://") && !line.contains('@');
        if !is_wish {
            return;
        }
        if let Some(framework) = framework(&name(line)) {
            self.frameworks.entry(framework).or_insert_with(|| version(line));
        } else if !self.packages.iter().any(|known| name(known) == name(line)) {
            self.packages.push(line.to_owned());
        }
    }
}

/// The package's name as the index spells it.
fn name(line: &str) -> String {
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(line.len());
    line[..end].to_lowercase().replace(['_', '.'], "-")
}

/// The framework that brings a package along.
fn framework(name: &str) -> Option<Framework> {
    match name {
        "torch" => Some(Framework::Pytorch),
        "tensorflow" | "tensorflow-cpu" | "tensorflow-gpu" => Some(Framework::Tensorflow),
        "jax" | "jaxlib" => Some(Framework::Jax),
        "scikit-learn" | "sklearn" => Some(Framework::ScikitLearn),
        _ => None,
    }
}

/// The version part without extras, markers and local builds (`+cu128`), which `accelerators:` decides here.
fn version(line: &str) -> String {
    let wish = line.split(';').next().unwrap_or_default();
    let from = wish.find(['=', '<', '>', '~', '!']).unwrap_or(wish.len());
    let version = wish[from..].split('+').next().unwrap_or_default().trim();
    if !version.is_empty() && specifier(version).is_ok() { version.to_owned() } else { "*".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frameworks_keep_their_version_and_everything_else_stays_as_written() {
        let mut found = Dependencies::default();
        found.add_requirements(
            "# a comment\n-r more.txt\ntorch==2.10.0+cu128\njax[cuda12]>=0.8 ; python_version > '3.10'\n\
             numpy>=1.26,<3  # why\nNumPy\nidna==3.6 \\\n    --hash=sha256:00\n./local\npkg @ https://example.com/x.whl\n",
        );
        let frameworks = [(Framework::Pytorch, "==2.10.0"), (Framework::Jax, ">=0.8")];
        assert_eq!(found.frameworks, frameworks.map(|(f, v)| (f, v.to_owned())).into());
        assert_eq!(found.packages, ["numpy>=1.26,<3", "idna==3.6"]);
    }

    #[test]
    fn a_pyproject_that_cannot_be_read_adds_nothing() {
        let mut found = Dependencies::default();
        found.add_pyproject("[project]\ndependencies = [\"tensorflow\", \"rich>=13\"]\n");
        found.add_pyproject("not toml");
        assert_eq!(found.frameworks, [(Framework::Tensorflow, "*".to_owned())].into());
        assert_eq!(found.packages, ["rich>=13"]);
    }
}
