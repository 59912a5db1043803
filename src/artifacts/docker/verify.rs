//! Reads the rendered images back and compares them with the graph, without asking the view what it meant.

use super::view;
use crate::graph::Graph;
use crate::ports::Rendered;
use crate::project::{Accelerator, Environment, IMAGE_USER, LockedEnvironment};
use std::collections::BTreeMap;

/// Rendered text by path.
type Texts<'a> = BTreeMap<String, std::borrow::Cow<'a, str>>;

pub(super) fn verify(graph: &Graph, files: &[Rendered]) -> Vec<String> {
    let mut texts: Texts<'_> =
        files.iter().map(|f| (f.path.display().to_string(), String::from_utf8_lossy(&f.bytes))).collect();
    let mut differences = Vec::new();
    for environment in &graph.project.environments {
        for accelerator in [Accelerator::Cpu, Accelerator::Cuda] {
            differences.extend(image(graph, environment, accelerator, &mut texts));
        }
        differences.extend(shared(graph, environment, &mut texts));
    }
    differences.extend(texts.keys().map(|path| format!("`{path}` follows from nothing in the manifest")));
    differences
}

/// One Dockerfile and its pins; what was looked at is taken out of `texts`.
fn image(graph: &Graph, environment: &Environment, accelerator: Accelerator, texts: &mut Texts<'_>) -> Vec<String> {
    let entries: Vec<&LockedEnvironment> = graph.project.lock.image(&environment.name, accelerator).collect();
    let mut differences: Vec<String> = unlocked(environment, accelerator, &entries).collect();
    let Some(first) = entries.first() else { return differences };
    let folder = view::folder(&environment.name);
    let file = match accelerator {
        Accelerator::Cpu => format!("{folder}/Dockerfile"),
        Accelerator::Cuda => format!("{folder}/Dockerfile.cuda"),
    };
    differences.extend(check(texts, &file, |text| dockerfile(text, &first.python)));
    for entry in entries {
        let path = format!("{folder}/requirements-{accelerator}-{}.txt", entry.platform.architecture);
        differences.extend(check(texts, &path, |text| pins(text, &graph.project.mirrors.moved(&entry.requirements()))));
    }
    differences
}

fn unlocked(
    environment: &Environment,
    accelerator: Accelerator,
    entries: &[&LockedEnvironment],
) -> impl Iterator<Item = String> {
    let of_build = environment.platforms.iter().filter(move |platform| platform.accelerator == accelerator);
    of_build.filter(|platform| !entries.iter().any(|entry| entry.platform == **platform)).map(move |platform| {
        let (name, architecture) = (&environment.name, platform.architecture);
        format!("environment `{name}` is not locked for {accelerator} on {architecture}; run `aether lock`")
    })
}

/// What all builds of an environment share.
fn shared(graph: &Graph, environment: &Environment, texts: &mut Texts<'_>) -> Vec<String> {
    let lock = &graph.project.lock;
    if !lock.environments.iter().any(|entry| entry.name == environment.name) {
        return Vec::new();
    }
    let folder = view::folder(&environment.name);
    let Some(uv) = lock.tool("uv") else {
        return vec!["`uv` is not locked, and no image can be built without it; run `aether lock`".to_owned()];
    };
    let mut differences = check(texts, &format!("{folder}/uv.txt"), |text| pins(text, &uv.requirements()));
    differences.extend(check(texts, &format!("{folder}/prove.py"), |text| {
        let is_own = text.as_bytes() == crate::artifacts::embedded::proof();
        if is_own { Vec::new() } else { vec!["is not the program that proves environments on hosts".to_owned()] }
    }));
    differences.extend(check(texts, &format!("{folder}/.dockerignore"), |text| {
        let is_closed = content(text).next() == Some("*");
        if is_closed { Vec::new() } else { vec!["lets more into the build than the pins".to_owned()] }
    }));
    differences
}

fn check(texts: &mut Texts<'_>, path: &str, look: impl FnOnce(&str) -> Vec<String>) -> Vec<String> {
    match texts.remove(path) {
        None => vec![format!("`{path}` is missing")],
        Some(text) => look(&text).into_iter().map(|difference| format!("`{path}` {difference}")).collect(),
    }
}

fn dockerfile(text: &str, python: &str) -> Vec<String> {
    let mut differences = Vec::new();
    let base = content(text).find_map(|line| line.strip_prefix("ARG BASE=")).unwrap_or_default();
    if !base.contains(&format!("python:{python}-")) {
        differences.push(format!("starts from `{base}`, which is not Python {python}"));
    }
    for from in content(text).filter_map(|line| line.strip_prefix("FROM ")).filter(|from| !from.starts_with("${BASE}"))
    {
        differences.push(format!("starts from `{from}`, which `--build-arg BASE` does not pin"));
    }
    let user = format!("{IMAGE_USER}:{IMAGE_USER}");
    let last_user = content(text).filter_map(|line| line.strip_prefix("USER ")).last();
    if last_user != Some(user.as_str()) {
        differences.push(format!("runs as `{}` and not as `{user}`", last_user.unwrap_or("root")));
    }
    let joined = text.replace("\\\n", " ");
    let installs = |command: &&str| command.contains("pip install") || command.contains("pip sync");
    for command in joined.split("&&").flat_map(str::lines).filter(installs) {
        if !command.contains("--require-hashes") {
            differences.push(format!("installs without looking at hashes: `{}`", words(command)));
        }
    }
    differences
}

/// A command on one line.
fn words(command: &str) -> String {
    command.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn pins(text: &str, wanted: &str) -> Vec<String> {
    let found: Vec<&str> = content(text).collect();
    let wanted: Vec<&str> = content(wanted).collect();
    let differs = found.iter().zip(&wanted).find(|(found, wanted)| found != wanted);
    match differs {
        Some((found, wanted)) => vec![format!("says `{found}` where the lock says `{wanted}`")],
        None if found.len() != wanted.len() => vec!["does not have as many lines as the lock".to_owned()],
        None => Vec::new(),
    }
}

/// The lines that are no comment, without their ends and indents.
fn content(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}
