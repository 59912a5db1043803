//! Drivers and toolkits on RHEL's family and Amazon Linux: real dnf and rpm, real Ansible, and the binary as a user runs
//! it, on a Debian that says it is one of them and has a kernel of theirs.

use crate::support::gpu::{Machine, RPMS};
use serde_json::{Value, json};

/// The driver on disk, the module that runs, and how many of the driver's packages are held.
const DRIVER: &str = "file=$(readlink -f /usr/lib64/libnvidia-ml.so.1)\n\
     echo \"${file##*.so.} $(cat /sys/module/nvidia/version) $(grep -c :580.95.05- /etc/dnf/plugins/versionlock.list)\"";

/// A driver of another branch, put there by hand and running; whatever the system before this one had is gone.
const WRONG: &str = "rpm -q -a | grep -E 'nvidia|kernel|dkms|epel|cuda' | xargs -r rpm -e --nodeps --noscripts\n\
     rm -r -f /etc/modprobe.d/* /etc/dnf/modules.d/* /etc/yum.repos.d/*nvidia* /etc/yum.repos.d/cuda-* \\\n\
     /etc/yum.repos.d/amazon* /usr/src/nvidia-* /lib/modules/*/updates /etc/docker /etc/cdi\n\
     echo 'nvidia-open-3:590.48.01-1.*' >/etc/dnf/plugins/versionlock.list\n\
     cd /srv/www/repos/rhel10/x86_64\n\
     rpm -i --nodeps --noscripts nvidia-open-590* nvidia-driver-*-590* nvidia-persistenced-590* kmod-nvidia-open-*-590*\n\
     mkdir -p \"/lib/modules/$(uname -r)/updates/dkms\"\n\
     echo 590.48.01 open >\"/lib/modules/$(uname -r)/updates/dkms/nvidia\"\n\
     machine boot; systemctl enable --now nvidia-persistenced";

fn everything() -> [(&'static str, Value); 3] {
    let drivers = format!("{RPMS}/repos");
    [
        ("nvidia_driver", json!({ "nvidia_driver_branch": "580", "nvidia_driver_repository": drivers })),
        ("cuda_toolkit", json!({ "cuda_toolkit_version": "12.8", "cuda_toolkit_repository": drivers })),
        (
            "container_toolkit",
            json!({
                "container_toolkit_runtime": "docker", "container_toolkit_version": "1.17.8",
                "container_toolkit_repository": format!("{RPMS}/containers"),
            }),
        ),
    ]
}

/// What a run would do, from a driver of another branch to everything that is wanted; `pin` is how the system pins.
fn whole(pin: Option<&str>) -> Vec<&str> {
    let before = [
        "nvidia_driver : Keep nouveau from being loaded",
        "cuda_repository : Name the repository",
        "nvidia_driver : Install the headers of the running kernel",
        "nvidia_driver : Install DKMS, which builds the module",
        "nvidia_driver : Remove the driver of another branch",
    ];
    let after = [
        "nvidia_driver : Install the driver's packages",
        "nvidia_driver : Restart the host, which runs another module",
        "nvidia_driver : Hold the driver's packages",
        "cuda_repository : Name the repository",
        "cuda_toolkit : Install CUDA toolkit 12.8",
        "container_toolkit : Name the repository",
        "container_toolkit : Install the container toolkit 1.17.8",
        "container_toolkit : Tell the container runtime of the toolkit",
        "container_toolkit : Describe the GPUs for CDI",
    ];
    before.into_iter().chain(pin).chain(after).collect()
}

#[test]
fn each_system_with_dnf_gets_the_branch_and_the_toolkits_in_its_own_way() {
    let machine = Machine::with_dnf(&["gpu 20b0"]);
    machine.sh("install -D /dev/null /usr/bin/dockerd; mkdir -p /usr/lib/systemd/system\n\
         touch /usr/lib/systemd/system/docker.service");
    let stream = Some("nvidia_driver : Pin module stream 580-open");
    // Which system, its kernel, how it pins, what is there afterwards.
    let systems = [
        ("rocky 8.10", "4.18.0-553.el8_10", stream, ["kernel-devel", "epel-release"]),
        ("ol 9.4", "5.15.0-206.153.7.el9uek", stream, ["kernel-uek-devel", "oracle-epel-release-el9"]),
        ("almalinux 10.0", "6.12.0-55.9.1.el10_0", None, ["kernel-devel", "epel-release"]),
        ("amzn 2023", "6.12.20-23.97.amzn2023", stream, ["kernel-devel", "kernel6.12-modules-extra"]),
    ];
    for (system, kernel, pin, packages) in systems {
        machine.is(&[&format!("system {system}"), &format!("kernel {kernel}.x86_64")]);
        machine.sh(WRONG);
        machine.wants(&everything());
        assert_eq!(machine.plan(), whole(pin), "{system}");
        if system.starts_with("amzn") {
            let told = machine.apply_fails();
            assert!(told.contains("has dkms") && told.contains("dnf upgrade --releasever=latest"), "{told}");
            let own = "[amazon]\nname=amazon\nbaseurl=file:///srv/www/epel\ngpgcheck=0\n";
            machine.put("/etc/yum.repos.d/amazon.repo", own.as_bytes());
        }
        machine.apply();
        // A lock by version takes in the parts of the other kind of modules too.
        let held = if pin.is_some() { 5 } else { 7 };
        assert_eq!(machine.sh(DRIVER), format!("580.95.05 580.95.05 {held}\n"), "{system}");
        machine.sh(&format!("rpm -q {} cuda-toolkit-12-8 nvidia-container-toolkit-1.17.8", packages.join(" ")));
        assert_eq!(machine.sh("cat /etc/cdi/nvidia.yaml"), "path: libcuda.so.580.95.05\n", "{system}");
        assert_eq!(machine.plan(), [""; 0], "{system}");
        // Once for either way to pin.
        if pin.is_none() || system.starts_with("amzn") {
            assert_eq!(machine.ansible(&["--check"]), 0, "{system}");
        }
    }
}
