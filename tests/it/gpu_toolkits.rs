//! The roles `cuda_toolkit` and `container_toolkit` on throw-away hosts, with stub packages of NVIDIA's names.

use crate::support::gpu::{Machine, mirror};
use serde_json::{Value, json};

fn toolkit(version: &str) -> (&'static str, Value) {
    ("cuda_toolkit", json!({ "cuda_toolkit_version": version, "cuda_toolkit_repository": mirror().drivers() }))
}

fn containers(more: &Value) -> (&'static str, Value) {
    let mut variables = json!({
        "container_toolkit_runtime": "docker", "container_toolkit_repository": mirror().containers(),
    });
    variables.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    ("container_toolkit", variables)
}

/// A container runtime, as far as the role looks at it.
fn has_runtime(machine: &Machine, program: &str, unit: &str) {
    machine.sh(&format!("install -D /dev/null /usr/bin/{program}; mkdir -p /usr/lib/systemd/system"));
    machine.sh(&format!("touch /usr/lib/systemd/system/{unit}.service"));
}

#[test]
fn the_compiler_of_one_cuda_version_is_installed_without_a_driver() {
    let machine = Machine::with(&["system debian 12", "gpu 20b0"]);
    // What instructions of 2021 left: a second list of the same repository, which apt will not read beside the first.
    let old = "deb https://developer.download.nvidia.com/compute/cuda/repos/debian12/x86_64 /\n";
    machine.put("/etc/apt/sources.list.d/cuda.list", old.as_bytes());
    machine.wants(&[toolkit("12.8")]);
    let planned = machine.plan();
    assert!(
        planned.contains(&"cuda_repository : Remove what older instructions left behind".to_owned()),
        "{planned:?}"
    );
    assert!(planned.contains(&"cuda_toolkit : Install CUDA toolkit 12.8".to_owned()), "{planned:?}");
    machine.apply();
    assert_eq!(machine.sh("/usr/local/cuda-12.8/bin/nvcc --version"), "Cuda compilation tools, release 12.8\n");
    assert_eq!(
        machine.sh("ls /etc/apt/sources.list.d /usr/local | grep cuda"),
        "cuda-debian12-x86_64.list\ncuda-12.8\n"
    );
    let packages = machine.sh("dpkg-query -W -f '${Package}\\n' 'cuda*' '*nvidia*' 2>/dev/null || true");
    assert_eq!(packages, "cuda-keyring\ncuda-toolkit-12-8\n");
    assert_eq!(machine.plan(), [""; 0]);
    assert_eq!(machine.ansible(&["--check"]), 0);
    machine.wants(&[toolkit("11.8")]);
    let told = machine.apply_fails();
    assert!(told.contains("the CUDA repository does not offer cuda-toolkit-11-8"), "{told}");
}

#[test]
fn containers_get_gpus_and_the_runtime_restarts_once() {
    let machine = Machine::with(&["system ubuntu 24.04", "gpu 20b0"]);
    let driver = json!({ "nvidia_driver_branch": "580", "nvidia_driver_repository": mirror().drivers() });
    has_runtime(&machine, "dockerd", "docker");
    machine.wants(&[("nvidia_driver", driver.clone()), containers(&json!({ "container_toolkit_version": "1.17.8" }))]);
    machine.apply();
    let packages = machine.sh("dpkg-query -W -f '${Version}\\n' '*nvidia-container*' | sort -u");
    assert_eq!(packages, "1.17.8-1\n");
    assert_eq!(machine.sh("cat /etc/docker/daemon.json"), "nvidia-container-runtime\n");
    assert_eq!(machine.sh("cat /etc/cdi/nvidia.yaml"), "path: libcuda.so.580.95.05\n");
    assert_eq!(machine.sh("grep -c docker /var/log/units"), "1\n");
    assert_eq!(machine.plan(), [""; 0]);
    assert_eq!(machine.ansible(&["--check"]), 0);
    // A run that was cut off between the runtime's configuration and its restart.
    machine.sh("touch /run/aether-container-toolkit");
    assert_eq!(machine.plan(), ["container_toolkit : Tell the container runtime of the toolkit"]);
    machine.wants(&[("nvidia_driver", driver), containers(&json!({ "container_toolkit_version": "1.18.0" }))]);
    machine.apply();
    assert!(machine.sh("apt-mark showhold").contains("nvidia-container-toolkit\n"));
    let packages = machine.sh("dpkg-query -W -f '${Version}\\n' '*nvidia-container*' | sort -u");
    assert_eq!(packages, "1.18.0-1\n");
    machine.wants(&[containers(&json!({ "container_toolkit_state": "absent" }))]);
    machine.apply();
    assert_eq!(machine.sh("dpkg-query -W '*nvidia-container*' 2>/dev/null | wc -l"), "0\n");
    assert_eq!(machine.plan(), [""; 0]);
}

#[test]
fn containerd_and_crio_are_told_in_their_own_files() {
    let machine = Machine::with(&["system debian 12", "gpu 20b0"]);
    let driver = json!({ "nvidia_driver_branch": "580", "nvidia_driver_repository": mirror().drivers() });
    let runtimes = [("containerd", "/etc/containerd/config.toml"), ("crio", "/etc/crio/crio.conf.d/99-nvidia.toml")];
    for (runtime, file) in runtimes {
        has_runtime(&machine, runtime, runtime);
        let toolkit = containers(&json!({ "container_toolkit_runtime": runtime }));
        machine.wants(&[("nvidia_driver", driver.clone()), toolkit]);
        machine.apply();
        assert_eq!(machine.sh(&format!("cat {file}")), "nvidia-container-runtime\n");
        assert_eq!(machine.sh(&format!("grep -c {runtime} /var/log/units")), "1\n", "{runtime} restarts once");
        assert_eq!(machine.plan(), [""; 0], "{runtime}");
        assert_eq!(machine.ansible(&["--check"]), 0, "{runtime}");
    }
}

#[test]
fn a_host_without_the_container_runtime_is_refused() {
    let machine = Machine::with(&["system debian 12", "gpu 20b0"]);
    machine.wants(&[containers(&json!({ "container_toolkit_runtime": "containerd" }))]);
    let told = machine.apply_fails();
    assert!(told.contains("containerd is to start containers with GPUs, and it is not on this host"), "{told}");
}
