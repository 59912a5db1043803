//! `init` on real folders, with a person who answers from a list, or with nobody there.

use crate::support::person::{Nobody, Script};
use aether::adapters::Disk;
use aether::diagnostic::{Diagnostics, Source, Style, to_text};
use aether::manifest::{self, Section};
use aether::ports::{Invocation, Output, ProgramError, Programs, Prompt, PromptError};
use aether::project::Project;
use aether::providers;
use aether::workflows::{InitError, InitReport, InitRequest, init};
use std::path::Path;
use tempfile::TempDir;

/// A folder named `My Project` with these files.
fn project(files: &[(&str, &str)]) -> (TempDir, Disk) {
    let outer = TempDir::new().unwrap();
    let folder = outer.path().join("My Project");
    for (path, text) in files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    (outer, Disk::new(folder))
}

/// Runs `init` and holds that what was written is valid without a single remark.
fn run(files: &Disk, request: &InitRequest, machine: &Machine, prompt: &dyn Prompt) -> Result<InitReport, InitError> {
    let report = init(request, files, machine, prompt)?;
    assert_eq!(remarks(&report.text), "");
    Ok(report)
}

fn remarks(text: &str) -> String {
    let mut diagnostics = Diagnostics::new();
    let manifest = manifest::read(&Source::new("aether.yaml", text), None, &[], &mut diagnostics);
    let sections: Vec<Section> = providers::ALL.iter().map(|p| p.section()).collect();
    if let Some(manifest) = manifest {
        Project::build(&manifest, None, &sections, &aether::stack::Wheels::embedded(), &mut diagnostics);
    }
    diagnostics.into_sorted().iter().map(|d| to_text(d, Style::Plain)).collect()
}

fn text_of(error: &InitError) -> String {
    error.to_string()
}

#[test]
fn without_a_terminal_what_is_found_becomes_the_manifest() {
    let (_outer, files) = project(&[
        ("src/train.py", "import torch\nfrom transformers import AutoModel\n"),
        (".venv/lib/x.py", "import tensorflow\n"),
        ("requirements.txt", "torch==2.10.0\ntransformers\nnumpy>=1.26,<3\n"),
    ]);
    let report = run(&files, &InitRequest::default(), &Machine::default(), &Nobody).unwrap();
    assert_eq!(report.found, ["pytorch", "2 further packages"]);
    insta::assert_snapshot!(report.text, @r#"
# Which machines and software stacks this project needs. `aether plan` shows what would change,
# `aether apply` does it; `aether schema` prints every key there is.
aether: 1
name: my-project

# Software stacks. `aether lock` pins every wheel, with hashes, into aether.lock; commit that too.
environments:
  main:
    python: "3.11"  # left out: the newest up to 3.12 that fits
    pytorch: "==2.10.0"
    packages:
      - transformers
      - "numpy>=1.26,<3"

# Host groups: where the environments go.
hosts:
  here:
    provider: local  # this machine, in a folder of the project, no root
    environments: [main]
"#);
}

#[test]
fn an_empty_folder_gets_pytorch_on_this_machine() {
    let (_outer, files) = project(&[]);
    let report = run(&files, &InitRequest::default(), &Machine::default(), &Nobody).unwrap();
    insta::assert_snapshot!(report.text, @r#"
# Which machines and software stacks this project needs. `aether plan` shows what would change,
# `aether apply` does it; `aether schema` prints every key there is.
aether: 1
name: my-project

# Software stacks. `aether lock` pins every wheel, with hashes, into aether.lock; commit that too.
environments:
  main:
    python: "3.11"  # left out: the newest up to 3.12 that fits
    pytorch: "*"  # any version; or "2.10", or ">=2.8,<3"
    packages: []  # anything else from the package index: transformers, "numpy>=2"

# Host groups: where the environments go.
hosts:
  here:
    provider: local  # this machine, in a folder of the project, no root
    environments: [main]
"#);
}

#[test]
fn flags_answer_every_question_beforehand() {
    let (_outer, files) = project(&[]);
    let request = InitRequest {
        name: Some("sentiment".to_owned()),
        frameworks: Some(vec!["tensorflow=2.20".to_owned(), "jax>=0.8".to_owned()]),
        packages: Some(vec!["numpy>=2 ; python_version > \"3.9\"".to_owned()]),
        addresses: Some(vec!["gpu1.example.com".to_owned(), "ubuntu@[::1]:22".to_owned()]),
        user: Some("yes".to_owned()),
        accelerators: Some("A100:8".to_owned()),
        ..InitRequest::default()
    };
    let report = run(&files, &request, &Machine::default(), &Script::new([])).unwrap();
    insta::assert_snapshot!(report.text, @r#"
# Which machines and software stacks this project needs. `aether plan` shows what would change,
# `aether apply` does it; `aether schema` prints every key there is.
aether: 1
name: sentiment

# Software stacks. `aether lock` pins every wheel, with hashes, into aether.lock; commit that too.
environments:
  main:
    python: "3.12"  # left out: the newest up to 3.12 that fits
    tensorflow: "2.20"
    jax: ">=0.8"
    packages:
      - "numpy>=2 ; python_version > \"3.9\""

# Host groups: where the environments go.
hosts:
  lab:
    provider: ssh
    addresses: [gpu1.example.com, "ubuntu@[::1]:22"]
    user: "yes"
    accelerators: "A100:8"  # GPU and count per host
    environments: [main]
"#);
}

#[test]
fn a_person_is_asked_what_no_flag_says() {
    let (_outer, files) = project(&[("a.py", "import sklearn")]);
    let script = Script::new(["lab-work", "0 3", "1", "1", "", "T4"]);
    let machine = Machine { ssh_config: "Host gpu1 gpu2 *.lab\n", ..Machine::default() };
    let report = run(&files, &InitRequest::default(), &machine, &script).unwrap();
    insta::assert_snapshot!(script.heard(), @r#"
name of the project [my-project]
frameworks (space selects, enter goes on) [pytorch, tensorflow, jax, +scikit-learn]
where it runs [this machine, in a folder of the project, without root of this machine, in a folder of the project, without root, hosts over SSH]
hosts of your SSH configuration [gpu1, gpu2]
login name (empty: as your SSH configuration says) []
GPUs of each host, such as `A100:8` [none]
"#);
    insta::assert_snapshot!(report.text, @r#"
# Which machines and software stacks this project needs. `aether plan` shows what would change,
# `aether apply` does it; `aether schema` prints every key there is.
aether: 1
name: lab-work

# Software stacks. `aether lock` pins every wheel, with hashes, into aether.lock; commit that too.
environments:
  main:
    python: "3.12"  # left out: the newest up to 3.12 that fits
    pytorch: "*"  # any version; or "2.10", or ">=2.8,<3"
    scikit-learn: "*"  # any version; or "2.10", or ">=2.8,<3"
    packages: []  # anything else from the package index: transformers, "numpy>=2"

# Host groups: where the environments go.
hosts:
  lab:
    provider: ssh
    addresses: [gpu2]
    accelerators: "T4"  # GPU and count per host
    environments: [main]
"#);
}

#[test]
fn a_slip_of_the_keyboard_is_said_at_once_and_the_other_answers_stay() {
    let (_outer, files) = project(&[]);
    let script =
        Script::new(["My Lab", "my-lab", "0", "1", "gpu1:ssh", "gpu1:22, gpu2", "a b", "ubuntu", "A100:x", "A100:8"]);
    let report = run(&files, &InitRequest::default(), &Machine::default(), &script).unwrap();
    let heard = script.heard();
    let refused: Vec<&str> = heard.lines().filter(|line| line.starts_with("refused: ")).collect();
    insta::assert_snapshot!(refused.join("\n"), @r"
refused: `My Lab` is no name for a project; a name has lower-case letters, digits and dashes only; write `my-lab`
refused: `gpu1:ssh` in `addresses` is no address; a port is a number from 1 to 65535; write `host`, `host:port`, `user@host` or `[::1]:22`
refused: `a b` is no login name; write the name alone, such as `ubuntu`
refused: `A100:x` names no accelerators; the count after `:` is a whole number from 1 to 64; write model and count, such as `A100:8`, or `none`
");
    assert!(
        report.text.contains("name: my-lab") && report.text.contains("addresses: [\"gpu1:22\", gpu2]"),
        "{}",
        report.text
    );
}

#[test]
fn the_manifest_goes_where_the_flag_says_and_the_next_commands_know_it() {
    let (_outer, files) = project(&[("aether.yaml", "mine")]);
    let request = InitRequest { file: "gpu/other.yaml".into(), ..InitRequest::default() };
    let report = run(&files, &request, &Machine::default(), &Nobody).unwrap();
    assert_eq!(written(&files), "mine");
    assert!(aether::ports::Files::root(&files).join("gpu/other.yaml").is_file());
    assert_eq!(report.next[0], "aether lock -f gpu/other.yaml");
    let error = run(&files, &request, &Machine::default(), &Nobody).unwrap_err();
    assert_eq!(text_of(&error), "`gpu/other.yaml` is there already; `--force` replaces it");
}

#[test]
fn pytorch_and_tensorflow_on_gpus_get_an_environment_each() {
    let (_outer, files) = project(&[("a.py", "import torch, tensorflow")]);
    let machine = Machine { gpus: "NVIDIA A100-SXM4-80GB\nNVIDIA A100-SXM4-80GB\n", ..Machine::default() };
    let report = run(&files, &InitRequest::default(), &machine, &Nobody).unwrap();
    insta::assert_snapshot!(report.text, @r#"
# Which machines and software stacks this project needs. `aether plan` shows what would change,
# `aether apply` does it; `aether schema` prints every key there is.
aether: 1
name: my-project

# Software stacks. `aether lock` pins every wheel, with hashes, into aether.lock; commit that too.
environments:
  pytorch:
    python: "3.11"  # left out: the newest up to 3.12 that fits
    pytorch: "*"  # any version; or "2.10", or ">=2.8,<3"
    packages: []  # anything else from the package index: transformers, "numpy>=2"
  tensorflow:
    python: "3.11"  # left out: the newest up to 3.12 that fits
    tensorflow: "*"  # any version; or "2.10", or ">=2.8,<3"
    packages: []  # anything else from the package index: transformers, "numpy>=2"

# Host groups: where the environments go.
hosts:
  here:
    provider: local  # this machine, in a folder of the project, no root
    accelerators: "A100:2"  # GPU and count per host
    environments: [pytorch, tensorflow]
"#);
}

#[test]
fn hosts_over_ssh_need_an_address_that_nobody_can_guess() {
    let (_outer, files) = project(&[]);
    let request = InitRequest { provider: Some("ssh".to_owned()), ..InitRequest::default() };
    let machine = Machine { ssh_config: "Host gpu1\n", ..Machine::default() };
    let error = run(&files, &request, &machine, &Nobody).unwrap_err();
    insta::assert_snapshot!(text_of(&error), @"the address of a host cannot be guessed, and there is no terminal to ask on; add `--address gpu1.example.com`");
}

#[test]
fn a_manifest_that_is_there_stays_unless_forced() {
    let (_outer, files) = project(&[("aether.yaml", "mine")]);
    let error = run(&files, &InitRequest::default(), &Machine::default(), &Nobody).unwrap_err();
    insta::assert_snapshot!(text_of(&error), @"`aether.yaml` is there already; `--force` replaces it");
    assert_eq!(written(&files), "mine");

    let request = InitRequest { is_forced: true, ..InitRequest::default() };
    let report = run(&files, &request, &Machine::default(), &Nobody).unwrap();
    assert_eq!(written(&files), report.text);
}

#[test]
fn an_answer_that_is_none_is_refused_and_nothing_is_written() {
    let text = |text: &str| Some(text.to_owned());
    let list = |text: &str| Some(vec![text.to_owned()]);
    let none = InitRequest::default;
    for (request, expected) in [
        (InitRequest { frameworks: Some(vec!["pytorhc".to_owned()]), ..none() }, "did you mean `pytorch`?"),
        (InitRequest { frameworks: Some(vec!["keras".to_owned()]), ..none() }, "write one of `pytorch`, `tensorflow`"),
        (InitRequest { frameworks: Some(vec!["jax=new".to_owned()]), ..none() }, "`new` is no version"),
        (InitRequest { provider: text("aws"), ..none() }, "`init` writes `local` and `ssh`"),
        (InitRequest { python: text("python3"), ..none() }, "no Python release line"),
        (InitRequest { name: text("My Project"), ..none() }, "write `my-project`"),
        (InitRequest { packages: Some(vec!["odd \"name\"".to_owned()]), ..none() }, "is no answer for `--package`"),
        (InitRequest { accelerators: text("8:A100"), ..none() }, "is no answer for `--accelerators`"),
        (InitRequest { addresses: list("gpu1:ssh"), ..none() }, "a port is a number from 1 to 65535"),
        (InitRequest { addresses: list("-oProxyCommand=x"), ..none() }, "a host is a name or an IP address"),
        (InitRequest { addresses: list("gpu1"), user: text("two words"), ..none() }, "is no login name"),
        (InitRequest { user: text("ubuntu"), ..none() }, "add `--address gpu1.example.com`"),
        (
            InitRequest { provider: text("local"), addresses: list("gpu1"), ..none() },
            "does not go with `--provider local`",
        ),
        (InitRequest { provider: text("local"), user: text("me"), ..none() }, "does not go with `--provider local`"),
    ] {
        let (_outer, files) = project(&[]);
        let error = run(&files, &request, &Machine::default(), &Nobody).unwrap_err();
        assert!(text_of(&error).contains(expected), "{error}");
        assert_eq!(written(&files), "");
    }
}

#[test]
fn whoever_leaves_the_dialogue_leaves_nothing_behind() {
    let (_outer, files) = project(&[]);
    let error = run(&files, &InitRequest::default(), &Machine::default(), &Script::new(["a-name"])).unwrap_err();
    assert!(matches!(error, InitError::Prompt(PromptError::Cancelled { .. })), "{error}");
    assert_eq!(written(&files), "");
}

fn written(files: &Disk) -> String {
    let root = aether::ports::Files::root(files);
    std::fs::read_to_string(root.join(Path::new("aether.yaml"))).unwrap_or_default()
}

/// What the programs of a machine say.
#[derive(Default)]
struct Machine {
    gpus: &'static str,
    ssh_config: &'static str,
}

impl Programs for Machine {
    fn run(&self, invocation: &Invocation) -> Result<Output, ProgramError> {
        let stdout = match invocation.program.as_str() {
            "nvidia-smi" if !self.gpus.is_empty() => self.gpus,
            "python3" => "3.11\n",
            "sh" => self.ssh_config,
            program => return Err(ProgramError::Missing { program: program.to_owned() }),
        };
        Ok(Output { status: Some(0), stdout: stdout.into(), stderr: Vec::new() })
    }

    fn attach(&self, invocation: &Invocation) -> Result<i32, ProgramError> {
        Err(ProgramError::Missing { program: invocation.program.clone() })
    }
}
