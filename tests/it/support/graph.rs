//! Builds a small, valid graph by hand, so that tests of artifacts need neither a manifest nor a resolver.

use aether::address::HostAddress;
use aether::diagnostic::{Source, Span};
use aether::graph::{Cluster, Graph, Host, Machines, Target, Way, link};
use aether::project::{
    Accelerator, Architecture, Environment, HostGroup, Lock, LockedEnvironment, LockedPackage, LockedStack, LockedTool,
    Mirrors, Platform, Project, Software,
};
use aether::stack::{Fabric, Module};
use aether::yaml::{Kind, Node, Spanned};

/// Intel and AMD without a GPU.
pub const CPU: Platform = Platform { architecture: Architecture::X86_64, accelerator: Accelerator::Cpu };
/// Intel and AMD with NVIDIA GPUs.
pub const CUDA: Platform = Platform { architecture: Architecture::X86_64, accelerator: Accelerator::Cuda };

/// A place in a text that nobody reads.
pub fn nowhere() -> Span {
    Span::new(&Source::new("aether.yaml", ""), 0..0)
}

/// A graph in the making.
#[derive(Debug)]
pub struct GraphBuilder {
    project: Project,
    hosts: Vec<Host>,
    machines: Vec<Machines>,
    clusters: Vec<Cluster>,
}

impl GraphBuilder {
    /// An empty project with uv in its lock.
    pub fn new(name: &str) -> Self {
        let uv = LockedTool { name: "uv".to_owned(), version: "0.13.8".to_owned(), hashes: vec![hash(7), hash(8)] };
        let lock = Lock { version: 1, tools: vec![uv], ..Lock::default() };
        let project = Project {
            name: name.to_owned(),
            environments: Vec::new(),
            groups: Vec::new(),
            clusters: Vec::new(),
            lock,
            mirrors: Mirrors::default(),
            max_hourly_cost: None,
            wheels: aether::stack::Wheels::embedded(),
        };
        Self { project, hosts: Vec::new(), machines: Vec::new(), clusters: Vec::new() }
    }

    /// Has everything come from these places.
    #[must_use]
    pub fn mirrors(mut self, mirrors: Mirrors) -> Self {
        self.project.mirrors = mirrors;
        self
    }

    /// Adds an environment that is locked for `platforms`, with packages `name==version` and imports.
    #[must_use]
    pub fn environment(
        mut self,
        name: &str,
        platforms: &[Platform],
        packages: &[(&str, &str)],
        imports: &[&str],
    ) -> Self {
        let wishes: Vec<String> = packages.iter().map(|(name, version)| format!("{name}=={version}")).collect();
        self.project.environments.push(Environment {
            name: name.to_owned(),
            span: nowhere(),
            python: "3.11".to_owned(),
            requirements_cpu: wishes.clone(),
            requirements_cuda: wishes,
            imports: imports.iter().map(|&import| import.to_owned()).collect(),
            platforms: platforms.to_vec(),
            builds: Vec::new(),
        });
        let locked = |platform| LockedEnvironment {
            name: name.to_owned(),
            platform,
            python: "3.11".to_owned(),
            variant: None,
            index: None,
            inputs: hash(0),
            packages: packages.iter().zip(1..).map(|(&(name, version), n)| package(name, version, n)).collect(),
        };
        self.project.lock.environments.extend(platforms.iter().copied().map(locked));
        self
    }

    /// Replaces the pins: real ones, where the rendered files are to be run.
    #[must_use]
    pub fn lock(mut self, lock: Lock) -> Self {
        self.project.lock = lock;
        self
    }

    /// Adds a host group of `provider`; its hosts come with [`Self::host`] or [`Self::machines`].
    #[must_use]
    pub fn group(
        mut self,
        name: &str,
        provider: &str,
        platform: Platform,
        environments: &[&str],
        playbooks: &[&str],
    ) -> Self {
        let texts = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        self.project.groups.push(HostGroup {
            name: name.to_owned(),
            span: nowhere(),
            provider: Spanned::new(provider.to_owned(), nowhere()),
            platform,
            accelerators: None,
            software: Software::default(),
            stack: None,
            environments: texts(environments),
            playbooks: texts(playbooks).into_iter().map(|path| Spanned::new(path, nowhere())).collect(),
            max_hourly_cost: None,
            section: Node::new(Kind::Map(Vec::new()), nowhere()),
        });
        self
    }

    /// Adds a host to a group that is there already. Hosts on this machine are not system-managed, all others are.
    #[must_use]
    pub fn host(mut self, group: &str, name: &str, way: Way, prefix: &str) -> Self {
        let platform = self.project.groups.iter().find(|g| g.name == group).expect("the group comes first").platform;
        self.hosts.push(Host {
            address: HostAddress::new(group, name),
            is_system_managed: way != Way::Local,
            target: Target { name: name.to_owned(), way },
            platform,
            prefix: prefix.to_owned(),
        });
        self
    }

    /// Gives a host group, or a cluster, GPUs with what is beneath its environments.
    #[must_use]
    pub fn stack(mut self, stack: LockedStack, software: Software) -> Self {
        if let Some(group) = self.project.groups.iter_mut().find(|group| group.name == stack.group) {
            group.accelerators = Some((stack.device.clone(), 8));
            group.stack = Some(stack.clone());
            group.software = software;
        }
        self.project.lock.stacks.push(stack);
        self
    }

    /// Adds machines that a cloud is to make.
    #[must_use]
    pub fn machines(mut self, machines: Machines) -> Self {
        self.machines.push(machines);
        self
    }

    /// Adds a cluster with its workloads.
    #[must_use]
    pub fn cluster(mut self, cluster: Cluster) -> Self {
        self.clusters.push(cluster);
        self
    }

    /// The graph.
    pub fn build(self) -> Graph {
        link(self.project, self.hosts, self.machines, Vec::new(), self.clusters)
    }
}

/// The way to a host over SSH with nothing but its address.
pub fn ssh(host: &str) -> Way {
    Way::Ssh { host: host.to_owned(), user: None, port: None, identity_file: None, jump: None }
}

fn package(name: &str, version: &str, n: u8) -> LockedPackage {
    LockedPackage { name: name.to_owned(), version: version.to_owned(), hashes: vec![hash(n), hash(n + 100)] }
}

fn hash(n: u8) -> String {
    format!("sha256:{}", format!("{n:02x}").repeat(32))
}

/// A project with every kind of host: over SSH with and without settings, on this machine, and yet to be made.
pub fn hosts_of_all_kinds() -> Graph {
    let far = Way::Ssh {
        host: "gpu2.example.com".to_owned(),
        user: Some("ubuntu".to_owned()),
        port: Some(2222),
        identity_file: Some("~/.ssh/lab key".to_owned()),
        jump: Some("me@bastion.example.com:22".to_owned()),
    };
    let settings = serde_json::json!({
        "disk_gib": 200, "image": null, "key_name": "team", "machine": "p4d.24xlarge", "region": "us-west-2", "spot": true,
        "ssh_from": ["192.0.2.0/24"],
    });
    let serde_json::Value::Object(settings) = settings else { unreachable!("written as an object") };
    GraphBuilder::new("sentiment")
        .environment("train", &[CUDA], &[("numpy", "2.4.0"), ("torch", "2.10.0")], &["torch"])
        .environment("serve", &[CPU, CUDA], &[("tensorflow", "2.20.0")], &["tensorflow"])
        .group("lab", "ssh", CUDA, &["train", "serve"], &["playbooks/motd.yml"])
        .group("here", "local", CPU, &["serve"], &[])
        .group("big-machines", "aws", CUDA, &["train"], &["playbooks/motd.yml"])
        .host("lab", "gpu1.example.com", ssh("gpu1.example.com"), "/opt/aether")
        .host("lab", "gpu2.example.com", far, "/opt/aether")
        .host("here", "here", Way::Local, "/home/me/sentiment/.aether/hosts/here")
        .machines(Machines {
            group: "big-machines".to_owned(),
            provider: "aws".to_owned(),
            count: 2,
            settings: settings.into_iter().collect(),
            price: None,
        })
        .build()
}

/// Eight A100 and the driver that fits.
pub fn a100(group: &str) -> LockedStack {
    LockedStack {
        group: group.to_owned(),
        device: "A100".to_owned(),
        driver: Some("580".to_owned()),
        driver_floor: Some("525.60.13".to_owned()),
        driver_below: None,
        kernel_modules: Some(Module::Open),
        cuda_toolkit: None,
        fabric: Some(Fabric::Nvswitch),
        unconfirmed: vec!["the system of the hosts, which `system` does not name".to_owned()],
        inputs: hash(0),
    }
}
