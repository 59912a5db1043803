//! What the SDK says when something went wrong, in words of the port with what to do about it.

use crate::ports::CloudError;
use aws_sdk_ec2::config::http::HttpResponse;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use std::error::Error;

/// From this status on, the server does not say whether it did anything …
const SERVER_ERRORS: u16 = 500;

/// … but with these codes, which come with such a status too, it says that it did nothing.
const DID_NOTHING: &[&str] = &[
    "InsufficientAddressCapacity",
    "InsufficientHostCapacity",
    "InsufficientInstanceCapacity",
    "InsufficientReservedInstanceCapacity",
    "InsufficientVolumeCapacity",
    "RequestLimitExceeded",
    "Throttling",
];

/// Codes of EC2 with what to do about them; `{call}` is the call that was refused.
/// Source: "Error codes for the Amazon EC2 API", docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
const FIXES: &[(&[&str], &str)] = &[
    (
        &["AuthFailure", "InvalidClientTokenId", "SignatureDoesNotMatch", "UnrecognizedClientException"],
        "give credentials that are valid there: `AWS_PROFILE`, or `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; \
         `aws sts get-caller-identity` shows whose they are",
    ),
    (&["ExpiredToken", "RequestExpired"], "log in again, see that this machine's clock is right, then `aether resume`"),
    (
        &["UnauthorizedOperation"],
        "have the account's administrator allow `ec2:{call}`; docs/aws.md lists all that is needed",
    ),
    (&["Blocked", "PendingVerification"], "the account itself is held back: write to the support of AWS"),
    (&["OptInRequired"], "enable the `region` for the account, or take one that is enabled"),
    (
        &[
            "AddressLimitExceeded",
            "InstanceLimitExceeded",
            "InternetGatewayLimitExceeded",
            "MaxSpotInstanceCountExceeded",
            "SecurityGroupLimitExceeded",
            "VcpuLimitExceeded",
            "VpcLimitExceeded",
        ],
        "raise the quota in the console of Service Quotas, or take another `region`; then `aether resume`",
    ),
    (
        &["InsufficientInstanceCapacity", "InsufficientHostCapacity", "SpotMaxPriceTooLow"],
        "`aether resume` in a while, for capacity comes and goes; or take another `machine` or `region`",
    ),
    (&["Unsupported", "InvalidInstanceType"], "take another `machine` or `region`"),
    (
        &["InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidAMIID.Unavailable"],
        "name an `image` of this region",
    ),
    (&["InvalidKeyPair.NotFound"], "name a `key_name` of this region, or leave it out"),
    (&["RequestLimitExceeded", "Throttling"], "too many calls at once: wait a little, then `aether resume`"),
];

/// A failed call.
pub(super) fn told<E>(endpoint: &str, call: &'static str, error: &SdkError<E, HttpResponse>) -> CloudError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let is_sure = error.raw_response().is_some_and(|response| response.status().as_u16() < SERVER_ERRORS);
    let endpoint = endpoint.to_owned();
    match error.code() {
        Some(code) if is_sure || DID_NOTHING.contains(&code) => {
            let fix = FIXES.iter().find(|(codes, _)| codes.contains(&code));
            let fix = fix.map(|(_, fix)| fix.replace("{call}", call));
            let message = readable(error.message().unwrap_or_default());
            CloudError::Refused { endpoint, call, code: code.to_owned(), message, fix }
        }
        _ => CloudError::Unanswered { endpoint, call, source: causes(error).into() },
    }
}

/// What EC2 says, without the part that only it can read.
fn readable(message: &str) -> String {
    let words = message.split("Encoded authorization failure message").next().unwrap_or_default();
    words.trim().trim_end_matches('.').to_owned()
}

/// What lies beneath an error of the SDK, whose own words only name the step: `client error (Connect): …`.
fn causes(error: &dyn Error) -> String {
    let mut words = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        words.push(cause.to_string());
        source = cause.source();
    }
    if words.is_empty() { error.to_string() } else { words.join(": ") }
}

/// Nobody said who asks. The SDK's list of all the places it looked in, a line each, is left out.
pub(super) fn no_credentials(endpoint: &str, error: &dyn Error) -> CloudError {
    let words = causes(error);
    let reason = words.split(" Attempted:").next().unwrap_or_default().trim_end_matches('.');
    CloudError::NoCredentials {
        endpoint: endpoint.to_owned(),
        fix: "set `AWS_PROFILE`, or `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or run `aws configure`".to_owned(),
        source: reason.into(),
    }
}

/// Something else must go first; it is on its way.
pub(super) fn waits_for_others(error: &CloudError) -> bool {
    has_code(error, |code| code == "DependencyViolation")
}

/// What was named is not there, or not yet everywhere.
pub(super) fn is_gone(error: &CloudError) -> bool {
    has_code(error, |code| code.ends_with(".NotFound"))
}

/// The code of a refusal.
pub(super) fn has_code(error: &CloudError, is: impl Fn(&str) -> bool) -> bool {
    matches!(error, CloudError::Refused { code, .. } if is(code))
}
