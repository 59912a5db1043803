//! The role `nvidia_driver` on hosts that seem to have NVIDIA hardware: real apt, real dpkg, real Ansible, and the binary
//! as a user runs it. What is found is always asked of the host.

use crate::support::gpu::{Machine, mirror};
use serde_json::json;

/// `580.95.05 580.95.05`: the driver on disk and the module that runs.
const VERSIONS: &str = "file=$(readlink -f /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1)\n\
     echo \"${file##*.so.} $(cat /sys/module/nvidia/version)\"";

/// Installed packages that have to do with the driver.
const PACKAGES: &str = "dpkg-query -W -f '${db:Status-Abbrev}${Package} ${Version}\\n' '*nvidia*' 'cuda*' 2>/dev/null | \
     grep '^.i' | sort";

fn boot(machine: &Machine) -> String {
    machine.sh("cat /proc/sys/kernel/random/boot_id")
}

/// The names without the role's.
fn driver_tasks(machine: &Machine) -> Vec<String> {
    machine.plan().into_iter().map(|name| name.replace("nvidia_driver : ", "")).collect()
}

const FRESH: [&str; 9] = [
    "Keep nouveau from being loaded",
    "cuda_repository : Install the repository's key",
    "cuda_repository : Name the repository",
    "Keep unattended upgrades away from the driver",
    "Install the headers of the running kernel",
    "Pin branch 580",
    "Install the driver's packages",
    "Load the driver",
    "Keep the driver initialized while nobody uses it",
];

#[test]
fn a_fresh_host_gets_the_newest_driver_of_the_branch_and_ansible_finds_it_in_order() {
    let machine = Machine::with(&["system ubuntu 24.04", "gpu 2330"]);
    machine.wants_driver(&json!({}));
    let planned = driver_tasks(&machine);
    assert_eq!(planned, [&FRESH[..], &["Hold the driver's packages"]].concat());
    let before = boot(&machine);
    machine.apply();
    assert_eq!(machine.sh(VERSIONS), "580.95.05 580.95.05\n");
    assert_eq!(boot(&machine), before, "there was nothing to restart for");
    let held = machine.sh("apt-mark showhold");
    assert!(held.contains("nvidia-open\n") && held.contains("libnvidia-compute-580\n"), "{held}");
    assert!(machine.sh("systemctl is-active nvidia-persistenced").contains("active"));
    assert!(!machine.sh(PACKAGES).contains("fabric"));
    assert_eq!(machine.plan(), [""; 0]);
    assert_eq!(machine.ansible(&["--check"]), 0);
}

#[test]
fn what_ansible_installed_aether_finds_in_order() {
    let machine = Machine::with(&["system debian 12", "gpu 20b0"]);
    machine.wants_driver(&json!({ "nvidia_driver_module": "proprietary" }));
    assert_eq!(machine.ansible(&[]), 10);
    assert_eq!(machine.sh(VERSIONS), "580.95.05 580.95.05\n");
    assert!(!machine.sh("cat /proc/driver/nvidia/version").contains("Open"));
    assert_eq!(machine.plan(), [""; 0]);
}

#[test]
fn a_driver_that_was_there_and_fits_is_left_alone() {
    let machine = Machine::with(&["system ubuntu 24.04", "gpu 20b0"]);
    machine.knows_drivers("ubuntu2404");
    machine.sh("apt-get -q -y install linux-headers-$(uname -r) cuda-drivers-570; modprobe nvidia");
    let before = machine.sh(PACKAGES);
    machine.wants_driver(&json!({ "nvidia_driver_keep_from": "570.26" }));
    assert_eq!(driver_tasks(&machine), ["Keep the driver initialized while nobody uses it"]);
    machine.apply();
    assert_eq!(machine.sh(PACKAGES), before);
    assert_eq!(machine.sh("ls /etc/apt/sources.list.d"), "by-hand.list\n");
    assert_eq!(machine.sh("apt-mark showhold"), "");
    // A window with an end: to a GPU before Turing, 590 is newer and yet no good.
    machine.wants_driver(&json!({ "nvidia_driver_keep_from": "535", "nvidia_driver_keep_below": "570" }));
    assert!(driver_tasks(&machine).contains(&"Remove the driver of another branch".to_owned()));
}

#[test]
fn a_driver_that_is_to_be_kept_and_does_not_fit_is_refused() {
    let machine = Machine::with(&["system ubuntu 24.04", "gpu 20b0"]);
    machine.wants_driver(&json!({ "nvidia_driver_state": "kept", "nvidia_driver_keep_from": "570.26" }));
    let told = machine.apply_fails();
    assert!(told.contains("this host has none that does what is wanted (branch 580, or from 570.26)"), "{told}");
}

#[test]
fn a_driver_of_another_branch_is_replaced_even_where_it_is_held() {
    let machine = Machine::with(&["system debian 12", "gpu 20b0"]);
    machine.knows_drivers("debian12");
    machine
        .sh("apt-get -q -y install linux-headers-$(uname -r) nvidia-open; modprobe nvidia; apt-mark hold nvidia-open");
    assert_eq!(machine.sh(VERSIONS), "590.48.01 590.48.01\n");
    machine.wants_driver(&json!({}));
    let planned = driver_tasks(&machine);
    assert!(planned.contains(&"Remove the driver of another branch".to_owned()), "{planned:?}");
    assert!(planned.contains(&"Restart the host, which runs another module".to_owned()), "{planned:?}");
    let before = boot(&machine);
    machine.apply();
    assert_ne!(boot(&machine), before);
    assert_eq!(machine.sh(VERSIONS), "580.95.05 580.95.05\n");
    assert!(!machine.sh(PACKAGES).contains("590"));
    assert_eq!(machine.plan(), [""; 0]);
}

#[test]
fn a_host_that_runs_nouveau_restarts_once_without_it() {
    let machine = Machine::with(&["system ubuntu 20.04", "gpu 20b0", "nouveau"]);
    assert_eq!(machine.sh("ls /sys/module"), "nouveau\n");
    machine.wants_driver(&json!({ "nvidia_driver_version": "580.65.06" }));
    let planned = driver_tasks(&machine);
    for task in ["Pin version 580.65.06", "Rebuild what the kernel starts from, with the driver's options"] {
        assert!(planned.contains(&task.to_owned()), "{planned:?}");
    }
    machine.apply();
    assert_eq!(machine.sh("ls /sys/module"), "nvidia\n");
    assert_eq!(machine.sh(VERSIONS), "580.65.06 580.65.06\n");
    assert!(machine.sh(PACKAGES).contains("nvidia-open-580 580.65.06-1"));
    assert_eq!(machine.plan(), [""; 0]);
    // Without the pin, what is held still stays: nothing replaces the driver below a module that runs.
    machine.sh("rm /etc/apt/preferences.d/*; apt-get -q -y dist-upgrade");
    assert_eq!(machine.sh(VERSIONS), "580.65.06 580.65.06\n");
}

#[test]
fn a_module_older_than_the_driver_on_disk_takes_a_restart_and_nothing_else() {
    let machine = Machine::with(&["system ubuntu 24.04", "gpu 20b0"]);
    machine.knows_drivers("ubuntu2404");
    machine.sh("apt-get -q -y install linux-headers-$(uname -r) nvidia-driver-pinning-580.65.06");
    machine.sh("apt-get -q -y install nvidia-open; modprobe nvidia; systemctl enable --now nvidia-persistenced");
    machine.sh("apt-get -q -y install nvidia-driver-pinning-580; apt-get -q -y dist-upgrade");
    assert_eq!(machine.sh(VERSIONS), "580.95.05 580.65.06\n");
    assert!(machine.sh("nvidia-smi || true").contains("Driver/library version mismatch"));
    machine.wants_driver(&json!({}));
    assert_eq!(driver_tasks(&machine), ["Restart the host, which runs another module"]);
    machine.apply();
    assert_eq!(machine.sh(VERSIONS), "580.95.05 580.95.05\n");
    assert_eq!(machine.plan(), [""; 0]);
}

#[test]
fn nvswitches_get_the_fabric_manager_of_exactly_the_drivers_version() {
    let machine = Machine::with(&["system ubuntu 24.04", "gpu 2901", "managed-switch"]);
    machine.wants_driver(&json!({ "nvidia_driver_version": "580.65.06" }));
    let planned = driver_tasks(&machine);
    let fabric = ["Install the fabric manager of the driver's version", "Run the fabric manager"];
    assert!(fabric.iter().all(|task| planned.contains(&(*task).to_owned())), "{planned:?}");
    machine.apply();
    let packages = machine.sh("dpkg-query -W -f '${Package} ${Version}\\n' nvidia-fabricmanager nvlsm libnvsdm");
    assert_eq!(packages, "libnvsdm 580.65.06-1\nnvidia-fabricmanager 580.65.06-1\nnvlsm 2025.06.6-1\n");
    assert_eq!(machine.sh("systemctl is-active nvidia-fabricmanager"), "active\n");
    assert!(machine.sh("apt-mark showhold").contains("nvidia-fabricmanager\n"));
    assert_eq!(machine.plan(), [""; 0]);
    // The switches are gone: at the next start the service would only fail.
    machine.sh("rm -r /srv/machine/pci/*; machine gpu 2901; machine boot || true");
    assert_eq!(driver_tasks(&machine), ["Stop the fabric manager, which has no switches here"]);
}

#[test]
fn hosts_of_one_domain_get_the_service_that_joins_their_gpus() {
    let machine = Machine::with(&["system ubuntu 24.04", "gpu 2941"]);
    machine.knows_drivers("ubuntu2404");
    // Somebody's driver of the right branch, which runs without the channel.
    machine.sh("apt-get -q -y install linux-headers-$(uname -r) nvidia-driver-pinning-580\n\
         apt-get -q -y install nvidia-open; modprobe nvidia; systemctl enable --now nvidia-persistenced");
    let told = ["Tell nvidia-imex of the hosts that are one domain"];
    let own = machine.host.address.clone();
    let one = json!({ "nvidia_driver_imex_nodes": [own, "10.0.0.7"] });
    machine.wants_driver(&one);
    let first = [
        "Have the driver make a channel for memory of other hosts",
        "Restart the host, which runs another module",
        "Install nvidia-imex of the driver's version",
    ];
    assert_eq!(driver_tasks(&machine), [&first[..], &told].concat());
    machine.apply();
    let nodes = "cat /etc/nvidia-imex/nodes_config.cfg; dpkg-query -W -f '${Package} ${Version}\\n' 'nvidia-imex*'";
    assert_eq!(machine.sh(nodes), format!("{own}\n10.0.0.7\nnvidia-imex-580 580.95.05-1\n"));
    assert_eq!(machine.sh("systemctl is-active nvidia-imex"), "active\n");
    assert_eq!(machine.plan(), [""; 0]);
    assert_eq!(machine.ansible(&["--check"]), 0);
    // A host joins; then a run is cut off between the change of the list and the restart of the service.
    machine.wants_driver(&json!({ "nvidia_driver_imex_nodes": [own, "10.0.0.7", "10.0.0.8"] }));
    assert_eq!(driver_tasks(&machine), told);
    machine.apply();
    assert_eq!(machine.sh("grep -c imex /var/log/units; wc -l </etc/nvidia-imex/nodes_config.cfg"), "2\n3\n");
    machine.sh("touch /run/aether-nvidia-imex");
    assert_eq!(driver_tasks(&machine), told);
    machine.wants_driver(&json!({}));
    assert_eq!(driver_tasks(&machine), ["Take the host out of the domain"]);
    machine.apply();
    assert_eq!(machine.sh("ls /etc/modprobe.d; dpkg-query -W 'nvidia-imex*' 2>&1 | grep -c '580.95' || true"), "0\n");
    assert_eq!(machine.plan(), [""; 0]);
}

#[test]
fn secure_boot_without_an_enrolled_key_is_refused_before_anything_changes() {
    let machine = Machine::with(&["system ubuntu 24.04", "gpu 20b0", "secure-boot"]);
    machine.wants_driver(&json!({}));
    let told = machine.apply_fails();
    assert!(told.contains("Secure Boot is on") && told.contains("mokutil --import"), "{told}");
    machine.apply_fails();
    assert_eq!(
        machine.sh("ls /etc/apt/sources.list.d /etc/modprobe.d"),
        "/etc/apt/sources.list.d:\n\n/etc/modprobe.d:\n"
    );
    machine.sh("mkdir -p /var/lib/dkms; touch /var/lib/dkms/mok.pub /var/lib/dkms/mok.pub.enrolled");
    assert!(driver_tasks(&machine).contains(&"Install the driver's packages".to_owned()));
}

#[test]
fn a_mirror_that_is_down_is_named_and_the_next_run_goes_on() {
    let machine = Machine::with(&["system ubuntu 24.04", "gpu 20b0"]);
    machine.wants_driver(&json!({ "nvidia_driver_repository": mirror().nowhere() }));
    let told = machine.apply_fails();
    let file = format!("{}/ubuntu2404/x86_64/cuda-keyring_1.1-1_all.deb cannot be fetched", mirror().nowhere());
    assert!(told.contains(&file), "{told}");
    // It went down after the key was fetched.
    machine.wants_driver(&json!({}));
    machine.put("/usr/share/keyrings/cuda-archive-keyring.gpg", b"");
    let key = format!("{}/ubuntu2404/x86_64/cuda-keyring_1.1-1_all.deb", mirror().drivers());
    machine.sh(&format!("/usr/lib/apt/apt-helper download-file {key} /root/key.deb; dpkg -i /root/key.deb"));
    machine.wants_driver(&json!({ "nvidia_driver_repository": mirror().nowhere() }));
    let told = machine.apply_fails();
    assert!(told.contains("the CUDA repository does not offer nvidia-driver-pinning-580"), "{told}");
    machine.wants_driver(&json!({}));
    machine.apply();
    assert_eq!(machine.sh(VERSIONS), "580.95.05 580.95.05\n");
    assert_eq!(machine.plan(), [""; 0]);
}

#[test]
fn a_kernel_whose_headers_are_gone_is_named_with_the_way_out() {
    let machine = Machine::with(&["system ubuntu 24.04", "gpu 20b0"]);
    machine.apply();
    machine.put("/etc/apt/sources.list", b"");
    machine.wants_driver(&json!({}));
    let told = machine.apply_fails();
    assert!(told.contains("no repository of this host has linux-headers-") && told.contains("dist-upgrade"), "{told}");
}

#[test]
fn drivers_from_elsewhere_are_refused_with_the_ways_out() {
    let machine = Machine::with(&["system ubuntu 24.04", "gpu 20b0"]);
    machine.wants_driver(&json!({}));
    machine.put("/usr/bin/nvidia-uninstall", b"");
    let told = machine.apply_fails();
    assert!(told.contains("`nvidia-uninstall --silent`") && told.contains("nvidia_driver_state: kept"), "{told}");
    machine.sh("rm /usr/bin/nvidia-uninstall");
    machine.sh("apt-get -q update; apt-get -q -y install nvidia-headless-535-server-open");
    let told = machine.apply_fails();
    assert!(told.contains("from another source than NVIDIA's CUDA repository"), "{told}");
}

#[test]
fn a_host_without_a_gpu_is_left_alone() {
    let machine = Machine::with(&["system ubuntu 24.04"]);
    machine.wants_driver(&json!({}));
    assert_eq!(machine.plan(), [""; 0]);
    machine.apply();
    assert_eq!(
        machine.sh("ls /etc/apt/sources.list.d /etc/modprobe.d"),
        "/etc/apt/sources.list.d:\n\n/etc/modprobe.d:\n"
    );
}

#[test]
fn another_system_is_refused_with_those_that_are_known() {
    let machine = Machine::with(&["system fedora 41", "gpu 20b0"]);
    machine.wants_driver(&json!({}));
    let told = machine.ansible_fails(&["--check"]);
    assert!(told.contains("on Fedora 41") && told.contains("Ubuntu 24.04") && told.contains("RHEL 9"), "{told}");
}

#[test]
fn what_the_role_installed_goes_and_what_it_found_stays() {
    let machine = Machine::with(&["system ubuntu 24.04", "gpu 20b0"]);
    machine.wants_driver(&json!({}));
    machine.apply();
    machine.wants_driver(&json!({ "nvidia_driver_state": "absent" }));
    machine.apply();
    assert_eq!(machine.sh(&format!("{PACKAGES} || true")), "ii cuda-keyring 1.1-1\n");
    assert_eq!(
        machine.sh("ls /etc/modprobe.d /etc/apt/preferences.d"),
        "/etc/apt/preferences.d:\n\n/etc/modprobe.d:\n"
    );
    assert_eq!(machine.plan(), [""; 0]);
    machine.sh("apt-get -q -y install nvidia-open-570");
    assert_eq!(machine.plan(), [""; 0]);
}
