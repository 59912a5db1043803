//! The bundled roles, compiled and looked at with `sh`.

use crate::support::playbook::{Host, compile, facts, library, shellcheck};
use aether::playbook::{Entry, Event, HostProgram, Library, Mode, Section, Status};
use serde_json::{Value, json};
use std::path::Path;

fn roles() -> Library {
    library(&Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks"))
}

fn section(role: &str, variables: &Value) -> Section {
    Section {
        label: format!("here/host/{role}"),
        entry: Entry::Role(role.to_owned()),
        variables: variables.as_object().unwrap().clone(),
        r#become: false,
    }
}

fn program(prefix: &Path, requirements: &str) -> HostProgram {
    let sections = [
        section("base", &json!({ "base_prefix": prefix, "base_system_packages": false })),
        section(
            "environment",
            &json!({
                "environment_prefix": prefix,
                "environment_name": "train",
                "environment_python": "3.11",
                "environment_requirements": requirements,
                "environment_uv_version": "0.9.0",
                "environment_uv_requirements": "uv==0.9.0\n",
            }),
        ),
        section(
            "verify",
            &json!({ "verify_prefix": prefix, "verify_environment": "train", "verify_imports": ["torch"] }),
        ),
    ];
    compile(&roles(), &sections, &facts()).unwrap_or_else(|text| panic!("{text}"))
}

#[test]
fn the_bundled_roles_compile_to_clean_programs() {
    let host = Host::new();
    let program = program(&host.home(), "torch==2.10\n");
    for mode in [Mode::Check, Mode::Apply] {
        assert_eq!(shellcheck(&program.script(mode, "a test")), "", "{mode:?}");
    }
}

#[test]
fn a_look_at_a_fresh_host_says_what_would_be_built_and_builds_nothing() {
    let host = Host::new();
    let ran = host.run_program(&program(&host.home(), "torch==2.10\n"), Mode::Check);
    assert_eq!(host.listing(), "");
    insta::assert_snapshot!("a_fresh_host", host.neutral(&ran.story()));
    assert_eq!(ran.status, Some(0));
}

#[test]
fn a_program_that_only_looks_fits_in_forty_kibibytes_whatever_the_lock() {
    let lock =
        "torch==2.10 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000\n".repeat(2000);
    let host = Host::new();
    let program = program(&host.home(), &lock);
    let bytes = program.input(Mode::Check, "a test", None).len();
    assert!(bytes < 40 * 1024, "{bytes} bytes");
    assert!(program.input(Mode::Apply, "a test", None).len() > lock.len());
}

#[test]
fn folders_of_the_role_base_are_made_once() {
    let host = Host::new();
    let sections = [section("base", &json!({ "base_prefix": host.home(), "base_system_packages": false }))];
    let program = compile(&roles(), &sections, &facts()).unwrap();
    assert_eq!(host.run_program(&program, Mode::Apply).changed(), 1);
    let again = host.run_program(&program, Mode::Apply);
    let is_bad = |event: &Event| matches!(event, Event::TaskEnded { status: Status::Failed | Status::Changed, .. });
    assert!(!again.events.iter().any(is_bad), "{}", again.story());
}

#[test]
fn the_digest_of_a_section_changes_with_what_it_wants_and_with_nothing_else() {
    let host = Host::new();
    let (one, other) = (program(&host.home(), "torch==2.10\n"), program(&host.home(), "torch==2.11\n"));
    assert_ne!(one.digest("here/host/environment"), other.digest("here/host/environment"));
    assert_eq!(one.digest("here/host/verify"), other.digest("here/host/verify"));
    let alone = section(
        "verify",
        &json!({ "verify_prefix": host.home(), "verify_environment": "train", "verify_imports": ["torch"] }),
    );
    let alone = compile(&roles(), &[alone], &facts()).unwrap();
    assert_eq!(one.digest("here/host/verify"), alone.digest("here/host/verify"));
}

/// The roles for GPU hosts, with what a group of hosts would give them.
fn gpu_sections() -> Vec<Section> {
    vec![
        section("nvidia_driver", &json!({ "nvidia_driver_branch": "580", "nvidia_driver_module": "open" })),
        section("cuda_toolkit", &json!({ "cuda_toolkit_version": "12.8" })),
        section("container_toolkit", &json!({ "container_toolkit_runtime": "docker" })),
    ]
}

/// The facts of this machine under another system's name.
fn facts_of(distribution: &str, version: &str) -> aether::playbook::Facts {
    let mut facts = facts();
    let major = version.split('.').next().unwrap_or_default();
    for (name, value) in
        [("distribution", distribution), ("distribution_version", version), ("distribution_major_version", major)]
    {
        facts.0.insert(name.to_owned(), value.into());
    }
    facts
}

#[test]
fn the_roles_for_gpus_compile_to_clean_programs_on_every_system() {
    for (distribution, version) in [("Ubuntu", "24.04"), ("Debian", "11"), ("Rocky", "9.4"), ("Amazon", "2023")] {
        let program = compile(&roles(), &gpu_sections(), &facts_of(distribution, version));
        let program = program.unwrap_or_else(|text| panic!("{distribution} {version}:\n{text}"));
        for mode in [Mode::Check, Mode::Apply] {
            assert_eq!(shellcheck(&program.script(mode, "a test")), "", "{distribution} {version} {mode:?}");
        }
    }
}
