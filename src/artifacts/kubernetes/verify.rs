//! Reads the objects back, compares them with the graph, and asks what only a server would ask.

use super::view;
use crate::diagnostic::{Diagnostics, Source};
use crate::graph::{Cluster, Graph, Workload, WorkloadKind};
use crate::ports::Rendered;
use crate::yaml::{Kind, Node, parse};
use std::collections::BTreeMap;

/// What is left to look at, by path.
type Objects = BTreeMap<String, Option<Node>>;

/// Longest name of a namespace, service, container or label value.
const NAME_LENGTH_MAX: usize = 63;

const GPU: &str = "nvidia.com/gpu";

pub(super) fn verify(graph: &Graph, files: &[Rendered]) -> Vec<String> {
    let mut objects: Objects = files.iter().map(|f| (f.path.display().to_string(), read(f))).collect();
    let mut differences = Vec::new();
    for cluster in &graph.clusters {
        let folder = view::folder(&cluster.name);
        let namespace = view::namespace(&graph.project, cluster);
        differences.extend(check(&mut objects, &format!("{folder}/00-namespace.yaml"), |object| {
            vec![wants(object, "metadata.name", namespace)]
        }));
        differences.extend(check(&mut objects, &format!("{folder}/10-service-account.yaml"), |object| {
            vec![in_namespace(object, namespace), wants(object, "automountServiceAccountToken", "false")]
        }));
        differences.extend(operator(graph, cluster, &mut objects));
        for workload in &cluster.workloads {
            differences.extend(workload_of(graph, cluster, workload, &mut objects));
        }
    }
    differences.extend(objects.keys().map(|path| format!("`{path}` follows from nothing in the manifest")));
    differences
}

/// The values of the GPU operator: no object, so nobody but this looks at them.
fn operator(graph: &Graph, cluster: &Cluster, objects: &mut Objects) -> Vec<String> {
    let Some(wanted) = view::operator(&graph.project, cluster) else { return Vec::new() };
    let found = match objects.remove(&wanted.path) {
        None => vec![Some("is missing".to_owned())],
        Some(None) => vec![Some("is not YAML".to_owned())],
        Some(Some(values)) => {
            let modules = if wanted.brings_driver { wanted.modules.as_str() } else { "" };
            let mirrored =
                wanted.repositories.iter().map(|(part, place)| wants(&values, &format!("{part}.repository"), place));
            let own = [
                wants(&values, "driver.enabled", &wanted.brings_driver.to_string()),
                wants(&values, "driver.version", wanted.version.as_deref().unwrap_or_default()),
                wants(&values, "driver.kernelModuleType", modules),
                wants(&values, "toolkit.enabled", "true"),
                wants(&values, "cdi.enabled", "true"),
            ];
            mirrored.chain(own).collect()
        }
    };
    found.into_iter().flatten().map(|difference| format!("`{}` {difference}", wanted.path)).collect()
}

fn workload_of(graph: &Graph, cluster: &Cluster, workload: &Workload, objects: &mut Objects) -> Vec<String> {
    let folder = view::folder(&cluster.name);
    let namespace = view::namespace(&graph.project, cluster);
    let (word, kind) = match workload.kind {
        WorkloadKind::Job => ("job", "Job"),
        WorkloadKind::Deployment => ("deployment", "Deployment"),
    };
    let name = &workload.environment;
    let mut differences = check(objects, &format!("{folder}/20-{name}-{word}.yaml"), |object| {
        let mut found = vec![wants(object, "kind", kind), in_namespace(object, namespace)];
        found.extend(pod(graph, cluster, workload, object));
        found
            .extend(workload.port.map(|port| wants(object, &in_container("ports.0.containerPort"), &port.to_string())));
        if workload.kind == WorkloadKind::Deployment {
            found.push(wants(object, "spec.replicas", &workload.replicas.to_string()));
            found.push(selected(object, "spec.selector.matchLabels"));
        }
        found
    });
    differences.extend(check(objects, &format!("{folder}/15-{name}-network-policy.yaml"), |object| {
        let port = workload.port.map(|port| port.to_string()).unwrap_or_default();
        vec![in_namespace(object, namespace), wants(object, "spec.ingress.0.ports.0.port", &port)]
    }));
    if let Some(port) = workload.port {
        differences.extend(check(objects, &format!("{folder}/30-{name}-service.yaml"), |object| {
            let port = port.to_string();
            vec![
                in_namespace(object, namespace),
                wants(object, "spec.ports.0.port", &port),
                wants(object, "spec.ports.0.protocol", "TCP"),
            ]
        }));
    }
    differences
}

fn pod(graph: &Graph, cluster: &Cluster, workload: &Workload, object: &Node) -> Vec<Option<String>> {
    let gpus = if workload.gpus > 0 { workload.gpus.to_string() } else { String::new() };
    let command = view::command(&graph.project, workload);
    let selector = "spec.template.spec.nodeSelector";
    let nodes = view::node_labels(&graph.project, cluster, workload);
    let on_nodes = nodes.iter().map(|(label, value)| wants_key(object, selector, label, value)).collect::<Vec<_>>();
    let found_command = at(object, &in_container("command")).map(texts).unwrap_or_default();
    let own = vec![
        wants(object, &in_container("image"), &view::image(&graph.project, cluster, workload)),
        (found_command != command).then(|| format!("runs {found_command:?} and should run {command:?}")),
        wants(object, &in_container("resources.requests.cpu"), &workload.cpu),
        wants(object, &in_container("resources.requests.memory"), &workload.memory),
        wants(object, &in_container("resources.limits.cpu"), &workload.cpu),
        wants(object, &in_container("resources.limits.memory"), &workload.memory),
        wants_key(object, &in_container("resources.requests"), GPU, &gpus),
        wants_key(object, &in_container("resources.limits"), GPU, &gpus),
        wants(object, "spec.template.spec.securityContext.runAsNonRoot", "true"),
        wants(object, &in_container("securityContext.allowPrivilegeEscalation"), "false"),
        wants(object, &in_container("securityContext.readOnlyRootFilesystem"), "true"),
    ];
    let environment = at(object, &in_container("env")).map(variables).unwrap_or_default();
    let lacks = |(name, value): &(&str, String)| !environment.contains(&((*name).to_owned(), value.clone()));
    let unset = view::variables(&graph.project).into_iter().filter(lacks);
    let unset = unset.map(|(name, value)| Some(format!("does not set `{name}` to `{value}`")));
    own.into_iter().chain(on_nodes).chain(unset).collect()
}

fn check(objects: &mut Objects, path: &str, look: impl FnOnce(&Node) -> Vec<Option<String>>) -> Vec<String> {
    let differences = match objects.remove(path) {
        None => vec![Some("is missing".to_owned())],
        Some(None) => vec![Some("is not YAML".to_owned())],
        Some(Some(object)) => {
            let mut differences = look(&object);
            differences.push(named(&object));
            differences
        }
    };
    differences.into_iter().flatten().map(|difference| format!("`{path}` {difference}")).collect()
}

fn read(file: &Rendered) -> Option<Node> {
    let text = String::from_utf8_lossy(&file.bytes);
    parse(&Source::new(file.path.display().to_string(), text), &mut Diagnostics::new())
}

/// A server refuses a name that is no DNS label; strict schemas let it pass.
fn named(object: &Node) -> Option<String> {
    let name = at(object, "metadata.name").map(text).unwrap_or_default();
    let is_inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    let is_label = name.bytes().all(is_inner)
        && (1..=NAME_LENGTH_MAX).contains(&name.len())
        && !name.starts_with('-')
        && !name.ends_with('-');
    (!is_label).then(|| format!("has the name `{name}`, which no server takes"))
}

/// A selector that does not choose its own pods is refused by the server.
fn selected(object: &Node, selector: &str) -> Option<String> {
    let labels = at(object, "spec.template.metadata.labels").map(entries).unwrap_or_default();
    let wanted = at(object, selector).map(entries).unwrap_or_default();
    let is_chosen = !wanted.is_empty() && wanted.iter().all(|label| labels.contains(label));
    (!is_chosen).then(|| "selects other pods than its own".to_owned())
}

fn in_namespace(object: &Node, namespace: &str) -> Option<String> {
    wants(object, "metadata.namespace", namespace)
}

fn in_container(path: &str) -> String {
    format!("spec.template.spec.containers.0.{path}")
}

fn wants(object: &Node, path: &str, wanted: &str) -> Option<String> {
    differs(path, &at(object, path).map(text).unwrap_or_default(), wanted)
}

/// As [`wants`], for a key that has a dot in it.
fn wants_key(object: &Node, path: &str, key: &str, wanted: &str) -> Option<String> {
    let found = at(object, path).and_then(|node| node.get(key)).map(text).unwrap_or_default();
    differs(&format!("{path}.{key}"), &found, wanted)
}

fn differs(path: &str, found: &str, wanted: &str) -> Option<String> {
    (found != wanted).then(|| format!("says `{found}` at `{path}` and should say `{wanted}`"))
}

/// The value at `spec.containers.0.image`.
fn at<'a>(node: &'a Node, path: &str) -> Option<&'a Node> {
    path.split('.').try_fold(node, |node, part| match &node.kind {
        Kind::List(items) => items.get(part.parse::<usize>().ok()?),
        _ => node.get(part),
    })
}

fn entries(node: &Node) -> Vec<(String, String)> {
    match &node.kind {
        Kind::Map(entries) => entries.iter().map(|(key, value)| (key.value.clone(), text(value))).collect(),
        _ => Vec::new(),
    }
}

/// The variables of a container, as `name` and `value`.
fn variables(node: &Node) -> Vec<(String, String)> {
    let Kind::List(items) = &node.kind else { return Vec::new() };
    let part = |item: &Node, key| item.get(key).map(text).unwrap_or_default();
    items.iter().map(|item| (part(item, "name"), part(item, "value"))).collect()
}

fn texts(node: &Node) -> Vec<String> {
    match &node.kind {
        Kind::List(items) => items.iter().map(text).collect(),
        _ => Vec::new(),
    }
}

fn text(node: &Node) -> String {
    match &node.kind {
        Kind::Text(text) | Kind::Float(_, text) => text.clone(),
        Kind::Integer(number) => number.to_string(),
        Kind::Bool(word) => word.to_string(),
        Kind::Null | Kind::List(_) | Kind::Map(_) => String::new(),
    }
}
