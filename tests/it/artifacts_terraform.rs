//! `infra/terraform`: what it says, that terraform accepts it, and that it sets up this machine and clears it again.

use crate::support::family::{page, render, tampered, verify, write};
use crate::support::graph::{CPU, GraphBuilder, hosts_of_all_kinds};
use crate::support::tools::{command, fail, succeed};
use aether::graph::{Graph, Way};
use aether::project::{Lock, LockedEnvironment, LockedPackage, LockedTool};
use std::path::Path;
use std::process::Command;

#[test]
fn the_terraform_project_says_what_the_manifest_says() {
    let files = render("terraform", &hosts_of_all_kinds());
    let own: Vec<_> = files.iter().filter(|file| !file.path.to_str().unwrap().contains("/modules/")).cloned().collect();
    insta::assert_snapshot!(page(&own));
}

#[test]
fn the_terraform_project_is_the_same_to_the_byte_every_time() {
    assert_eq!(render("terraform", &hosts_of_all_kinds()), render("terraform", &hosts_of_all_kinds()));
}

#[test]
fn a_project_without_hosts_has_no_terraform_project() {
    assert!(render("terraform", &GraphBuilder::new("empty").build()).is_empty());
}

#[test]
fn the_terraform_project_reads_back_as_the_graph() {
    let graph = hosts_of_all_kinds();
    assert_eq!(verify("terraform", &graph, &render("terraform", &graph)), Vec::<String>::new());
}

#[test]
fn tampering_with_the_terraform_project_is_noticed() {
    let graph = hosts_of_all_kinds();
    for (path, old, new, said) in [
        (
            "main.tf",
            "site.yml --limit lab",
            "site.yml --limit all",
            "does not run `ansible-playbook site.yml --limit lab`",
        ),
        ("main.tf", "remove.yml --limit here", "remove.yml", "does not run `ansible-playbook remove.yml --limit here`"),
        ("main.tf", "site.yml --limit big_machines", "", "in `terraform_data.big_machines`"),
        ("main.tf", "192.0.2.0/24", "0.0.0.0/0", "gives `module.big_machines` another `ssh_from`"),
        ("main.tf", "machine_count = 2", "machine_count = 20", "gives `module.big_machines` another `machine_count`"),
        ("main.tf", "./modules/aws", "./modules/gcp", "gives `module.big_machines` another `source`"),
        ("main.tf", "  spot ", "  user = \"x\"\n  spot ", "more than the manifest says"),
        ("main.tf", "module \"big_machines\"", "module \"others\"", "does not make the machines of `big-machines`"),
        (
            "main.tf",
            "\nmodule",
            "\nresource \"terraform_data\" \"mine\" {\n  input = 1\n}\nmodule",
            "that nobody asked for",
        ),
        ("gpu_host/main.tf", "required", "optional", "is not the bundled module's file"),
    ] {
        let problems = tampered("terraform", &graph, path, old, new);
        assert!(problems.iter().any(|problem| problem.contains(said)), "{path}: {old} -> {new}: {problems:?}");
    }
}

#[test]
fn terraform_fmt_has_nothing_to_change() {
    let project = tempfile::tempdir().unwrap();
    write(project.path(), &render("terraform", &hosts_of_all_kinds()));
    succeed(terraform(project.path()).args(["fmt", "-check", "-diff", "-recursive"]));
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("terraform");
    succeed(command("terraform", &modules).args(["fmt", "-check", "-diff", "-recursive"]));
}

#[test]
fn text_cannot_become_an_expression_of_terraform() {
    let mut graph = hosts_of_all_kinds();
    graph.machines[0].settings = vec![("key_name".to_owned(), "${file(\"/etc/passwd\")} %{ if true }\"\n".into())];
    let files = render("terraform", &graph);
    assert_eq!(verify("terraform", &graph, &files), Vec::<String>::new());
    let project = tempfile::tempdir().unwrap();
    write(project.path(), &files);
    succeed(terraform(project.path()).args(["fmt", "-check", "-diff"]));
    let main = std::fs::read_to_string(project.path().join("infra/terraform/main.tf")).unwrap();
    assert!(main.contains(r#""$${file(\"/etc/passwd\")} %%{ if true }\"\n""#), "{main}");
}

/// The main job without Aether, for real: stock terraform runs stock Ansible, wheels come from the package index.
#[test]
fn terraform_sets_this_machine_up_and_clears_it_and_ansible_agrees() {
    let project = tempfile::tempdir().unwrap();
    let root = project.path().canonicalize().unwrap();
    let graph = this_machine(&root, &pinned(&root, &["six==1.16.0", "idna==3.10"]));
    for family in ["terraform", "ansible"] {
        write(&root, &render(family, &graph));
    }
    succeed(terraform(&root).args(["init", "-input=false"]));
    succeed(terraform(&root).arg("validate"));

    let before = succeed(playbook(&root).args(["site.yml", "--check"]));
    assert!(before.contains("failed=0") && !before.contains("changed=0"), "{before}");
    assert!(!root.join(".aether").exists(), "check mode changed something");

    succeed(terraform(&root).args(["apply", "-input=false", "-auto-approve"]));
    let python = root.join(".aether/hosts/here/environments/train/venv/bin/python");
    succeed(Command::new(&python).args(["-c", "import six, idna"]));
    let plan = succeed(terraform(&root).args(["plan", "-input=false", "-detailed-exitcode"]));
    assert!(plan.contains("No changes"), "{plan}");
    unchanged(playbook(&root).arg("site.yml"));
    unchanged(playbook(&root).args(["site.yml", "--check"]));

    succeed(command("uv", &root).args(["pip", "uninstall", "--python"]).arg(&python).arg("six"));
    let drifted = succeed(playbook(&root).args(["site.yml", "--check"]));
    assert!(drifted.contains("changed=1 "), "{drifted}");
    let mended = succeed(playbook(&root).arg("site.yml"));
    assert!(mended.contains("changed=1 "), "{mended}");
    unchanged(playbook(&root).args(["site.yml", "--check"]));

    std::fs::remove_file(root.join(".aether/hosts/here/environments/train/installed.txt")).unwrap();
    let cut_off = succeed(playbook(&root).args(["site.yml", "--check"]));
    assert!(cut_off.contains("changed=1 "), "{cut_off}");

    succeed(terraform(&root).args(["destroy", "-input=false", "-auto-approve"]));
    assert_eq!(std::fs::read_dir(root.join(".aether/hosts/here")).unwrap().count(), 0, "the prefix is empty");
    unchanged(playbook(&root).arg("remove.yml"));
}

#[test]
fn a_python_that_is_nowhere_is_named() {
    let project = tempfile::tempdir().unwrap();
    let root = project.path().canonicalize().unwrap();
    let mut lock = pinned(&root, &["six==1.16.0"]);
    lock.environments[0].python = "3.1".to_owned();
    write(&root, &render("ansible", &this_machine(&root, &lock)));
    let said = fail(playbook(&root).arg("site.yml"));
    assert!(said.contains("no Python 3.1 on this host, and uv could not download it"), "{said}");
}

fn unchanged(command: &mut Command) {
    let said = succeed(command);
    assert!(said.contains("changed=0 ") && said.contains("failed=0"), "{command:?}\n{said}");
}

fn terraform(root: &Path) -> Command {
    let mut command = command("terraform", &root.join("infra/terraform"));
    // Inherited by the ansible-playbook it runs.
    command.env("CHECKPOINT_DISABLE", "1").env("ANSIBLE_HOME", root.join("ansible-home"));
    command
}

fn playbook(root: &Path) -> Command {
    let mut command = command("ansible-playbook", &root.join("infra/ansible"));
    command.env("ANSIBLE_HOME", root.join("ansible-home"));
    command
}

fn this_machine(root: &Path, lock: &Lock) -> Graph {
    let prefix = root.join(".aether/hosts/here");
    GraphBuilder::new("small")
        .environment("train", &[CPU], &[], &["six"])
        .lock(lock.clone())
        .group("here", "local", CPU, &["train"], &[])
        .host("here", "here", Way::Local, prefix.to_str().unwrap())
        .build()
}

/// A lock with the true hashes of these requirements and of uv, as the package index gives them now.
fn pinned(root: &Path, requirements: &[&str]) -> Lock {
    let version = succeed(command("uv", root).arg("--version"));
    let uv = format!("uv=={}", version.split_whitespace().nth(1).unwrap());
    let tool = resolve(root, &[&uv]).remove(0);
    Lock {
        version: 1,
        tools: vec![LockedTool { name: tool.name, version: tool.version, hashes: tool.hashes }],
        stacks: Vec::new(),
        environments: vec![LockedEnvironment {
            name: "train".to_owned(),
            platform: CPU,
            python: system_python(root),
            variant: None,
            index: None,
            inputs: String::new(),
            packages: resolve(root, requirements),
        }],
    }
}

fn system_python(root: &Path) -> String {
    let print = "import sys; print('%d.%d' % sys.version_info[:2])";
    succeed(command("python3", root).args(["-c", print])).trim().to_owned()
}

fn resolve(root: &Path, requirements: &[&str]) -> Vec<LockedPackage> {
    let wishes = root.join("wishes.txt");
    std::fs::write(&wishes, requirements.join("\n")).unwrap();
    let arguments = ["pip", "compile", "--quiet", "--generate-hashes", "--no-header", "--no-annotate"];
    let text = succeed(command("uv", root).args(arguments).arg(&wishes)).replace("\\\n", " ");
    let package = |line: &str| {
        let mut words = line.split_whitespace();
        let (name, version) = words.next()?.split_once("==")?;
        let hashes = words.map(|word| word.trim_start_matches("--hash=").to_owned()).collect();
        Some(LockedPackage { name: name.to_owned(), version: version.to_owned(), hashes })
    };
    text.lines().filter_map(package).collect()
}
