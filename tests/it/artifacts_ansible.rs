//! `infra/ansible`: what it says, that its own linter likes it, and that stock Ansible does the job with it.

use crate::support::family::{family, page, render, tampered, verify, write};
use crate::support::graph::{CPU, CUDA, GraphBuilder, a100, hosts_of_all_kinds, ssh};
use crate::support::tools::{command, succeed};
use aether::artifacts::{library, templates};
use aether::graph::{Graph, Way};
use aether::ports::Rendered;
use aether::project::{LockedStack, Software};
use aether::stack::Fabric;

fn files(graph: &Graph) -> Vec<Rendered> {
    render("ansible", graph)
}

#[test]
fn the_ansible_project_says_what_the_manifest_says() {
    insta::assert_snapshot!(shown(&files(&hosts_of_all_kinds()), |path| !path.contains("/roles/")));
}

#[test]
fn the_ansible_project_is_the_same_to_the_byte_every_time() {
    assert_eq!(files(&hosts_of_all_kinds()), files(&hosts_of_all_kinds()));
}

#[test]
fn a_project_without_hosts_has_no_ansible_project() {
    assert!(files(&GraphBuilder::new("empty").build()).is_empty());
}

#[test]
fn the_ansible_project_reads_back_as_the_graph() {
    let graph = hosts_of_all_kinds();
    assert_eq!(verify("ansible", &graph, &files(&graph)), Vec::<String>::new());
}

#[test]
fn tampering_with_the_ansible_project_is_noticed() {
    let graph = hosts_of_all_kinds();
    for (path, from, to, said) in [
        (
            "hosts.yml",
            "ansible_host: \"gpu1.example.com",
            "ansible_host: \"evil.example.com",
            "reaches `lab/gpu1.example.com` in another way",
        ),
        ("hosts.yml", "\"gpu2.example.com\":", "\"gpu3.example.com\":", "does not list `lab/gpu2.example.com`"),
        ("site.yml", "become: true", "become: false", "wrong `become`"),
        ("site.yml", "hosts: lab", "hosts: labs", "has no play for the hosts of `lab`"),
        ("site.yml", "- role: verify", "- role: base", "does not run `verify`"),
        ("site.yml", "\"torch\"", "\"os\"", "another `verify_imports`"),
        ("site.yml", "../../playbooks/motd.yml", "../../playbooks/other.yml", "does not import `playbooks/motd.yml`"),
        ("group_vars/lab.yml", "/opt/aether", "/opt/other", "another `base_prefix`"),
        (
            "group_vars/lab.yml",
            "base_prefix:",
            "base_state: absent\nbase_prefix:",
            "a `base_state` that nobody asked for",
        ),
        ("requirements/train-x86_64-cuda.txt", "2.10.0", "2.9.0", "another `environment_requirements`"),
        ("requirements/uv.txt", "sha256:07", "sha256:17", "another `environment_uv_requirements`"),
        ("roles/environment/tasks/present.yml", "--require-hashes", "", "is not the bundled role's file"),
        ("remove.yml", "base_state: \"absent\"", "base_state: \"present\"", "does not undo what sets up `lab/"),
        (
            "remove.yml",
            "environment_name: \"train\"",
            "environment_name: \"../..\"",
            "does not undo what sets up `lab/",
        ),
        ("site.yml", "---", "[", "is no YAML"),
    ] {
        let problems = tampered("ansible", &graph, path, from, to);
        assert!(problems.iter().any(|problem| problem.contains(said)), "{path}: {from} -> {to}: {problems:?}");
    }
}

#[test]
fn a_missing_file_of_the_ansible_project_is_noticed() {
    let graph = hosts_of_all_kinds();
    for left_out in files(&graph).iter().filter(|file| !file.path.ends_with("ansible.cfg")) {
        let rest: Vec<_> = files(&graph).into_iter().filter(|file| file != left_out).collect();
        assert!(!verify("ansible", &graph, &rest).is_empty(), "{}", left_out.path.display());
    }
}

#[test]
fn names_that_two_groups_share_stay_two_hosts() {
    let graph = GraphBuilder::new("twins")
        .group("one", "ssh", CPU, &[], &[])
        .group("two-all", "ssh", CPU, &[], &[])
        .group("all", "local", CPU, &[], &[])
        .host("one", "gpu", ssh("10.0.0.1"), "/opt/aether")
        .host("two-all", "gpu", ssh("10.0.0.2"), "/opt/aether")
        .host("all", "all_hosts", Way::Local, "/home/me/project/.aether/hosts/all")
        .build();
    let files = files(&graph);
    assert_eq!(verify("ansible", &graph, &files), Vec::<String>::new());
    insta::assert_snapshot!(shown(&files, |path| path.ends_with("hosts.yml")));
}

#[test]
fn a_host_unlike_its_group_has_variables_of_its_own() {
    let graph = GraphBuilder::new("odd")
        .environment("train", &[CPU], &[("six", "1.16.0")], &["six"])
        .group("lab", "ssh", CPU, &["train"], &[])
        .host("lab", "a", ssh("a"), "/opt/aether")
        .host("lab", "b", ssh("b"), "/srv/aether")
        .build();
    let files = files(&graph);
    assert_eq!(verify("ansible", &graph, &files), Vec::<String>::new());
    insta::assert_snapshot!(shown(&files, |path| path.contains("_vars/")));
}

#[test]
fn text_that_looks_like_a_template_stays_text() {
    let graph = GraphBuilder::new("braces")
        .environment("train", &[CPU], &[("six", "1.16.0")], &["a{{ 1 + 1 }}", "b\": [x"])
        .group("lab", "ssh", CPU, &["train"], &[])
        .host("lab", "a", ssh("a {{ 2 + 2 }}"), "/opt/{{ 3 + 3 }}")
        .build();
    let files = files(&graph);
    assert_eq!(verify("ansible", &graph, &files), Vec::<String>::new());
    let project = written(&files);
    let directory = project.path().join("infra/ansible");
    for (name, wanted) in [("base_prefix", "/opt/{{ 3 + 3 }}"), ("ansible_host", "a {{ 2 + 2 }}")] {
        let variable = format!("var={name}");
        let seen = succeed(command("ansible", &directory).args(["a", "-m", "ansible.builtin.debug", "-a", &variable]));
        assert!(seen.contains(wanted), "{seen}");
    }
}

#[test]
fn ansible_lint_has_nothing_to_say_about_the_ansible_project() {
    let project = written(&files(&hosts_of_all_kinds()));
    std::fs::create_dir(project.path().join("playbooks")).unwrap();
    let playbook = "---\n- name: Greet\n  hosts: lab\n  tasks:\n    - name: Say hello\n      ansible.builtin.debug:\n        msg: hello\n";
    std::fs::write(project.path().join("playbooks/motd.yml"), playbook).unwrap();
    let directory = project.path().join("infra/ansible");
    succeed(command("ansible-lint", &directory).args(["--offline", "--strict", "--profile", "production"]));
    let plays = succeed(command("ansible-playbook", &directory).args(["site.yml", "--list-tasks"]));
    assert!(plays.contains("environment : Build the environment"), "{plays}");
}

#[test]
fn ansible_lint_has_nothing_to_say_about_the_bundled_roles() {
    let playbooks = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks");
    succeed(command("ansible-lint", &playbooks).args(["--offline", "--strict", "--profile", "production", "roles"]));
}

#[test]
fn a_template_of_the_project_replaces_the_embedded_one() {
    let mut templates = templates();
    templates.insert("ansible/ansible.cfg.j2".to_owned(), "[defaults]\nforks = 50".to_owned());
    let files = family("ansible").render(&hosts_of_all_kinds(), &library(), &templates).unwrap();
    let file = files.iter().find(|file| file.path.ends_with("ansible.cfg")).unwrap();
    assert_eq!(file.bytes, b"[defaults]\nforks = 50\n");
}

#[test]
fn a_mistake_in_a_template_is_named() {
    let mut templates = templates();
    templates.insert("ansible/site.yml.j2".to_owned(), "{{ nothing }}".to_owned());
    let error = family("ansible").render(&hosts_of_all_kinds(), &library(), &templates).unwrap_err();
    assert_eq!(error.to_string(), "template `ansible/site.yml.j2` cannot be rendered");
    templates.insert("ansible/site.yml.j2".to_owned(), "{% if %}".to_owned());
    let error = family("ansible").render(&hosts_of_all_kinds(), &library(), &templates).unwrap_err();
    assert_eq!(error.to_string(), "template `ansible/site.yml.j2` cannot be rendered");
}

#[test]
fn ten_thousand_hosts_share_the_text_of_their_environment() {
    let mut builder = GraphBuilder::new("many")
        .environment("train", &[CUDA], &[("torch", "2.10.0")], &["torch"])
        .group("lab", "ssh", CUDA, &["train"], &[]);
    for n in 0..10_000 {
        builder = builder.host("lab", &format!("gpu{n}"), ssh(&format!("10.1.{}.{}", n / 250, n % 250)), "/opt/aether");
    }
    let graph = builder.build();
    let files = files(&graph);
    assert_eq!(verify("ansible", &graph, &files), Vec::<String>::new());
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    assert!(bytes < 1_000_000, "{bytes}");
}

fn shown(files: &[Rendered], is_shown: impl Fn(&str) -> bool) -> String {
    page(&files.iter().filter(|file| is_shown(file.path.to_str().unwrap())).cloned().collect::<Vec<_>>())
}

/// The files in a folder of their own.
fn written(files: &[Rendered]) -> tempfile::TempDir {
    let project = tempfile::tempdir().unwrap();
    write(project.path(), files);
    project
}

/// A host with eight A100 that is to have everything there is for them.
fn with_gpus() -> Graph {
    let software = Software {
        cuda_toolkit: Some("12.8".parse().unwrap()),
        container_runtime: Some("docker".to_owned()),
        ..Software::default()
    };
    GraphBuilder::new("demo")
        .environment("train", &[CUDA], &[("torch", "2.10.0")], &["torch"])
        .group("lab", "ssh", CUDA, &["train"], &[])
        .host("lab", "gpu1", ssh("gpu1.example.com"), "/opt/aether")
        .stack(LockedStack { cuda_toolkit: Some("12.8".to_owned()), ..a100("lab") }, software)
        .build()
}

#[test]
fn what_gpus_need_is_set_up_before_the_environments_and_only_the_driver_outlives_them() {
    let graph = with_gpus();
    let files = files(&graph);
    let roles = |name: &str| {
        let text = page(&files.iter().filter(|file| file.path.ends_with(name)).cloned().collect::<Vec<_>>());
        let roles = text.lines().filter_map(|line| line.trim().strip_prefix("- role: ").map(str::to_owned));
        roles.collect::<Vec<_>>()
    };
    let all = ["base", "nvidia_driver", "cuda_toolkit", "container_toolkit", "environment", "verify"];
    assert_eq!(roles("site.yml"), all);
    assert_eq!(roles("remove.yml"), ["environment", "container_toolkit", "cuda_toolkit", "base"]);
    assert_eq!(verify("ansible", &graph, &files), Vec::<String>::new());
    let variables: Vec<_> = files.iter().filter(|file| file.path.ends_with("group_vars/lab.yml")).cloned().collect();
    insta::assert_snapshot!("variables_of_a_host_with_gpus", page(&variables));
}

/// The same list on every host; alone, a host is a domain by itself.
#[test]
fn hosts_of_one_nvlink_domain_are_told_of_each_other() {
    let rack = |addresses: &[&str]| {
        let stack = LockedStack { device: "GB200".to_owned(), fabric: Some(Fabric::Imex), ..a100("rack") };
        let group = GraphBuilder::new("demo").group("rack", "ssh", CUDA, &[], &[]);
        let hosts = addresses.iter().fold(group, |graph, name| graph.host("rack", name, ssh(name), "/opt/aether"));
        page(&files(&hosts.stack(stack, Software::default()).build()))
    };
    let both = rack(&["10.0.0.8", "10.0.0.7"]);
    assert_eq!(both.matches("nvidia_driver_imex_nodes: [\"10.0.0.7\", \"10.0.0.8\"]\n").count(), 1, "{both}");
    assert!(rack(&["10.0.0.8"]).contains("nvidia_driver_imex_nodes: []\n"));
}
