//! The program that proves environments, where no GPU is to be had: a stand-in for torch says what one would have said.

use aether::playbook::Proof;
use aether::stack::symptom;
use std::path::PathBuf;
use std::process::Command;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The proofs of `words`, and whether the program ended well.
fn prove(pretend: &str, words: &[&str]) -> (Vec<Proof>, bool) {
    let program = folder().join("playbooks/roles/verify/files/prove.py");
    let mut command = Command::new("python3");
    command.arg("-B").arg(program).args(words);
    command.env("PYTHONPATH", folder().join("tests/cases/proof")).env("PRETEND", pretend);
    let output = command.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    let proofs = Proof::all(&printed);
    assert_eq!(proofs.len(), printed.lines().count(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    (proofs, output.status.success())
}

/// The one proof of torch.
fn torch(pretend: &str, gpus: &str) -> Proof {
    let (mut proofs, is_well) = prove(pretend, &["--gpus", gpus, "torch"]);
    assert_eq!(is_well, proofs[0].works);
    proofs.remove(0)
}

#[test]
fn every_gpu_that_is_declared_is_seen_and_used() {
    let proof = torch("two", "2");
    assert!(proof.works, "{proof:?}");
    assert_eq!(proof.gpus.len(), 2);
    assert_eq!(proof.device.as_deref(), Some("gpu"));
    assert_eq!(
        (proof.cuda.as_deref(), proof.cudnn.as_deref(), proof.nccl.as_deref()),
        (Some("13.0"), Some("9.19.0"), Some("2.28.9"))
    );
    assert!(proof.line().starts_with("torch 9.9.9 computed on 2 × NVIDIA A100-SXM4-80GB (8.0)"), "{}", proof.line());
}

#[test]
fn fewer_gpus_than_declared_are_a_failure() {
    let proof = torch("two", "8");
    assert_eq!(proof.error.as_deref(), Some("8 declared, and torch sees 2 GPUs"));
    assert!(!proof.works);
}

#[test]
fn no_gpu_is_a_note_unless_one_is_declared() {
    let (proofs, is_well) = prove("fabric", &["torch"]);
    assert!(is_well);
    assert_eq!(proofs[0].note.as_deref(), Some("no GPU: computed on the CPU"));
    let proof = torch("fabric", "1");
    assert_eq!(proof.error.as_deref(), Some("1 declared, and torch sees no GPU"));
    assert_eq!(symptom(&proof.trouble()).map(|symptom| symptom.code.name), Some("fabric-not-ready"));
}

#[test]
fn a_wrong_result_is_a_failure() {
    let proof = torch("wrong", "2");
    assert!(proof.error.as_deref().is_some_and(|error| error.starts_with("the product is off by")), "{proof:?}");
}

#[test]
fn a_module_that_does_not_import_says_why() {
    let proof = torch("shadowed", "1");
    assert_eq!(symptom(&proof.trouble()).map(|symptom| symptom.code.name), Some("libraries-shadowed"));
}

#[test]
fn a_module_that_dies_takes_no_other_with_it() {
    let (proofs, is_well) = prove("dies", &["torch", "json", "no_such_module"]);
    assert!(!is_well);
    assert_eq!(proofs[0].error.as_deref(), Some("importing or computing ended by signal 11"));
    assert_eq!((proofs[1].works, proofs[1].line().as_str()), (true, "json 2.0.9 imported"));
    assert!(proofs[2].error.as_deref().is_some_and(|error| error.starts_with("ModuleNotFoundError")));
}

/// A task tells the last 4 KiB of what it printed, and a cut line is no proof.
#[test]
fn the_proofs_of_all_frameworks_fit_into_what_a_task_tells() {
    let proof = serde_json::to_string(&torch("two", "2")).unwrap();
    let gpu = r#"{"name":"NVIDIA A100-SXM4-80GB","compute_capability":"8.0","memory_mib":81920},"#;
    assert!((proof.len() + 6 * gpu.len()) * 3 < 4096, "{}", proof.len());
}

#[test]
fn the_program_needs_nothing_that_an_image_lacks() {
    let text = std::fs::read_to_string(folder().join("playbooks/roles/verify/files/prove.py")).unwrap();
    let own = ["importlib", "json", "os", "re", "signal", "sys", "tempfile", "time"];
    let top = text.lines().filter_map(|line| line.strip_prefix("import "));
    let foreign: Vec<&str> = top.filter(|name| !own.contains(&name.split('.').next().unwrap())).collect();
    assert_eq!(foreign, Vec::<&str>::new());
}
