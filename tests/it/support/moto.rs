//! `moto_server` on loopback: EC2's wire protocol without EC2. One server for all tests; each takes a region of its own.

use super::project::{Project, search_path};
use aws_sdk_ec2::config::{Credentials, Region as RegionName};
use aws_sdk_ec2::types::{Filter, Reservation, Tag};
use aws_sdk_ec2::{Client, config};
use std::future::Future;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;

/// The tag by which Aether's objects are known.
const ADDRESS: &str = "aether:address";

/// A server that runs as long as this process.
pub struct Moto {
    endpoint: String,
    /// The shell ends the server when this pipe closes, however this process ends.
    _child: Child,
}

impl Moto {
    /// The one that all tests share.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Moto> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&[]))
    }

    /// One of its own, with settings in its environment.
    pub fn start(settings: &[(&str, &str)]) -> Self {
        let script = "moto_server -H 127.0.0.1 -p 0 2>&1 </dev/null & read -r _; kill $!";
        let mut command = Command::new("sh");
        command.args(["-c", script]).env("PATH", search_path()).envs(settings.iter().copied());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut before = Vec::new();
        let endpoint = said.by_ref().find_map(|line| {
            let found = line.split_once("Running on ").map(|(_, url)| url.trim().to_owned());
            before.push(line);
            found
        });
        let endpoint = endpoint.unwrap_or_else(|| panic!("moto_server does not start:\n{}", before.join("\n")));
        // What it says of each request is nobody's; it must only not wait for a reader.
        thread::spawn(move || said.for_each(drop));
        Self { endpoint, _child: child }
    }

    /// `http://127.0.0.1:4711`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The variables by which the SDK finds it.
    pub fn variables(endpoint: &str) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", endpoint.to_owned()),
            ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ]
    }
}

/// A region of the shared server, as somebody at the console sees it.
pub struct Region {
    pub client: Client,
    runtime: tokio::runtime::Runtime,
}

impl Region {
    pub fn of(name: &str) -> Self {
        let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "tests");
        let own = config::Builder::new().behavior_version_latest().region(RegionName::new(name.to_owned()));
        let own = own.endpoint_url(Moto::shared().endpoint()).credentials_provider(credentials).build();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { client: Client::from_conf(own), runtime }
    }

    /// Waits for an answer.
    pub fn ask<T, E: std::fmt::Debug>(&self, asking: impl Future<Output = Result<T, E>>) -> T {
        self.runtime.block_on(asking).unwrap()
    }

    /// Every object of Aether's that stands, as `kind/name id`, sorted.
    pub fn objects(&self) -> Vec<String> {
        let client = &self.client;
        let ours = || Filter::builder().name("tag-key").values(ADDRESS).build();
        let standing = Filter::builder().name("instance-state-name").values("running").values("stopped").build();
        let machines = self.ask(client.describe_instances().filters(ours()).filters(standing).send());
        let machines = machines.reservations().iter().flat_map(Reservation::instances);
        let mut all: Vec<String> = machines.map(|one| line(one.tags(), one.instance_id())).collect();
        let vpcs = self.ask(client.describe_vpcs().filters(ours()).send());
        all.extend(vpcs.vpcs().iter().map(|one| line(one.tags(), one.vpc_id())));
        let subnets = self.ask(client.describe_subnets().filters(ours()).send());
        all.extend(subnets.subnets().iter().map(|one| line(one.tags(), one.subnet_id())));
        let gateways = self.ask(client.describe_internet_gateways().filters(ours()).send());
        all.extend(gateways.internet_gateways().iter().map(|one| line(one.tags(), one.internet_gateway_id())));
        let tables = self.ask(client.describe_route_tables().filters(ours()).send());
        all.extend(tables.route_tables().iter().map(|one| line(one.tags(), one.route_table_id())));
        let groups = self.ask(client.describe_security_groups().filters(ours()).send());
        all.extend(groups.security_groups().iter().map(|one| line(one.tags(), one.group_id())));
        all.sort();
        all
    }

    /// The id of an object: `vpc/main`.
    pub fn id(&self, name: &str) -> String {
        let all = self.objects();
        let found = all.iter().find_map(|line| line.strip_prefix(&format!("{name} ")));
        found.unwrap_or_else(|| panic!("no {name} in {all:?}")).to_owned()
    }
}

/// `vpc/main vpc-0123`.
fn line(tags: &[Tag], id: Option<&str>) -> String {
    let address = tag(tags, ADDRESS);
    format!("{} {}", address.splitn(3, '/').last().unwrap(), id.unwrap())
}

/// The value of a tag.
pub fn tag<'a>(tags: &'a [Tag], key: &str) -> &'a str {
    tags.iter().find(|tag| tag.key() == Some(key)).and_then(Tag::value).unwrap_or_default()
}

/// Runs `aether` against an endpoint.
pub fn aether(project: &Project, endpoint: &str, arguments: &[&str]) -> Command {
    let mut command = project.aether(arguments);
    command.envs(Moto::variables(endpoint));
    command
}
