//! Rules on a cluster with `provider: kubernetes`: what its server would refuse, said before it is asked.

use super::spec::Spec;
use crate::diagnostic::{Diagnostic, Diagnostics, Span, code, nearest};
use crate::project::Cluster;
use crate::yaml::Spanned;

/// Longest name of a namespace.
const NAME_LENGTH_MAX: usize = 63;

/// Everything wrong with the section goes to `diagnostics`.
pub(super) fn check(cluster: &Cluster, spec: &Spec<'_>, diagnostics: &mut Diagnostics) {
    check_context(spec, diagnostics);
    check_namespace(spec, diagnostics);
    check_registry(spec, diagnostics);
    check_digests(cluster, spec, diagnostics);
    check_workload(cluster, spec, diagnostics);
    check_quantity("cpu", spec.cpu.as_ref(), is_cpu, "`\"4\"` or `500m`", diagnostics);
    check_quantity("memory", spec.memory.as_ref(), is_memory, "`512Mi` or `16Gi`", diagnostics);
}

/// A context goes into a comment with a command to copy: what would break the line is refused.
fn check_context(spec: &Spec<'_>, diagnostics: &mut Diagnostics) {
    let is_word = |text: &str| !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    if let Some(context) = spec.context.as_ref().filter(|context| !is_word(&context.value)) {
        let summary = format!("`{}` is no context", context.value.escape_debug());
        let problem = Diagnostic::error(&code::BAD_CONTEXT, &context.span, summary);
        diagnostics.push(problem.fix("`kubectl config get-contexts --output name` lists yours"));
    }
}

fn check_namespace(spec: &Spec<'_>, diagnostics: &mut Diagnostics) {
    if let Some(namespace) = spec.namespace.as_ref().filter(|namespace| !is_label(&namespace.value)) {
        let summary = format!("`{}` is no namespace", namespace.value);
        diagnostics.push(
            Diagnostic::error(&code::BAD_NAMESPACE, &namespace.span, summary)
                .why("a namespace has up to 63 lower-case letters, digits and dashes, and no dash at its ends"),
        );
    }
}

fn is_label(text: &str) -> bool {
    let is_inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    (1..=NAME_LENGTH_MAX).contains(&text.len())
        && text.bytes().all(is_inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn check_registry(spec: &Spec<'_>, diagnostics: &mut Diagnostics) {
    let Some(registry) = spec.registry.as_ref().filter(|registry| !is_registry(&registry.value)) else { return };
    let summary = format!("`{}` is no place for images", registry.value);
    let bare = registry.value.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
    let fix = if is_registry(bare) { bare } else { "registry.example.com/team" };
    diagnostics.push(
        Diagnostic::error(&code::BAD_REGISTRY, &registry.span, summary)
            .why("it is what stands before the last `/` in an image's name: a host, perhaps a port, and folders")
            .fix(format!("write `{fix}`")),
    );
}

fn is_registry(text: &str) -> bool {
    let (host, folders) = text.split_once('/').map_or((text, None), |(host, folders)| (host, Some(folders)));
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let is_inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"._-".contains(&c);
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(is_inner) && !part.starts_with(['.', '-']) && !part.ends_with(['.', '-'])
    };
    is_part(name)
        && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
        && folders.is_none_or(|folders| folders.split('/').all(is_part))
}

fn check_digests(cluster: &Cluster, spec: &Spec<'_>, diagnostics: &mut Diagnostics) {
    for (environment, digest) in spec.digests {
        if !cluster.environments.contains(&environment.value) {
            let summary = format!("cluster `{}` has no environment `{}`", cluster.name, environment.value);
            let problem = Diagnostic::error(&code::BAD_DIGEST, &environment.span, summary);
            let near = nearest(&environment.value, cluster.environments.iter().map(String::as_str));
            diagnostics.push(match near {
                Some(near) => problem.fix(format!("did you mean `{near}`?")),
                None => problem.fix(format!("add it to `environments` of `{}`", cluster.name)),
            });
        }
        if !digest.as_text().is_some_and(is_digest) {
            let summary = format!("this is no digest of the image of `{}`", environment.value);
            diagnostics.push(
                Diagnostic::error(&code::BAD_DIGEST, &digest.span, summary)
                    .why("a digest is `sha256:` and 64 hexadecimal digits; `docker push` prints it"),
            );
        }
    }
}

fn is_digest(text: &str) -> bool {
    let is_digit = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
    text.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64 && hex.bytes().all(is_digit))
}

fn check_workload(cluster: &Cluster, spec: &Spec<'_>, diagnostics: &mut Diagnostics) {
    if spec.is_deployment() && spec.command.is_empty() {
        let port = spec.port.as_ref().map(|port| &port.span);
        let span: &Span = spec.workload.as_ref().map(|word| &word.span).or(port).unwrap_or(&cluster.span);
        diagnostics.push(
            Diagnostic::error(&code::NO_COMMAND, span, format!("cluster `{}` deploys nothing", cluster.name))
                .why("a deployment is started again whenever it ends, so it must be told what to run")
                .fix("add `command: [python, -m, your_service]`, or write `workload: job`"),
        );
    }
    if let Some(replicas) = spec.replicas.as_ref().filter(|_| !spec.is_deployment()) {
        diagnostics.push(
            Diagnostic::error(&code::REPLICAS_OF_A_JOB, &replicas.span, "a job has no replicas")
                .why("it runs once, to its end")
                .fix("remove `replicas`, or write `workload: deployment`"),
        );
    }
}

fn check_quantity(
    key: &str,
    quantity: Option<&Spanned<String>>,
    is_quantity: fn(&str) -> bool,
    examples: &str,
    diagnostics: &mut Diagnostics,
) {
    if let Some(quantity) = quantity.filter(|quantity| !is_quantity(&quantity.value)) {
        let summary = format!("`{}` is no quantity of {key}", quantity.value);
        let problem = Diagnostic::error(&code::BAD_QUANTITY, &quantity.span, summary);
        diagnostics.push(problem.fix(format!("write one such as {examples}")));
    }
}

fn is_cpu(text: &str) -> bool {
    match text.strip_suffix('m') {
        Some(thousandths) => !thousandths.contains('.') && is_decimal(thousandths),
        None => is_decimal(text),
    }
}

/// Thousandths of a byte (`512m`) are legal to Kubernetes and never what is meant; a bare number of bytes hardly ever.
fn is_memory(text: &str) -> bool {
    let units = ["Ki", "Mi", "Gi", "Ti", "k", "M", "G", "T"];
    units.iter().find_map(|unit| text.strip_suffix(unit)).is_some_and(is_decimal)
}

fn is_decimal(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    is_number(whole) && is_number(part) && text.bytes().any(|c| (b'1'..=b'9').contains(&c))
}
