//! The probe on machines with NVIDIA's hardware, drivers and accidents: a case is a script that makes such a machine in
//! a mount namespace of its own, beside the facts that the probe finds there. No card was there when they were written.

use aether::playbook::PROBE;
use serde_json::{Map, Value};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What every case may call. Nothing of it outlives the namespace.
const MACHINE: &str = r#"
set -eu
mount -t tmpfs tmpfs /sys
mkdir -p /sys/bus/pci/devices /sys/module
mount -t tmpfs tmpfs /proc/driver
mkdir -p "$made/bin" "$made/lib" "$made/etc/ld.so.conf.d" "$made/etc/profile.d" "$made/home"
device() { # SLOT VENDOR ID CLASS
  mkdir -p "/sys/bus/pci/devices/$1"
  echo "$2" >"/sys/bus/pci/devices/$1/vendor"
  echo "$3" >"/sys/bus/pci/devices/$1/device"
  echo "$4" >"/sys/bus/pci/devices/$1/class"
}
module() { # VERSION LINE
  mkdir -p /sys/module/nvidia /proc/driver/nvidia
  echo "$1" >/sys/module/nvidia/version
  echo "NVRM version: NVIDIA UNIX $2  $1  Release Build" >/proc/driver/nvidia/version
}
library() { # VERSION
  : >"$made/lib/libnvidia-ml.so.$1"
  ln -s "libnvidia-ml.so.$1" "$made/lib/libnvidia-ml.so.1"
}
secure_boot() { # BYTE
  mkdir -p /sys/firmware/efi/efivars
  printf "\\006\\000\\000\\000\\00$1" >/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
}
program() { # NAME, its text on standard input
  { echo '#!/bin/sh'; cat; } >"$made/bin/$1"
  chmod +x "$made/bin/$1"
}
. "$case"
mount -t overlay -o "lowerdir=$made/etc:/etc" overlay /etc
libraries="/usr/lib/$(uname -m)-linux-gnu"
mount -t overlay -o "lowerdir=$made/lib:$libraries" overlay "$libraries"
exec env -i HOME="$made/home" PATH="$made/bin:/usr/sbin:/usr/bin:/sbin:/bin" AETHER_PROBE_PATIENCE="${patience:-15}" \
  ${library_path:+"LD_LIBRARY_PATH=$library_path"} sh -s
"#;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/probe")
}

/// What the probe finds on the machine that a case makes: NVIDIA's part, without what belongs to the machine around it.
fn facts(case: &Path) -> Value {
    let made = tempfile::tempdir().unwrap();
    let mut command = Command::new("unshare");
    command.args(["--mount", "--propagation", "private", "sh", "-c", MACHINE]);
    command.env("case", case).env("made", made.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(PROBE.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).replace(made.path().to_str().unwrap(), "");
    let facts: Map<String, Value> =
        serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{}: {error} in {printed}", case.display()));
    let is_own =
        |name: &str| name.starts_with("aether_") && !["aether_glibc_version", "aether_container"].contains(&name);
    facts.into_iter().filter(|(name, _)| is_own(name)).collect()
}

#[test]
fn the_probe_finds_on_each_machine_what_is_there() {
    let mut cases: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.extension().is_some_and(|extension| extension == "sh"));
    cases.sort();
    assert!(cases.len() >= 10);
    for case in cases {
        let found = serde_json::to_string_pretty(&facts(&case)).unwrap();
        insta::with_settings!({ snapshot_path => folder(), prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(case.file_stem().unwrap().to_str().unwrap(), found);
        });
    }
}

/// The probe is read from standard input, so a program that reads there would eat the rest of it.
#[test]
fn the_probe_stays_within_what_every_shell_has() {
    assert_eq!(crate::support::playbook::shellcheck(PROBE), "");
}
