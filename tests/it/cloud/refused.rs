//! The bad days: EC2 says no, in each of its ways. Every message says what, why and what to do; afterwards the same
//! command goes on as if nothing had been.

use super::Story;
use super::between::{Message, ask, message, serve};
use crate::support::moto::aether;
use std::fmt::Write as _;

/// A refusal that `moto_server` cannot be brought to, in the words of EC2.
struct Day {
    name: &'static str,
    /// The call that is refused; all others are answered by `moto_server`.
    call: &'static str,
    status: u16,
    code: &'static str,
    words: &'static str,
}

const DAYS: &[Day] = &[
    Day {
        name: "credentials that have expired",
        call: "DescribeInstances",
        status: 400,
        code: "RequestExpired",
        words: "Request has expired.",
    },
    Day {
        name: "a region that is not enabled",
        call: "DescribeInstances",
        status: 401,
        code: "OptInRequired",
        words: "You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe.",
    },
    Day {
        name: "a call that is not allowed",
        call: "CreateVpc",
        status: 403,
        code: "UnauthorizedOperation",
        words: "You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/dev is not \
                authorized to perform: ec2:CreateVpc because no identity-based policy allows the ec2:CreateVpc action. \
                Encoded authorization failure message: 4GIOHlTkIaWHQD0Q0m6XSnuUMCm-abcdef",
    },
    Day {
        name: "a quota of networks",
        call: "CreateVpc",
        status: 400,
        code: "VpcLimitExceeded",
        words: "The maximum number of VPCs has been reached.",
    },
    Day {
        name: "a quota of processors",
        call: "RunInstances",
        status: 400,
        code: "VcpuLimitExceeded",
        words: "You have requested more vCPU capacity than your current vCPU limit of 0 allows for the instance bucket \
                that the specified instance type belongs to.",
    },
    Day {
        name: "a type that the zone does not offer",
        call: "RunInstances",
        status: 400,
        code: "Unsupported",
        words: "Your requested instance type (t3.large) is not supported in your requested Availability Zone \
                (ap-northeast-1b).",
    },
    Day {
        name: "no machine left",
        call: "RunInstances",
        status: 500,
        code: "InsufficientInstanceCapacity",
        words: "We currently do not have sufficient t3.large capacity in the Availability Zone you requested.",
    },
    Day {
        name: "a key pair of another region",
        call: "RunInstances",
        status: 400,
        code: "InvalidKeyPair.NotFound",
        words: "The key pair 'laptop' does not exist",
    },
    Day {
        name: "too many calls",
        call: "RunInstances",
        status: 503,
        code: "RequestLimitExceeded",
        words: "Request limit exceeded.",
    },
    Day {
        name: "an account that is held back",
        call: "RunInstances",
        status: 400,
        code: "PendingVerification",
        words: "Your request for accessing resources in this region is being validated.",
    },
];

/// What an apply says on that day, and how it ends; the next one, on a better day, must bring everything.
fn said(day: &'static Day) -> String {
    let story = Story::in_region("ap-northeast-1");
    let endpoint = serve(move |stream| {
        let request = message(stream);
        let refusal = || Message::refusal(day.status, day.code, day.words);
        let answer = if request.is_call(day.call) { refusal() } else { ask(&request) };
        answer.send(stream);
    });
    let output = aether(&story.project, &endpoint, &["apply", "--yes"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let is_told = |line: &&str| line.contains(day.code) || line.starts_with("fix:");
    let told: Vec<&str> = text.lines().map(str::trim).filter(is_told).collect();
    story.apply();
    story.is_settled();
    format!("{}\n{}\n", output.status, told.join("\n")).replace(&endpoint, "[ENDPOINT]")
}

#[test]
fn every_refusal_says_what_why_and_what_to_do() {
    let mut all = String::new();
    for day in DAYS {
        writeln!(all, "== {}\n{}", day.name, said(day)).unwrap();
    }
    insta::with_settings!({ snapshot_path => "../snapshots" }, { insta::assert_snapshot!("cloud_refusals", all) });
}
