//! A rendered Dockerfile, built by real podman on a Debian of the lab's own, for images cannot be pulled everywhere.

use crate::support::lab::lab;
use crate::support::project::Project;
use crate::support::tools::succeed;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Debian with what `python:…-slim` brings. The first lines of certificates are for pip, which brings its own otherwise.
const PYTHON: &str = "FROM BASE\n\
     ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt PIP_CERT=/etc/ssl/certs/ca-certificates.crt\n\
     RUN apt-get -q update && apt-get -q -y install --no-install-recommends python3-venv\n";

fn podman() -> Command {
    Command::new("podman")
}

/// Builds a folder; a build has the network of this machine, and needs no right that a container does not give.
fn build(folder: &Path, file: &Path, tag: &str, base: Option<&str>) {
    let mut command = podman();
    command.args([
        "build",
        "--quiet",
        "--format",
        "docker",
        "--network",
        "host",
        "--isolation",
        "chroot",
        "--tag",
        tag,
    ]);
    command.arg("--file").arg(file);
    if let Some(base) = base {
        command.args(["--build-arg", &format!("BASE={base}")]);
    }
    succeed(command.arg(folder));
}

/// The image that stands in for `python:…-slim`; it is made once for each base system, and kept.
fn python() -> String {
    let base = lab().base();
    let digest = base.file_name().unwrap().to_str().unwrap();
    let (system, python) =
        (format!("localhost/aether-test-system:{digest}"), format!("localhost/aether-test-python:{digest}"));
    if podman().args(["image", "exists", &python]).status().unwrap().success() {
        return python;
    }
    let import = format!("tar -C '{}' -c . | podman import --quiet - {system}", base.display());
    succeed(Command::new("sh").args(["-c", &import]));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Dockerfile");
    std::fs::write(&file, PYTHON.replace("BASE", &system)).unwrap();
    build(folder.path(), &file, &python, None);
    python
}

/// Runs the image with nothing that it does not need: no network, no rights, no place to write. The limits are there
/// because those of the engine may be higher than this machine can give. What the engine itself says is not for the test.
fn run(image: &str, command: &[&str]) -> String {
    let mut podman = podman();
    podman.args(["run", "--rm", "--read-only", "--cap-drop", "all", "--network", "none"]);
    podman.args(["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", image]).args(command);
    let output = podman.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_quickstarts_image_builds_from_its_lock_and_proves_itself_as_nobody() {
    let project = Project::copy_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/quickstart"));
    succeed(&mut project.aether(&["render"]));
    let folder = project.path().join("infra/docker/sklearn");
    let image = format!("localhost/aether-test-sklearn:{}", std::process::id());
    build(&folder, &folder.join("Dockerfile"), &image, Some(&python()));
    let proof: Value = serde_json::from_str(&run(&image, &[])).unwrap();
    assert_eq!(proof["works"], true, "{proof}");
    assert_eq!(run(&image, &["id", "-u"]), "10001\n");
    let locked = std::fs::read_to_string(folder.join("requirements-cpu-x86_64.txt")).unwrap();
    let version = proof["version"].as_str().unwrap();
    assert!(locked.contains(&format!("scikit-learn=={version} ")), "{proof}");
    succeed(podman().args(["image", "rm", &image]));
}
