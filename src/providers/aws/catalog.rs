//! GPU machine types of EC2 and what they cost. Data only; checked against nothing at run time.
//!
//! Source: AWS price list, on-demand Linux, us-east-1, USD per hour, as generated on [`PRICES_OF`]. A row says that the
//! type is priced, not that a region has it; types that AWS no longer describes (p2, p3, dl1) are left out.

/// The day the prices were read.
pub(super) const PRICES_OF: &str = "2026-07-20";
/// Where the prices hold; elsewhere they differ.
pub(super) const PRICES_IN: &str = "us-east-1";

/// One machine type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Machine {
    /// `g4dn.xlarge`.
    pub(super) name: &'static str,
    /// Model of its GPUs, as in `accelerators`.
    pub(super) gpu: &'static str,
    /// How many GPUs.
    pub(super) count: u32,
    /// `x86_64` or `aarch64`.
    pub(super) architecture: &'static str,
    /// USD per hour; `None` where no price is listed.
    pub(super) hourly: Option<f64>,
}

const fn row(name: &'static str, gpu: &'static str, count: u32, hourly: f64) -> Machine {
    Machine { name, gpu, count, architecture: "x86_64", hourly: Some(hourly) }
}

/// Every type, by GPU model, then by size.
pub(super) const MACHINES: &[Machine] = &[
    row("g4dn.xlarge", "T4", 1, 0.526),
    row("g4dn.2xlarge", "T4", 1, 0.752),
    row("g4dn.4xlarge", "T4", 1, 1.204),
    row("g4dn.8xlarge", "T4", 1, 2.176),
    row("g4dn.12xlarge", "T4", 4, 3.912),
    row("g4dn.16xlarge", "T4", 1, 4.352),
    row("g4dn.metal", "T4", 8, 7.824),
    row("g5.xlarge", "A10G", 1, 1.006),
    row("g5.2xlarge", "A10G", 1, 1.212),
    row("g5.4xlarge", "A10G", 1, 1.624),
    row("g5.8xlarge", "A10G", 1, 2.448),
    row("g5.12xlarge", "A10G", 4, 5.672),
    row("g5.16xlarge", "A10G", 1, 4.096),
    row("g5.24xlarge", "A10G", 4, 8.144),
    row("g5.48xlarge", "A10G", 8, 16.288),
    row("g6.xlarge", "L4", 1, 0.8048),
    row("g6.2xlarge", "L4", 1, 0.9776),
    row("g6.4xlarge", "L4", 1, 1.3232),
    row("g6.8xlarge", "L4", 1, 2.0144),
    row("g6.12xlarge", "L4", 4, 4.6016),
    row("g6.16xlarge", "L4", 1, 3.3968),
    row("g6.24xlarge", "L4", 4, 6.6752),
    row("g6.48xlarge", "L4", 8, 13.3504),
    row("g6e.xlarge", "L40S", 1, 1.861),
    row("g6e.2xlarge", "L40S", 1, 2.24208),
    row("g6e.4xlarge", "L40S", 1, 3.00424),
    row("g6e.8xlarge", "L40S", 1, 4.52856),
    row("g6e.12xlarge", "L40S", 4, 10.49264),
    row("g6e.16xlarge", "L40S", 1, 7.57719),
    row("g6e.24xlarge", "L40S", 4, 15.06559),
    row("g6e.48xlarge", "L40S", 8, 30.13118),
    row("p3dn.24xlarge", "V100", 8, 31.212),
    row("p4d.24xlarge", "A100", 8, 21.958),
    row("p4de.24xlarge", "A100-80GB", 8, 27.447),
    row("p5.4xlarge", "H100", 1, 6.88),
    row("p5.48xlarge", "H100", 8, 55.04),
    Machine { name: "p5e.48xlarge", gpu: "H200", count: 8, architecture: "x86_64", hourly: None },
    row("p5en.48xlarge", "H200", 8, 63.296),
    row("p6-b200.48xlarge", "B200", 8, 113.933),
    row("p6-b300.48xlarge", "B300", 8, 142.416),
];

/// The cheapest type with exactly these GPUs; one without a price only when no other has them.
pub(super) fn cheapest(gpu: &str, count: u32) -> Option<&'static Machine> {
    let price = |machine: &&Machine| machine.hourly.unwrap_or(f64::INFINITY);
    MACHINES
        .iter()
        .filter(|machine| machine.gpu.eq_ignore_ascii_case(gpu) && machine.count == count)
        .min_by(|a, b| price(a).total_cmp(&price(b)))
}

/// The row of a type, if it is in the table.
pub(super) fn find(name: &str) -> Option<&'static Machine> {
    MACHINES.iter().find(|machine| machine.name == name)
}

/// Which `accelerators` there are: `T4:1`, `T4:4`, …
pub(super) fn accelerators() -> Vec<String> {
    let mut all: Vec<(&str, u32)> = MACHINES.iter().map(|machine| (machine.gpu, machine.count)).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|(gpu, count)| format!("{gpu}:{count}")).collect()
}
