//! The one integration binary: adding a test is adding a file here.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "tests set up the world that the rooms must not touch, and a test may stop where it stands"
)]

mod adapters;
mod air_gapped;
mod apt_sources;
mod artifacts_ansible;
mod artifacts_ci;
mod artifacts_docker;
mod artifacts_docker_build;
mod artifacts_kubernetes;
mod artifacts_terraform;
mod bundle;
#[cfg(feature = "aws")]
mod cloud;
mod examples;
mod faults;
mod gpu_dnf;
mod gpu_driver;
mod gpu_toolkits;
mod hosts;
mod http;
mod init;
mod journeys;
mod kills;
mod lab;
mod lock;
mod lock_ownership;
mod lock_torch_index;
mod locks;
mod manifest;
mod manifest_properties;
mod manifest_reference;
mod own_roles;
mod plan;
mod playbook_cases;
mod playbook_late;
mod playbook_programs;
mod playbook_refused;
mod playbook_roles;
mod probe;
mod proof;
mod providers_hosts;
mod providers_kubernetes;
mod restart;
mod schemas;
mod ssh;
mod stack;
mod stack_agreement;
mod stack_command;
mod stack_hosts;
mod stack_refresh;
mod stack_resolve;
mod state_file;
mod states;
mod support;
mod tidy;
mod torn;
mod yaml;
