//! Throw-away hosts that seem to have NVIDIA hardware, and the stub repositories that their drivers come from.
//!
//! Programs, `/sys` and `/proc` of such a host are faked by `tests/lab/nvidia/host`; packages are built by
//! `tests/lab/nvidia/repository.py` and served over HTTP by a host of the lab of their own.

use super::lab::{Home, Host, lab};
use super::project::{Project, told};
use super::{ansible, tools};
use serde_json::{Map, Value, json};
use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The stub repositories of this test process.
pub(crate) struct Mirror {
    files: tempfile::TempDir,
    url: String,
}

/// The mirror, built and served on first use.
pub(crate) fn mirror() -> &'static Mirror {
    static MIRROR: OnceLock<Mirror> = OnceLock::new();
    MIRROR.get_or_init(|| {
        let host = lab().host();
        let home = Home::knowing(&[&host]);
        let mirror = Mirror { files: tempfile::tempdir().unwrap(), url: format!("http://{}", host.address) };
        let kernel = Command::new("uname").arg("-r").output().unwrap().stdout;
        let built = Command::new("python3")
            .args(["-B".as_ref(), source("repository.py").as_os_str(), mirror.files.path().as_os_str()])
            .args([&mirror.url, String::from_utf8(kernel).unwrap().trim()])
            .status();
        assert!(built.unwrap().success(), "the stub repositories cannot be built");
        unpack(&home, &host, mirror.files.path(), "/srv/www");
        let serve = "setsid python3 -m http.server 80 --directory /srv/www </dev/null >/var/log/web 2>&1 &";
        on(&home, &host, serve, &[]);
        let deadline = Instant::now() + Duration::from_mins(1);
        while TcpStream::connect(format!("{}:80", host.address)).is_err() {
            assert!(Instant::now() < deadline, "the mirror does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        mirror
    })
}

impl Mirror {
    /// Where the driver's repositories are, in place of NVIDIA's own.
    pub(crate) fn drivers(&self) -> String {
        format!("{}/repos", self.url)
    }

    /// Where the container toolkit's repository is.
    pub(crate) fn containers(&self) -> String {
        format!("{}/containers", self.url)
    }

    /// A file of it, `system/dkms_3.0.10-8_all.deb`, where it lies on this machine.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.files.path().join(path)
    }

    /// An address of the lab's network at which nothing is.
    pub(crate) fn nowhere(&self) -> String {
        format!("{}.254/repos", self.url.rsplit_once('.').unwrap().0)
    }
}

/// A host with hardware, and a project that sets it up.
pub(crate) struct Machine {
    pub(crate) host: Host,
    home: Home,
    pub(crate) project: Project,
}

/// Where a host with dnf has its repositories.
pub(crate) const RPMS: &str = "file:///srv/www";

impl Machine {
    /// A host made of parts such as `system ubuntu 24.04` and `gpu 2330`; what they may be stands in
    /// `tests/lab/nvidia/host/usr/local/sbin/machine`.
    pub(crate) fn with(parts: &[&str]) -> Self {
        let machine = Self::bare();
        let archive = |name: &str| fs::read(mirror().files.path().join(name)).unwrap();
        machine.put("/etc/apt/sources.list", &archive("system.list"));
        machine.put("/etc/apt/trusted.gpg.d/system.gpg", &archive("system.gpg"));
        machine.sh("rm -f /etc/apt/sources.list.d/*");
        machine.is(parts);
        machine
    }

    /// The same with real dnf and rpm, which Debian has, and with stub repositories of its own below [`RPMS`].
    pub(crate) fn with_dnf(parts: &[&str]) -> Self {
        let machine = Self::bare();
        machine.sh("apt-get -q update; DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends \
             dnf dnf-plugins-core rpm createrepo-c gpg gpg-agent file\n\
             rm /etc/dnf/plugins/local.conf /etc/dnf/plugins/copr.conf; mkdir -p /etc/yum.repos.d");
        unpack(&machine.home, &machine.host, &source(""), "/srv/lab");
        machine.sh("python3 -B /srv/lab/rpms.py /srv/www");
        let repository = "[system]\nname=system\nbaseurl=file:///srv/www/system\ngpgcheck=0\n";
        machine.put("/etc/yum.repos.d/system.repo", repository.as_bytes());
        machine.is(parts);
        machine
    }

    /// Makes it of these parts, from now on.
    pub(crate) fn is(&self, parts: &[&str]) {
        let parts: String = parts.iter().map(|part| format!("machine {part}\n")).collect();
        self.sh(&format!("{parts}machine boot"));
    }

    fn bare() -> Self {
        let host = lab().host();
        let home = Home::knowing(&[&host]);
        let project = Project::playing("", &host, "root", &home);
        unpack(&home, &host, &source("host"), "/");
        let machine = Self { host, home, project };
        machine.wants(&[]);
        let output = machine.aether(&["lock"]);
        assert!(output.status.success(), "{}", told(&output));
        machine
    }

    /// What is to be on the host from now on: roles with their variables.
    pub(crate) fn wants(&self, roles: &[(&str, Value)]) {
        let roles = roles.iter().map(|(role, variables)| {
            let mut entry = Map::from_iter([("role".to_owned(), json!(role))]);
            entry.extend(variables.as_object().unwrap().clone());
            Value::Object(entry)
        });
        let play = json!([{
            "name": "Set up GPUs", "hosts": "all", "become": true, "roles": roles.collect::<Vec<_>>(),
        }]);
        fs::write(self.project.path().join("playbooks/job.yml"), play.to_string()).unwrap();
    }

    /// A driver from the mirror is to be on the host.
    pub(crate) fn wants_driver(&self, variables: &Value) {
        let mut all = json!({ "nvidia_driver_branch": "580", "nvidia_driver_repository": mirror().drivers() });
        all.as_object_mut().unwrap().extend(variables.as_object().unwrap().clone());
        self.wants(&[("nvidia_driver", all)]);
    }

    /// The repository of drivers is known to the host without any role, as where somebody installed by hand.
    pub(crate) fn knows_drivers(&self, system: &str) {
        let line = format!("deb {}/{system}/x86_64 /\n", mirror().drivers());
        self.put("/etc/apt/sources.list.d/by-hand.list", line.as_bytes());
        self.sh("apt-get -q update");
    }

    /// The names of the tasks that a run would change something with; what every host gets is left out.
    pub(crate) fn plan(&self) -> Vec<String> {
        let output = self.aether(&["plan", "--json"]);
        let plan: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", told(&output)));
        let steps = plan["steps"].as_array().unwrap();
        let tasks = steps.iter().flat_map(|step| step["tasks"].as_array().unwrap());
        let names = tasks.map(|task| task["name"].as_str().unwrap().to_owned());
        names.filter(|name| !name.starts_with("base : ")).collect()
    }

    /// Carries the plan out.
    pub(crate) fn apply(&self) -> String {
        let output = self.aether(&["apply", "--yes"]);
        assert!(output.status.success(), "{}", told(&output));
        told(&output)
    }

    /// What is said when it cannot be carried out.
    pub(crate) fn apply_fails(&self) -> String {
        let output = self.aether(&["apply", "--yes"]);
        assert!(!output.status.success(), "{}", told(&output));
        told(&output)
    }

    /// Stock Ansible with the same roles and variables: how many tasks changed something, or would.
    pub(crate) fn ansible(&self, arguments: &[&str]) -> u32 {
        ansible::changes(&tools::succeed(&mut self.playbook(arguments)))
    }

    /// What stock Ansible says when it goes wrong.
    pub(crate) fn ansible_fails(&self, arguments: &[&str]) -> String {
        tools::fail(&mut self.playbook(arguments))
    }

    fn playbook(&self, arguments: &[&str]) -> Command {
        let mut command = ansible::playbook(self.project.path(), &self.home);
        let inventory = format!("{},", self.host.address);
        command.args(["-i", &inventory, "-u", "root", "playbooks/job.yml"]).args(arguments);
        command.env("ANSIBLE_ROLES_PATH", Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks/roles"));
        command.env("ANSIBLE_PYTHON_INTERPRETER", "/usr/bin/python3").env("ANSIBLE_PIPELINING", "1");
        command
    }

    /// Runs a script on the host, as root; what it prints.
    pub(crate) fn sh(&self, script: &str) -> String {
        on(&self.home, &self.host, script, &[])
    }

    /// Writes a file of the host.
    pub(crate) fn put(&self, path: &str, content: &[u8]) {
        on(&self.home, &self.host, &format!("cat >{path}"), content);
    }

    fn aether(&self, arguments: &[&str]) -> Output {
        self.project.aether(arguments).output().unwrap()
    }
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab/nvidia").join(name)
}

fn on(home: &Home, host: &Host, script: &str, input: &[u8]) -> String {
    let mut command = Command::new("ssh");
    command.args(home.ssh_options()).arg(format!("root@{}", host.address)).arg(format!("set -e\n{script}"));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "`{script}` said:\n{}", told(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Copies what is in a folder here into a folder there.
fn unpack(home: &Home, host: &Host, from: &Path, to: &str) {
    let packed = Command::new("tar").arg("-C").arg(from).args(["-c", "."]).output().unwrap();
    assert!(packed.status.success());
    on(home, host, &format!("mkdir -p {to}; tar --no-same-owner --no-overwrite-dir -x -C {to}"), &packed.stdout);
}
