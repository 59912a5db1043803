//! Kubernetes objects: what is rendered, what the strict schemas of nine releases say, and what a server would refuse.

use crate::support::family::{page, render, tampered, verify, write};
use crate::support::graph::{CPU, CUDA, GraphBuilder, a100};
use crate::support::tools;
use aether::graph::{Cluster, Graph, Workload, WorkloadKind};
use aether::project::{LockedStack, Mirrors, Platform, Software};

/// Every release the output is checked against.
const RELEASES: [&str; 9] = ["1.29", "1.30", "1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37"];

fn workload(environment: &str, kind: WorkloadKind) -> Workload {
    Workload {
        environment: environment.to_owned(),
        digest: None,
        kind,
        replicas: 1,
        command: Vec::new(),
        port: None,
        cpu: "1".to_owned(),
        memory: "2Gi".to_owned(),
        gpus: 0,
    }
}

fn cluster(name: &str, platform: Platform, workloads: Vec<Workload>) -> Cluster {
    Cluster {
        name: name.to_owned(),
        provider: "kubernetes".to_owned(),
        platform,
        context: name.to_owned(),
        namespace: None,
        registry: None,
        workloads,
    }
}

fn graph() -> Graph {
    let train = Workload {
        command: ["python", "-m", "train", "--note", "a \"quoted\" word: ${HOME}"].map(str::to_owned).to_vec(),
        cpu: "500m".to_owned(),
        memory: "64Gi".to_owned(),
        gpus: 8,
        ..workload("train", WorkloadKind::Job)
    };
    let serve = Workload {
        command: ["python", "-m", "http.server", "8080"].map(str::to_owned).to_vec(),
        digest: Some(format!("sha256:{}", "5e".repeat(32))),
        replicas: 3,
        port: Some(8080),
        ..workload("serve", WorkloadKind::Deployment)
    };
    let prod = Cluster {
        namespace: Some("ml".to_owned()),
        registry: Some("registry.example.com:5000/team".to_owned()),
        ..cluster("prod", CUDA, vec![train, Workload { gpus: 1, ..serve }])
    };
    GraphBuilder::new("sentiment")
        .environment("train", &[CPU, CUDA], &[("torch", "2.10.0")], &["torch"])
        .environment("serve", &[CUDA], &[("tensorflow", "2.20.0")], &["tensorflow"])
        .cluster(prod)
        .cluster(cluster("lab", CPU, vec![workload("train", WorkloadKind::Job)]))
        .build()
}

#[test]
fn an_environment_becomes_a_job_or_a_deployment_with_its_service() {
    insta::assert_snapshot!(page(&render("kubernetes", &graph())));
}

#[test]
fn the_same_graph_gives_the_same_bytes() {
    assert_eq!(render("kubernetes", &graph()), render("kubernetes", &graph()));
}

#[test]
fn a_project_without_a_cluster_has_no_objects() {
    assert_eq!(render("kubernetes", &GraphBuilder::new("sentiment").build()), []);
}

#[test]
fn strict_schemas_of_every_release_accept_every_object_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let files = write(folder.path(), &render("kubernetes", &graph()));
    for release in RELEASES {
        let output = tools::run("kubernetes-validate", &["--strict", "-k", release], &files);
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && !said.contains("WARN"), "release {release}:\n{said}");
    }
}

#[test]
fn the_strict_schemas_would_notice_a_number_where_a_quantity_belongs() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = render("kubernetes", &graph());
    for file in &mut files {
        file.bytes = String::from_utf8_lossy(&file.bytes).replace("protocol: TCP", "protocl: TCP").into_bytes();
    }
    let files = write(folder.path(), &files);
    assert!(!tools::run("kubernetes-validate", &["--strict", "-k", "1.33"], &files).status.success());
}

#[test]
fn another_command_is_another_job_because_a_job_cannot_be_changed() {
    let name = |command: &str| {
        let job = Workload { command: vec![command.to_owned()], ..workload("train", WorkloadKind::Job) };
        let graph = GraphBuilder::new("sentiment")
            .environment("train", &[CPU], &[("numpy", "2.4.1")], &["numpy"])
            .cluster(cluster("lab", CPU, vec![job]))
            .build();
        let page = page(&render("kubernetes", &graph));
        page.lines().find(|line| line.contains("name: \"train-")).expect("a job has a name").to_owned()
    };
    assert_ne!(name("train"), name("evaluate"));
    assert_eq!(name("train"), name("train"));
}

#[test]
fn verify_is_content_with_what_was_rendered() {
    let graph = graph();
    assert_eq!(verify("kubernetes", &graph, &render("kubernetes", &graph)), [""; 0]);
}

#[test]
fn verify_notices_what_was_changed_by_hand() {
    let (job, deployment, service) =
        ("prod/20-train-job.yaml", "prod/20-serve-deployment.yaml", "prod/30-serve-service.yaml");
    let changed = [
        (job, "nvidia.com/gpu: \"8\"", "nvidia.com/gpu: \"4\""),
        (job, "memory: \"64Gi\"", "memory: \"6Gi\""),
        (job, "\"--note\"", "\"--quiet\""),
        (job, "runAsNonRoot: true", "runAsNonRoot: false"),
        (job, "name: \"train-", "name: \"Train-"),
        (deployment, "replicas: 3", "replicas: 30"),
        (deployment, "serve@sha256:5e", "serve@sha256:ff"),
        (deployment, "matchLabels:\n      app.kubernetes.io/name: \"serve\"", "matchLabels:\n      app: \"serve\""),
        (service, "port: 8080", "port: 80"),
        ("prod/15-train-network-policy.yaml", "policyTypes: [\"Ingress\"]", "ingress: [{ports: [{port: 22}]}]"),
        (service, "namespace: \"ml\"", "namespace: default"),
        ("prod/00-namespace.yaml", "name: \"ml\"", "name: \"default\""),
        ("prod/10-service-account.yaml", "automountServiceAccountToken: false", "automountServiceAccountToken: true"),
        ("lab/20-train-job.yaml", "spec:\n", "spec: [\n"),
    ];
    let said: Vec<String> =
        changed.iter().map(|(path, old, new)| tampered("kubernetes", &graph(), path, old, new).join("\n")).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn verify_notices_missing_and_foreign_files() {
    let graph = graph();
    let mut files = render("kubernetes", &graph);
    files[0].path = "infra/kubernetes/old/00-namespace.yaml".into();
    insta::assert_snapshot!(verify("kubernetes", &graph, &files).join("\n"));
}

/// The cluster `prod` with eight A100 on a node, whose driver is the operator's or its own.
fn with_gpus(stack: LockedStack) -> Graph {
    GraphBuilder::new("sentiment")
        .environment("train", &[CUDA], &[("torch", "2.10.0")], &["torch"])
        .cluster(cluster("prod", CUDA, vec![Workload { gpus: 8, ..workload("train", WorkloadKind::Job) }]))
        .stack(stack, Software::default())
        .build()
}

#[test]
fn the_gpu_operator_gets_the_driver_of_the_lock_and_pods_ask_for_nodes_with_the_gpu() {
    let files = render("kubernetes", &with_gpus(a100("prod")));
    let values = files.iter().find(|file| file.path.ends_with("gpu-operator/values.yaml")).unwrap();
    insta::assert_snapshot!("values_of_the_gpu_operator", String::from_utf8_lossy(&values.bytes));
    assert!(page(&files).contains("nvidia.com/gpu.compute.major: \"8\"\n"));
    let folder = tempfile::tempdir().unwrap();
    let objects: Vec<_> = files.iter().filter(|file| file.path != values.path).cloned().collect();
    let output = tools::run("kubernetes-validate", &["--strict", "-k", "1.33"], &write(folder.path(), &objects));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn a_driver_that_the_nodes_keep_is_not_the_operators_business() {
    let kept = LockedStack { driver: None, kernel_modules: None, ..a100("prod") };
    let values = page(&render("kubernetes", &with_gpus(kept.clone())));
    assert!(values.contains("driver:\n  enabled: false\n") && !values.contains("kernelModuleType"));
    assert_eq!(verify("kubernetes", &with_gpus(kept), &render("kubernetes", &with_gpus(a100("prod")))).len(), 3);
}

#[test]
fn mirrors_stand_in_for_the_registry_of_the_operator_and_the_hub_of_pods() {
    let mut graph = with_gpus(a100("prod"));
    let before = page(&render("kubernetes", &graph));
    graph.project.mirrors = Mirrors {
        huggingface: Some("https://hub.example.com".to_owned()),
        registry: Some("registry.example.com/hub".to_owned()),
        ..Mirrors::default()
    };
    let files = render("kubernetes", &graph);
    assert_eq!(verify("kubernetes", &graph, &files), [""; 0]);
    let values = files.iter().find(|file| file.path.ends_with("gpu-operator/values.yaml")).unwrap();
    insta::assert_snapshot!("values_with_a_registry", String::from_utf8_lossy(&values.bytes));
    let after = page(&files);
    assert!(after.contains("- name: HF_ENDPOINT\n              value: \"https://hub.example.com\"\n"), "{after}");
    // A job that asks another hub is another job.
    let name = |page: &str| page.lines().find(|line| line.contains("name: \"train-")).map(str::to_owned);
    assert_ne!(name(&before), name(&after));
    for (path, old, new) in [
        (
            "gpu-operator/values.yaml",
            "dcgm:\n  repository: \"registry.example.com/hub",
            "dcgm:\n  repository: \"nvcr.io",
        ),
        ("20-train-job.yaml", "https://hub.example.com", "https://huggingface.co"),
    ] {
        assert_eq!(tampered("kubernetes", &graph, path, old, new).len(), 1, "{old}");
    }
}

#[test]
fn verify_notices_another_driver_and_other_nodes() {
    let graph = with_gpus(a100("prod"));
    assert_eq!(verify("kubernetes", &graph, &render("kubernetes", &graph)), [""; 0]);
    for (path, old, new) in [
        ("gpu-operator/values.yaml", "580.95.05", "595.71.05"),
        ("gpu-operator/values.yaml", "kernelModuleType: open", "kernelModuleType: proprietary"),
        ("20-train-job.yaml", "compute.major: \"8\"", "compute.major: \"9\""),
    ] {
        assert_eq!(tampered("kubernetes", &graph, path, old, new).len(), 1, "{old}");
    }
}
