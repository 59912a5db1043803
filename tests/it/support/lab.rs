//! Throw-away SSH hosts, made by `tests/lab/lab.py`: real sshd, real sudo, real networks. One lab per test process; it
//! ends with the process, however that ends.

use serde::Deserialize;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The password of the user `locked`, for sudo and for login.
pub const PASSWORD: &str = "open sesame";

/// The lab of this process, started on first use.
pub fn lab() -> &'static Lab {
    static LAB: OnceLock<Lab> = OnceLock::new();
    LAB.get_or_init(|| {
        let lab = Lab { folder: std::env::temp_dir().join(format!("aether-lab-{}", std::process::id())) };
        lab.call(&["start", &std::process::id().to_string()]);
        lab
    })
}

/// A network with hosts in it.
pub struct Lab {
    folder: PathBuf,
}

/// One host: users `root`, `admin` (sudo without a password) and `locked` (sudo with [`PASSWORD`]), port 22.
#[derive(Debug, Clone, Deserialize)]
pub struct Host {
    /// `h1`.
    pub name: String,
    /// IPv4, reachable from here and from the other hosts.
    pub address: String,
    /// Its public host keys as `algorithm base64`, ed25519 first, RSA second.
    pub keys: Vec<String>,
}

impl Lab {
    /// A fresh host, for the caller alone.
    pub fn host(&self) -> Host {
        self.hosts(1).remove(0)
    }

    /// Fresh hosts, for the caller alone.
    pub fn hosts(&self, count: usize) -> Vec<Host> {
        let printed = self.call(&["add", &count.to_string()]);
        printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The folder of the Debian that every host starts from.
    pub fn base(&self) -> PathBuf {
        let state: serde_json::Value =
            serde_json::from_slice(&fs::read(self.folder.join("lab.json")).unwrap()).unwrap();
        PathBuf::from(state["base"].as_str().unwrap())
    }

    /// The private key that opens every host.
    pub fn key(&self) -> PathBuf {
        self.folder.join("key")
    }

    /// Every packet to and from the host vanishes.
    pub fn silence(&self, host: &Host) {
        self.call(&["silence", &host.name]);
    }

    /// Every process of the host ends; its connections are closed.
    pub fn crash(&self, host: &Host) {
        self.call(&["crash", &host.name]);
    }

    /// Every process of the host ends, and it boots again: another boot id, `/tmp` and `/run` empty, its files kept.
    /// Returns when its sshd speaks.
    pub fn restart(&self, host: &Host) {
        self.call(&["restart", &host.name]);
    }

    /// Returns when its sshd speaks.
    pub fn wait(&self, host: &Host) {
        self.call(&["wait", &host.name]);
    }

    /// All its connections are reset; new ones can be made.
    pub fn cut(&self, host: &Host) {
        self.call(&["cut", &host.name]);
    }

    /// Every packet to and from the host vanishes until [`Lab::resume`].
    pub fn hang(&self, host: &Host) {
        self.call(&["hang", &host.name]);
    }

    /// Packets pass again.
    pub fn resume(&self, host: &Host) {
        self.call(&["resume", &host.name]);
    }

    /// So long is its round trip from now on.
    pub fn latency(&self, host: &Host, milliseconds: u32) {
        self.call(&["latency", &host.name, &milliseconds.to_string()]);
    }

    /// A folder of the host gets a disk of 1 MiB of its own, for [`Lab::fill`] and [`Lab::free`]. It is gone after a
    /// restart.
    pub fn small(&self, host: &Host, folder: &str) {
        self.call(&["small", &host.name, folder]);
    }

    /// The small disk below a folder is full.
    pub fn fill(&self, host: &Host, folder: &str) {
        self.call(&["fill", &host.name, folder]);
    }

    /// The small disk below a folder has room again.
    pub fn free(&self, host: &Host, folder: &str) {
        self.call(&["free", &host.name, folder]);
    }

    /// Each of the two has a route to the other and to nothing else. The network namespace of `other`, to run a command
    /// in that reaches `host` alone.
    pub fn seclude(&self, host: &Host, other: &Host) -> String {
        self.call(&["seclude", &host.name, &other.name]).trim().to_owned()
    }

    /// From now on only other hosts reach it.
    pub fn hide(&self, host: &Host) {
        self.call(&["hide", &host.name]);
    }

    /// Gives the host other keys, and returns it with them.
    pub fn rekey(&self, host: &Host) -> Host {
        #[derive(Deserialize)]
        struct Keys {
            keys: Vec<String>,
        }
        let keys: Keys = serde_json::from_str(&self.call(&["rekey", &host.name])).unwrap();
        Host { keys: keys.keys, ..host.clone() }
    }

    fn call(&self, arguments: &[&str]) -> String {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab/lab.py");
        let output = Command::new("python3").arg(program).arg(&self.folder).args(arguments).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the lab cannot `{}`: {errors}", arguments.join(" "));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// A home folder with `.ssh/` in it: the lab's key, the given hosts as known, and no agent.
pub struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    /// A home that knows `hosts`.
    pub fn knowing(hosts: &[&Host]) -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(home.ssh("")).unwrap();
        home.add_key("id_ed25519", &fs::read(lab().key()).unwrap());
        home.write("config", "IdentityAgent none\n");
        let lines: Vec<String> = hosts.iter().map(|host| format!("{} {}\n", host.address, host.keys[0])).collect();
        home.write("known_hosts", &lines.concat());
        home
    }

    /// The folder itself: `HOME`.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Options of OpenSSH for somebody with this home: it takes the home of the user database, not `HOME`.
    pub fn ssh_options(&self) -> Vec<String> {
        let pairs = [("UserKnownHostsFile", "known_hosts"), ("IdentityFile", "id_ed25519")];
        let options = pairs.iter().map(|(option, file)| format!("-o{option}={}", self.ssh(file).display()));
        std::iter::once(format!("-F{}", self.ssh("config").display())).chain(options).collect()
    }

    /// A path below `.ssh/`.
    pub fn ssh(&self, name: &str) -> PathBuf {
        self.folder.path().join(".ssh").join(name)
    }

    /// Writes a file below `.ssh/`.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.ssh(name), text).unwrap();
    }

    /// The text of a file below `.ssh/`.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.ssh(name)).unwrap()
    }

    /// Writes a private key as ssh wants it.
    pub fn add_key(&self, name: &str, key: &[u8]) {
        fs::write(self.ssh(name), key).unwrap();
        fs::set_permissions(self.ssh(name), fs::Permissions::from_mode(0o600)).unwrap();
    }
}
