//! Graph → what the Kubernetes templates show. All decisions of the family are here.

use crate::artifacts::embedded::PROOF_IN_IMAGE;
use crate::graph::{Cluster, Graph, Workload, WorkloadKind};
use crate::project::{Architecture, HUB_VARIABLE, IMAGE_USER, LockedStack, Mirrors, Project, short_name};
use crate::stack::{Driver, tables};
use serde::Serialize;
use std::collections::BTreeMap;

/// One object in one file.
#[derive(Debug)]
pub(super) struct Document {
    /// `infra/kubernetes/prod/20-train-job.yaml`; `kubectl apply` takes files in this order.
    pub(super) path: String,
    /// `kubernetes/job.yaml.j2`.
    pub(super) template: &'static str,
    pub(super) object: Object,
}

/// What an object shows.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Object {
    Shared(Shared),
    Workload(Box<Pod>),
    Operator(Box<Operator>),
}

/// What every object of a cluster has.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Shared {
    cluster: String,
    context: String,
    /// `infra/kubernetes/prod`.
    folder: String,
    project: String,
    pub(super) namespace: String,
    /// The service account, which has no right and no token.
    account: String,
    /// Tells two clusters entries of one namespace apart in selectors.
    instance: String,
}

/// A workload, its pod and its service.
#[derive(Debug, Serialize)]
pub(super) struct Pod {
    #[serde(flatten)]
    shared: Shared,
    pub(super) name: String,
    environment: String,
    version: String,
    pub(super) image: String,
    /// Whether the registry is asked for the image at every start.
    pull: &'static str,
    /// A JSON list, which is YAML too.
    command: String,
    architecture: &'static str,
    user: u32,
    /// Pods of a job end; those of a deployment need no word for it.
    restart: Option<&'static str>,
    replicas: u32,
    /// How many pods an update may add.
    surge: u32,
    /// How many pods an update may take away.
    unavailable: u32,
    port: Option<u16>,
    cpu: String,
    memory: String,
    gpus: u32,
    /// Variables of its program.
    pub(super) variables: Vec<(&'static str, String)>,
    /// Labels of the nodes it may run on, beside their processor.
    nodes: Vec<(&'static str, String)>,
}

/// Every object of every cluster, in the order in which it must be applied.
pub(super) fn documents(graph: &Graph) -> Vec<Document> {
    graph.clusters.iter().flat_map(|cluster| of_cluster(&graph.project, cluster)).collect()
}

fn of_cluster(project: &Project, cluster: &Cluster) -> Vec<Document> {
    let shared = shared(project, cluster);
    let document = |file: String, template, object| Document {
        path: format!("{}/{file}", folder(&cluster.name)),
        template,
        object,
    };
    let mut documents = vec![
        document("00-namespace.yaml".to_owned(), "kubernetes/namespace.yaml.j2", Object::Shared(shared.clone())),
        document(
            "10-service-account.yaml".to_owned(),
            "kubernetes/service-account.yaml.j2",
            Object::Shared(shared.clone()),
        ),
    ];
    if let Some(operator) = operator(project, cluster) {
        // In a folder of its own, which `kubectl apply --filename` passes over: these are values, not an object.
        let path = operator.path.clone();
        let template = "kubernetes/gpu-operator.yaml.j2";
        documents.push(Document { path, template, object: Object::Operator(Box::new(operator)) });
    }
    for workload in &cluster.workloads {
        let (word, template) = match workload.kind {
            WorkloadKind::Job => ("job", "kubernetes/job.yaml.j2"),
            WorkloadKind::Deployment => ("deployment", "kubernetes/deployment.yaml.j2"),
        };
        let object = || Object::Workload(Box::new(pod(project, cluster, workload, &shared)));
        let file = format!("15-{}-network-policy.yaml", workload.environment);
        documents.push(document(file, "kubernetes/network-policy.yaml.j2", object()));
        documents.push(document(format!("20-{}-{word}.yaml", workload.environment), template, object()));
        if workload.port.is_some() {
            let file = format!("30-{}-service.yaml", workload.environment);
            documents.push(document(file, "kubernetes/service.yaml.j2", object()));
        }
    }
    documents
}

/// Where the files of a cluster lie.
pub(super) fn folder(cluster: &str) -> String {
    format!("infra/kubernetes/{cluster}")
}

fn shared(project: &Project, cluster: &Cluster) -> Shared {
    Shared {
        cluster: cluster.name.clone(),
        context: cluster.context.clone(),
        folder: folder(&cluster.name),
        project: project.name.clone(),
        namespace: namespace(project, cluster).to_owned(),
        account: project.name.clone(),
        instance: cluster.name.clone(),
    }
}

/// The namespace of a cluster's objects.
pub(super) fn namespace<'a>(project: &'a Project, cluster: &'a Cluster) -> &'a str {
    cluster.namespace.as_deref().unwrap_or(&project.name)
}

/// The image of a workload: by digest where one is pinned, else by the tag that follows from the lock.
pub(super) fn image(project: &Project, cluster: &Cluster, workload: &Workload) -> String {
    let name = project.image_name(&workload.environment);
    let name = cluster.registry.iter().map(String::as_str).chain([name.as_str()]).collect::<Vec<_>>().join("/");
    match &workload.digest {
        Some(digest) => format!("{name}@{digest}"),
        None => format!("{name}:{}", project.image_tag(&workload.environment, cluster.platform.accelerator)),
    }
}

fn pod(project: &Project, cluster: &Cluster, workload: &Workload, shared: &Shared) -> Pod {
    // A GPU is not there twice: with GPUs the old pod has to go before the new one can be placed.
    let (surge, unavailable) = if workload.gpus > 0 { (0, 1) } else { (1, 0) };
    let mut pod = Pod {
        shared: shared.clone(),
        name: workload.environment.clone(),
        environment: workload.environment.clone(),
        version: project.image_tag(&workload.environment, cluster.platform.accelerator),
        image: image(project, cluster, workload),
        // Nodes that have the images already have nobody to ask for them.
        pull: if cluster.registry.is_some() { "Always" } else { "IfNotPresent" },
        command: serde_json::Value::from(command(project, workload)).to_string(),
        architecture: architecture(cluster.platform.architecture),
        user: IMAGE_USER,
        restart: (workload.kind == WorkloadKind::Job).then_some("Never"),
        replicas: workload.replicas,
        surge,
        unavailable,
        port: workload.port,
        cpu: workload.cpu.clone(),
        memory: workload.memory.clone(),
        gpus: workload.gpus,
        variables: variables(project),
        nodes: node_labels(project, cluster, workload),
    };
    if workload.kind == WorkloadKind::Job {
        pod.name = job_name(&pod);
    }
    pod
}

/// Where libraries find the hub of models, if not at its own place. Said here too, for an image that nobody rebuilt.
pub(super) fn variables(project: &Project) -> Vec<(&'static str, String)> {
    project.mirrors.huggingface.iter().map(|hub| (HUB_VARIABLE, hub.clone())).collect()
}

/// What a node must be labelled with for a workload; nothing without GPUs.
pub(super) fn node_labels(project: &Project, cluster: &Cluster, workload: &Workload) -> Vec<(&'static str, String)> {
    labels(project.lock.stack(&cluster.name).filter(|_| workload.gpus > 0))
}

/// A job cannot be changed once it exists, so its name follows from its content: another command is another job.
fn job_name(pod: &Pod) -> String {
    let nodes: String = pod.nodes.iter().map(|(label, value)| format!(" {label}={value}")).collect();
    let variables: String = pod.variables.iter().map(|(name, value)| format!(" {name}={value}")).collect();
    let Pod { image, command, cpu, memory, gpus, port, .. } = pod;
    let content = format!("{image} {command} {cpu} {memory} {gpus} {port:?}{nodes}{variables}");
    format!("{}-{}", pod.environment, short_name(&content))
}

/// What a workload runs. Without a command it proves its environment on the GPUs that it asks for.
pub(super) fn command(project: &Project, workload: &Workload) -> Vec<String> {
    if !workload.command.is_empty() {
        return workload.command.clone();
    }
    let imports = project.environment(&workload.environment).map(|e| e.imports.clone()).unwrap_or_default();
    let imports = if imports.is_empty() { vec!["sys".to_owned()] } else { imports };
    let mut command = vec!["python".to_owned(), PROOF_IN_IMAGE.to_owned()];
    if workload.gpus > 0 {
        command.extend(["--gpus".to_owned(), workload.gpus.to_string()]);
    }
    command.into_iter().chain(imports).collect()
}

fn architecture(architecture: Architecture) -> &'static str {
    match architecture {
        Architecture::X86_64 => "amd64",
        Architecture::Aarch64 => "arm64",
    }
}

/// Values of the GPU operator's chart.
#[derive(Debug, Serialize)]
pub(super) struct Operator {
    cluster: String,
    context: String,
    /// `infra/kubernetes/prod/gpu-operator/values.yaml`.
    pub(super) path: String,
    /// `A100`.
    device: String,
    /// Whether the operator brings the driver; it does not where the nodes keep theirs.
    pub(super) brings_driver: bool,
    /// The release of the driver, as its image is tagged: `580.95.05`.
    pub(super) version: Option<String>,
    /// `open` or `proprietary`; the operator's `auto` where it does not matter.
    pub(super) modules: String,
    /// Where the images of each part are pulled from, where that is not the chart's own place.
    pub(super) repositories: BTreeMap<&'static str, String>,
    /// The lowest driver that will do, for nodes that keep theirs.
    floor: Option<String>,
    unconfirmed: Vec<String>,
}

/// The values for a cluster whose nodes have GPUs.
pub(super) fn operator(project: &Project, cluster: &Cluster) -> Option<Operator> {
    let locked = project.lock.stack(&cluster.name)?;
    Some(Operator {
        cluster: cluster.name.clone(),
        context: cluster.context.clone(),
        path: format!("{}/gpu-operator/values.yaml", folder(&cluster.name)),
        device: locked.device.clone(),
        brings_driver: locked.driver.is_some(),
        version: locked.driver.as_deref().map(release),
        modules: locked.kernel_modules.map_or_else(|| "auto".to_owned(), |kind| kind.to_string()),
        repositories: repositories(&project.mirrors),
        floor: locked.driver_floor.clone(),
        unconfirmed: locked.unconfirmed.clone(),
    })
}

/// Where the chart finds its images (values of the charts 24.9 and 25.3), by the part that they are for.
const REPOSITORIES: &[(&str, &str)] = &[
    ("dcgm", "nvcr.io/nvidia/cloud-native"),
    ("dcgmExporter", "nvcr.io/nvidia/k8s"),
    ("devicePlugin", "nvcr.io/nvidia"),
    ("driver", "nvcr.io/nvidia"),
    ("gfd", "nvcr.io/nvidia"),
    ("migManager", "nvcr.io/nvidia/cloud-native"),
    ("operator", "nvcr.io/nvidia"),
    ("toolkit", "nvcr.io/nvidia/k8s"),
    ("validator", "nvcr.io/nvidia/cloud-native"),
];

fn repositories(mirrors: &Mirrors) -> BTreeMap<&'static str, String> {
    let mirrored = REPOSITORIES.iter().map(|(part, repository)| (*part, mirrors.image(repository)));
    mirrored.filter(|_| mirrors.registry.is_some()).collect()
}

/// The labels by which GPU feature discovery tells the nodes with the right GPUs.
fn labels(locked: Option<&LockedStack>) -> Vec<(&'static str, String)> {
    let gpu = locked.and_then(|stack| tables().gpu(&stack.device));
    gpu.map_or_else(Vec::new, |gpu| {
        vec![
            ("nvidia.com/gpu.compute.major", gpu.capability.major.to_string()),
            ("nvidia.com/gpu.compute.minor", gpu.capability.minor.to_string()),
        ]
    })
}

/// Images of the driver are tagged by release. For a branch, the newest release that a CUDA toolkit was published with;
/// a branch of which none is known stands for itself.
fn release(driver: &str) -> String {
    let Ok(wanted) = driver.parse::<Driver>() else { return driver.to_owned() };
    if wanted.release.is_some() {
        return driver.to_owned();
    }
    let of_branch = tables().toolkits.iter().filter_map(|row| row.driver).filter(|known| known.branch == wanted.branch);
    of_branch.max_by_key(|known| known.release).map_or_else(|| driver.to_owned(), |known| known.to_string())
}
