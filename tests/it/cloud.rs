//! `provider: aws` from the command line against `moto_server`: plan, apply, changes, drift, killed runs, destroy.

mod between;
mod killed;
mod record;
mod refused;

use crate::support::moto::{Moto, Region, aether};
use crate::support::project::Project;
use std::process::Output;

/// An image that `moto_server` knows in every region; its system disk is `/dev/sda1`.
const IMAGE: &str = "ami-1e749f67";
const OTHER_IMAGE: &str = "ami-760aaa0f";

/// One machine in `region`; `more` are further keys of its host group.
fn manifest(region: &str, more: &str) -> String {
    format!(
        "aether: 1\nname: demo\nhosts:\n  trainers:\n    provider: aws\n    region: {region}\n    machine: t3.large\n    {more}\n"
    )
}

fn usual(region: &str) -> String {
    manifest(region, &format!("image: {IMAGE}\n    ssh_from: [203.0.113.7/32]"))
}

/// A project in a region of its own.
struct Story {
    project: Project,
    region: Region,
    name: &'static str,
}

impl Story {
    fn in_region(name: &'static str) -> Self {
        Self { project: Project::with_manifest(&usual(name)), region: Region::of(name), name }
    }

    fn write(&self, manifest: &str) {
        std::fs::write(self.project.path().join("aether.yaml"), manifest).unwrap();
    }

    /// Runs a command that must end with `status`; what it said, on both streams.
    fn says(&self, arguments: &[&str], status: i32) -> String {
        let output = aether(&self.project, Moto::shared().endpoint(), arguments).output().unwrap();
        said(&output, arguments, status)
    }

    fn apply(&self) -> String {
        self.says(&["apply", "--yes"], 0)
    }

    /// The plan must have nothing to do.
    fn is_settled(&self) {
        let plan = self.says(&["plan", "--detailed-exitcode"], 0);
        assert!(plan.contains("no changes: every object of the cloud is as wanted"), "{plan}");
    }
}

fn said(output: &Output, arguments: &[&str], status: i32) -> String {
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "{arguments:?}:\n{text}");
    text
}

/// Replaces the ids of a region by their names, so that a text is the same in every run.
fn settled(text: &str, region: &Region) -> String {
    region.objects().iter().fold(text.to_owned(), |text, line| {
        let (name, id) = line.split_once(' ').unwrap();
        text.replace(id, &format!("[{name}]"))
    })
}

#[test]
fn machines_are_planned_made_kept_and_taken_away() {
    let story = Story::in_region("us-west-2");
    insta::assert_snapshot!("cloud_first_plan", story.says(&["plan", "--detailed-exitcode"], 2));
    assert_eq!(story.region.objects(), [""; 0], "a plan makes nothing");
    let applied = story.apply();
    assert!(applied.contains("6 done, 0 not done"), "{applied}");
    let names: Vec<String> =
        story.region.objects().iter().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    let expected =
        ["instance/trainers/0", "internet_gateway/main", "route_table/main", "security_group/trainers", "subnet/main"];
    assert_eq!(names[..5], expected);
    assert_eq!(names[5..], ["vpc/main"]);
    story.is_settled();
    is_as_promised(&story.region);
    let status = story.says(&["status"], 0);
    let machine = format!("aws/us-west-2/instance/trainers/0  {}  complete", story.region.id("instance/trainers/0"));
    assert!(status.contains(&machine) && status.contains("0 hosts, 6 objects of clouds, serial 1"), "{status}");
    insta::assert_snapshot!("cloud_plan_to_destroy", settled(&story.says(&["plan", "--destroy"], 0), &story.region));
    let gone = story.says(&["destroy", "--yes"], 0);
    assert!(gone.contains("6 done, 0 not done"), "{gone}");
    assert_eq!(story.region.objects(), [""; 0]);
    let again = story.says(&["destroy", "--yes"], 0);
    assert!(again.contains("nothing to do"), "{again}");
}

/// What the docs promise of every machine: an encrypted disk, `IMDSv2` only, and port 22 for the given ranges alone.
fn is_as_promised(region: &Region) {
    let answer = region.ask(region.client.describe_instances().instance_ids(region.id("instance/trainers/0")).send());
    let machine = &answer.reservations()[0].instances()[0];
    assert_eq!(machine.metadata_options().unwrap().http_tokens().unwrap().as_str(), "required");
    assert_eq!(machine.block_device_mappings().len(), 1, "one disk and no second");
    let disk = machine.block_device_mappings()[0].ebs().unwrap().volume_id().unwrap();
    let volumes = region.ask(region.client.describe_volumes().volume_ids(disk).send());
    assert_eq!((volumes.volumes()[0].encrypted(), volumes.volumes()[0].size()), (Some(true), Some(200)));
    assert_eq!(crate::support::moto::tag(machine.tags(), "aether:project"), "demo");
    assert_eq!(crate::support::moto::tag(machine.tags(), "Name"), "demo-trainers-0");
    let groups = region.client.describe_security_groups().group_ids(region.id("security_group/trainers"));
    let rules = region.ask(groups.send()).security_groups()[0].ip_permissions().to_vec();
    assert_eq!(rules.len(), 1);
    assert_eq!((rules[0].from_port(), rules[0].ip_ranges()[0].cidr_ip()), (Some(22), Some("203.0.113.7/32")));
}

#[test]
fn a_changed_wish_is_met_in_place_where_that_can_be() {
    let story = Story::in_region("eu-west-1");
    story.apply();
    let before = story.region.objects();
    let ranges = "ssh_from: [198.51.100.0/24, \"2001:db8::/48\"]";
    story.write(&manifest(story.name, &format!("image: {IMAGE}\n    {ranges}")).replace("t3.large", "t3.xlarge"));
    insta::assert_snapshot!("cloud_plan_in_place", settled(&story.says(&["plan"], 0), &story.region));
    story.apply();
    assert_eq!(story.region.objects(), before, "the same objects stand");
    story.is_settled();
    story.write(&manifest(story.name, &format!("image: {OTHER_IMAGE}\n    {ranges}")).replace("t3.large", "t3.xlarge"));
    insta::assert_snapshot!("cloud_plan_to_replace", settled(&story.says(&["plan"], 0), &story.region));
    story.apply();
    let replaced: Vec<String> = story.region.objects().into_iter().filter(|line| !before.contains(line)).collect();
    assert!(matches!(replaced.as_slice(), [one] if one.starts_with("instance/trainers/0 ")), "{replaced:?}");
    story.is_settled();
}

#[test]
fn machines_follow_the_count_of_their_host_group() {
    let story = Story::in_region("eu-west-2");
    let of = |count: u32| usual(story.name) + &format!("    count: {count}\n");
    story.write(&of(3));
    story.apply();
    story.write(&of(1));
    let plan = story.says(&["plan"], 0);
    assert!(plan.contains("- instance trainers/1  no longer in the manifest"), "{plan}");
    assert!(plan.contains("plan: 2 to delete"), "{plan}");
    story.apply();
    let machines: Vec<String> =
        story.region.objects().into_iter().filter(|line| line.starts_with("instance/")).collect();
    assert!(matches!(machines.as_slice(), [one] if one.starts_with("instance/trainers/0 ")), "{machines:?}");
}

#[test]
fn what_was_changed_or_deleted_by_hand_is_seen_and_brought_back() {
    let story = Story::in_region("eu-central-1");
    story.apply();
    let Region { client, .. } = &story.region;
    let (machine, group) = (story.region.id("instance/trainers/0"), story.region.id("security_group/trainers"));
    let open = client.authorize_security_group_ingress().group_id(&group).ip_protocol("tcp").from_port(80).to_port(80);
    story.region.ask(open.cidr_ip("0.0.0.0/0").send());
    story.region.ask(client.terminate_instances().instance_ids(&machine).send());
    insta::assert_snapshot!("cloud_drift", settled(&story.says(&["drift"], 2), &story.region));
    story.apply();
    story.is_settled();
    assert_ne!(story.region.id("instance/trainers/0"), machine);
    is_as_promised(&story.region);
    story.region.ask(client.stop_instances().instance_ids(story.region.id("instance/trainers/0")).send());
    let plan = story.says(&["plan"], 0);
    assert!(plan.contains("power: stopped → running"), "{plan}");
    story.apply();
    story.is_settled();
}

#[test]
fn a_saved_plan_is_applied_as_it_is_or_not_at_all() {
    let story = Story::in_region("ap-south-1");
    story.says(&["plan", "-o", "first.plan"], 0);
    story.says(&["apply", "first.plan"], 0);
    story.is_settled();
    story.write(&usual(story.name).replace("203.0.113.7/32", "198.51.100.0/24"));
    story.says(&["plan", "-o", "second.plan"], 0);
    let machine = story.region.id("instance/trainers/0");
    story.region.ask(story.region.client.terminate_instances().instance_ids(machine).send());
    let stale = story.says(&["apply", "second.plan"], 3);
    assert!(stale.contains("the objects in the cloud are not what they were"), "{stale}");
}

#[test]
fn two_projects_do_not_see_each_other() {
    let (one, other) = (Story::in_region("sa-east-1"), Story::in_region("sa-east-1"));
    one.apply();
    let plan = other.says(&["plan"], 0);
    assert!(plan.contains("plan: 6 to create"), "{plan}");
    other.apply();
    one.says(&["destroy", "--yes"], 0);
    assert_eq!(other.region.objects().len(), 6);
    other.is_settled();
}

#[test]
fn whoever_may_not_ask_is_told_what_to_do() {
    let strict = Moto::start(&[("INITIAL_NO_AUTH_ACTION_COUNT", "0")]);
    let project = Project::with_manifest(&usual("us-east-2"));
    let of = |endpoint: &str, arguments: &[&str], status: i32| {
        let output = aether(&project, endpoint, arguments).output().unwrap();
        said(&output, arguments, status).replace(endpoint, "[ENDPOINT]")
    };
    insta::assert_snapshot!("cloud_refused", of(strict.endpoint(), &["plan"], 1));
    let refused = of(strict.endpoint(), &["apply", "--yes"], 1);
    assert!(refused.contains("not planned: aws/us-east-2/vpc/main"), "{refused}");
    let mut nobody = project.aether(&["plan"]);
    nobody.env("AWS_EC2_METADATA_DISABLED", "true");
    insta::assert_snapshot!("cloud_no_credentials", said(&nobody.output().unwrap(), &["plan"], 1));
    let nowhere = of("http://127.0.0.1:9", &["plan"], 1);
    assert!(nowhere.contains("`[ENDPOINT]` did not answer DescribeInstances"), "{nowhere}");
}

#[test]
fn a_machine_that_cannot_be_had_stops_only_what_hangs_on_it() {
    let story = Story::in_region("ca-central-1");
    story.write(&manifest(story.name, "image: ami-0123456789abcdef0\n    ssh_from: [203.0.113.7/32]"));
    let partly = story.says(&["apply", "--yes"], 4);
    assert!(partly.contains("5 done, 1 not done") && partly.contains("InvalidAMIID.NotFound"), "{partly}");
    assert!(partly.contains("fix: name an `image` of this region"), "{partly}");
    story.write(&usual(story.name));
    story.apply();
    story.is_settled();
}
