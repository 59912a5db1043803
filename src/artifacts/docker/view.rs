//! Graph → what the Docker templates show. All decisions of the family are here.

use crate::artifacts::embedded::PROOF_IN_IMAGE;
use crate::graph::Graph;
use crate::project::{Accelerator, Environment, HUB_VARIABLE, IMAGE_USER, Lock, LockedEnvironment, Mirrors, Project};
use serde::Serialize;
use std::collections::BTreeSet;

/// One image: a software stack in its CPU or its CUDA build, for all its architectures.
#[derive(Debug, Serialize)]
pub(super) struct Image {
    /// `infra/docker/train`.
    pub(super) folder: String,
    /// `infra/docker/train/Dockerfile.cuda`.
    pub(super) file: String,
    pub(super) project: String,
    pub(super) environment: String,
    pub(super) accelerator: String,
    /// `sentiment-train`.
    pub(super) title: String,
    /// `cuda-3f2a9c01d4e5`.
    pub(super) tag: String,
    /// `sentiment-train:cuda-3f2a9c01d4e5`.
    pub(super) reference: String,
    /// `docker.io/library/python:3.12-slim-bookworm`.
    pub(super) base: String,
    /// The base without its tag, to put a digest after.
    pub(super) base_name: String,
    /// Where the environment lies in the image.
    pub(super) prefix: String,
    pub(super) uid: u32,
    /// What proves the image, as a JSON list, which is how Docker takes it: `["python", "/opt/aether/prove.py", "torch"]`.
    pub(super) proof: String,
    /// Where that program lies.
    pub(super) proof_path: &'static str,
    /// The package index to build from; none leaves the choice to `pip` and `uv`.
    pub(super) index: Option<String>,
    pub(super) variables: Vec<Variable>,
    /// The files to copy, as one `COPY` takes them.
    pub(super) requirements: String,
    /// The same files with their content.
    #[serde(skip)]
    pub(super) pins: Vec<Pins>,
}

/// An environment variable of an image.
#[derive(Debug, Serialize)]
pub(super) struct Variable {
    name: &'static str,
    value: String,
}

/// A requirements file with hashes.
#[derive(Debug, Serialize)]
pub(super) struct Pins {
    /// `infra/docker/train/requirements-cpu-x86_64.txt`.
    #[serde(skip)]
    pub(super) path: String,
    pub(super) what: String,
    pub(super) requirements: String,
}

/// Every image of the project that is locked, in the order of the manifest, CPU before CUDA.
pub(super) fn images(graph: &Graph) -> Vec<Image> {
    let project = &graph.project;
    let builds = [Accelerator::Cpu, Accelerator::Cuda];
    project
        .environments
        .iter()
        .flat_map(|environment| builds.map(|accelerator| image(project, environment, accelerator)))
        .flatten()
        .collect()
}

fn image(project: &Project, environment: &Environment, accelerator: Accelerator) -> Option<Image> {
    let (name, lock) = (&environment.name, &project.lock);
    let folder = folder(name);
    let pins: Vec<Pins> = lock.image(name, accelerator).map(|entry| pins(&folder, entry, &project.mirrors)).collect();
    let python = &lock.image(name, accelerator).next()?.python;
    let (title, tag) = (project.image_name(name), project.image_tag(name, accelerator));
    let base_name = project.mirrors.image("docker.io/library/python");
    Some(Image {
        file: format!("{folder}/{}", dockerfile(accelerator)),
        project: project.name.clone(),
        environment: name.clone(),
        accelerator: accelerator.to_string(),
        reference: format!("{title}:{tag}"),
        title,
        tag,
        base: format!("{base_name}:{python}-slim-bookworm"),
        base_name,
        index: project.mirrors.index.clone(),
        prefix: format!("/opt/aether/environments/{name}"),
        uid: IMAGE_USER,
        proof: proof(environment),
        proof_path: PROOF_IN_IMAGE,
        variables: variables(accelerator, &project.mirrors),
        requirements: pins.iter().map(|p| file_name(&p.path)).collect::<Vec<_>>().join(" "),
        pins,
        folder,
    })
}

/// The folders of all images, each once.
pub(super) fn folders(images: &[Image]) -> BTreeSet<&str> {
    images.iter().map(|image| image.folder.as_str()).collect()
}

/// Where the files of an environment lie.
pub(super) fn folder(environment: &str) -> String {
    format!("infra/docker/{environment}")
}

fn dockerfile(accelerator: Accelerator) -> &'static str {
    match accelerator {
        Accelerator::Cpu => "Dockerfile",
        Accelerator::Cuda => "Dockerfile.cuda",
    }
}

fn pins(folder: &str, entry: &LockedEnvironment, mirrors: &Mirrors) -> Pins {
    let (accelerator, architecture) = (entry.platform.accelerator, entry.platform.architecture);
    Pins {
        path: format!("{folder}/requirements-{accelerator}-{architecture}.txt"),
        what: format!("environment `{}`, {accelerator} build for {architecture}, Python {}", entry.name, entry.python),
        requirements: mirrors.moved(&entry.requirements()),
    }
}

/// The pinned uv that builds the environments; one file per folder, because a build sees only its own folder.
pub(super) fn uv(folder: &str, lock: &Lock) -> Option<Pins> {
    let tool = lock.tool("uv")?;
    Some(Pins {
        path: format!("{folder}/uv.txt"),
        what: "uv, which builds the environment".to_owned(),
        requirements: tool.requirements(),
    })
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// `sys` stands in for a stack without a framework: its image still has to start Python.
fn proof(environment: &Environment) -> String {
    let imports = environment.imports.iter().map(String::as_str);
    let imports = imports.chain(environment.imports.is_empty().then_some("sys"));
    let words: Vec<String> =
        ["python", PROOF_IN_IMAGE].into_iter().chain(imports).map(|word| format!("\"{word}\"")).collect();
    format!("[{}]", words.join(", "))
}

/// The wheels bring CUDA along; all a container takes from its host is the driver, and these two ask for it.
fn variables(accelerator: Accelerator, mirrors: &Mirrors) -> Vec<Variable> {
    let variable = |name, value: &str| Variable { name, value: value.to_owned() };
    let mut variables = vec![variable("PYTHONUNBUFFERED", "1"), variable("PYTHONDONTWRITEBYTECODE", "1")];
    if accelerator == Accelerator::Cuda {
        variables.push(variable("NVIDIA_VISIBLE_DEVICES", "all"));
        variables.push(variable("NVIDIA_DRIVER_CAPABILITIES", "compute,utility"));
    }
    variables.extend(mirrors.huggingface.iter().map(|hub| variable(HUB_VARIABLE, hub)));
    variables
}
