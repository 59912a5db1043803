//! A run that is killed at any call: what it has made is found by its tag, and nothing is made twice.

use super::Story;
use super::between::{ask, message, serve};
use crate::support::moto::aether;
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

/// Every call that changes something on the way from nothing to a machine, in the order of runs that do one thing at a
/// time, each of which is killed at the next: what is half done comes where the plan has it, so the rules come late.
const MAKING: [&str; 10] = [
    "CreateVpc",
    "CreateInternetGateway",
    "AttachInternetGateway",
    "CreateSubnet",
    "CreateSecurityGroup",
    "CreateRouteTable",
    "CreateRoute",
    "AssociateRouteTable",
    "AuthorizeSecurityGroupIngress",
    "RunInstances",
];

/// The same on the way back.
const UNMAKING: [&str; 8] = [
    "TerminateInstances",
    "DisassociateRouteTable",
    "DeleteRouteTable",
    "DetachInternetGateway",
    "DeleteInternetGateway",
    "DeleteSecurityGroup",
    "DeleteSubnet",
    "DeleteVpc",
];

/// Stands between Aether and EC2, and kills Aether when EC2 has done the call and the answer is on its way.
struct Killer {
    endpoint: String,
    /// The process to kill; held while it starts.
    victim: Arc<Mutex<u32>>,
}

impl Killer {
    fn at(call: &'static str) -> Self {
        let victim: Arc<Mutex<u32>> = Arc::default();
        let known = Arc::clone(&victim);
        let endpoint = serve(move |stream| pass(stream, call, &known));
        Self { endpoint, victim }
    }

    /// Runs a command until the call; false when it ended before.
    fn runs(&self, story: &Story, arguments: &[&str]) -> bool {
        let mut command = aether(&story.project, &self.endpoint, arguments);
        let mut victim = self.victim.lock().unwrap();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        *victim = child.id();
        drop(victim);
        child.wait().unwrap().code().is_none()
    }
}

/// Passes one request on, and its answer back.
fn pass(client: &TcpStream, call: &str, victim: &Mutex<u32>) {
    let request = message(client);
    let answer = ask(&request);
    if request.is_call(call) {
        let victim = victim.lock().unwrap().to_string();
        assert!(Command::new("kill").args(["-KILL", &victim]).status().unwrap().success());
        return;
    }
    answer.send(client);
}

#[test]
fn a_run_killed_at_any_call_is_gone_on_with_and_leaves_one_of_each() {
    let story = Story::in_region("us-west-1");
    for call in MAKING {
        assert!(Killer::at(call).runs(&story, &["apply", "--yes", "--forks", "1"]), "{call} was never made");
    }
    let last = story.apply();
    assert!(last.contains("1 done, 0 not done"), "only the machine is left to record:\n{last}");
    story.is_settled();
    let objects = story.region.objects();
    assert_eq!(objects.len(), 6, "{objects:?}");
    for call in UNMAKING {
        assert!(Killer::at(call).runs(&story, &["destroy", "--yes", "--forks", "1"]), "{call} was never made");
    }
    story.says(&["destroy", "--yes"], 0);
    assert_eq!(story.region.objects(), [""; 0]);
    let state = std::fs::read_to_string(story.project.path().join(".aether/state/state.json")).unwrap();
    assert!(!state.contains("vpc-"), "nothing is recorded any more:\n{state}");
}
