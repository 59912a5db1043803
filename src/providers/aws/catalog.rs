//! GPU machine types of EC2 and what they cost. Data only; checked against nothing at run time.
//!
//! Source: AWS price list, on-demand Linux, us-east-1, USD per hour, as generated on [`PRICES_OF`]; processors, memory
//! and GPUs from the instance reference of Karpenter, August 2026. A row says that the type is priced, not that a region
//! has it. Left out: types that AWS no longer describes (p2, p3, dl1), parts of a GPU (g6f, gr6f), other makers' cards
//! and Arm machines (g5g).

use crate::ports::{Offer, Offers};

/// The day the prices were read.
pub(super) const PRICES_OF: &str = "2026-07-20";
/// Where the prices hold; elsewhere they differ.
pub(super) const PRICES_IN: &str = "us-east-1";

/// Everything on offer.
pub(super) const OFFERS: Offers = Offers { all: MACHINES, day: PRICES_OF, terms: "us-east-1, on demand, Linux" };

const fn row(
    machine: &'static str,
    gpu: &'static str,
    count: u32,
    gpu_memory_mib: u32,
    processors: u32,
    memory_gib: u32,
    hourly: Option<f64>,
) -> Offer {
    Offer { machine, gpu, count, gpu_memory_mib, architecture: "x86_64", processors, memory_gib, hourly }
}

/// Every type, by family, then by price.
#[rustfmt::skip]
pub(super) const MACHINES: &[Offer] = &[
    row("g4dn.xlarge", "T4", 1, 16_384, 4, 16, Some(0.526)),
    row("g4dn.2xlarge", "T4", 1, 16_384, 8, 32, Some(0.752)),
    row("g4dn.4xlarge", "T4", 1, 16_384, 16, 64, Some(1.204)),
    row("g4dn.8xlarge", "T4", 1, 16_384, 32, 128, Some(2.176)),
    row("g4dn.12xlarge", "T4", 4, 16_384, 48, 192, Some(3.912)),
    row("g4dn.16xlarge", "T4", 1, 16_384, 64, 256, Some(4.352)),
    row("g4dn.metal", "T4", 8, 16_384, 96, 384, Some(7.824)),
    row("g5.xlarge", "A10G", 1, 22_888, 4, 16, Some(1.006)),
    row("g5.2xlarge", "A10G", 1, 22_888, 8, 32, Some(1.212)),
    row("g5.4xlarge", "A10G", 1, 22_888, 16, 64, Some(1.624)),
    row("g5.8xlarge", "A10G", 1, 22_888, 32, 128, Some(2.448)),
    row("g5.12xlarge", "A10G", 4, 22_888, 48, 192, Some(5.672)),
    row("g5.16xlarge", "A10G", 1, 22_888, 64, 256, Some(4.096)),
    row("g5.24xlarge", "A10G", 4, 22_888, 96, 384, Some(8.144)),
    row("g5.48xlarge", "A10G", 8, 22_888, 192, 768, Some(16.288)),
    row("g6.xlarge", "L4", 1, 22_888, 4, 16, Some(0.8048)),
    row("g6.2xlarge", "L4", 1, 22_888, 8, 32, Some(0.9776)),
    row("g6.4xlarge", "L4", 1, 22_888, 16, 64, Some(1.3232)),
    row("g6.8xlarge", "L4", 1, 22_888, 32, 128, Some(2.0144)),
    row("g6.12xlarge", "L4", 4, 22_888, 48, 192, Some(4.6016)),
    row("g6.16xlarge", "L4", 1, 22_888, 64, 256, Some(3.3968)),
    row("g6.24xlarge", "L4", 4, 22_888, 96, 384, Some(6.6752)),
    row("g6.48xlarge", "L4", 8, 22_888, 192, 768, Some(13.3504)),
    row("gr6.4xlarge", "L4", 1, 22_888, 16, 128, Some(1.5392)),
    row("gr6.8xlarge", "L4", 1, 22_888, 32, 256, Some(2.4464)),
    row("g6e.xlarge", "L40S", 1, 45_776, 4, 32, Some(1.861)),
    row("g6e.2xlarge", "L40S", 1, 45_776, 8, 64, Some(2.24208)),
    row("g6e.4xlarge", "L40S", 1, 45_776, 16, 128, Some(3.00424)),
    row("g6e.8xlarge", "L40S", 1, 45_776, 32, 256, Some(4.52856)),
    row("g6e.12xlarge", "L40S", 4, 45_776, 48, 384, Some(10.49264)),
    row("g6e.16xlarge", "L40S", 1, 45_776, 64, 512, Some(7.57719)),
    row("g6e.24xlarge", "L40S", 4, 45_776, 96, 768, Some(15.06559)),
    row("g6e.48xlarge", "L40S", 8, 45_776, 192, 1536, Some(30.13118)),
    row("g7.2xlarge", "RTXPRO4500", 1, 32_768, 8, 32, Some(2.52)),
    row("g7.4xlarge", "RTXPRO4500", 1, 32_768, 16, 64, Some(3.04208)),
    row("g7.8xlarge", "RTXPRO4500", 1, 32_768, 32, 128, Some(4.08624)),
    row("g7.12xlarge", "RTXPRO4500", 2, 32_768, 48, 192, Some(7.12832)),
    row("g7.24xlarge", "RTXPRO4500", 4, 32_768, 96, 384, Some(14.25664)),
    row("g7.48xlarge", "RTXPRO4500", 8, 32_768, 192, 768, Some(28.51328)),
    row("g7e.2xlarge", "RTXPRO6000", 1, 98_304, 8, 64, Some(3.36312)),
    row("g7e.4xlarge", "RTXPRO6000", 1, 98_304, 16, 128, Some(3.99816)),
    row("g7e.8xlarge", "RTXPRO6000", 1, 98_304, 32, 256, Some(5.26824)),
    row("g7e.12xlarge", "RTXPRO6000", 2, 98_304, 48, 512, Some(8.28608)),
    row("g7e.24xlarge", "RTXPRO6000", 4, 98_304, 96, 1024, Some(16.57216)),
    row("g7e.48xlarge", "RTXPRO6000", 8, 98_304, 192, 2048, Some(33.14432)),
    row("p3dn.24xlarge", "V100", 8, 32_768, 96, 768, Some(31.212)),
    row("p4d.24xlarge", "A100", 8, 40_960, 96, 1152, Some(21.95764)),
    row("p4de.24xlarge", "A100-80GB", 8, 81_920, 96, 1152, Some(27.44705)),
    row("p5.4xlarge", "H100", 1, 81_920, 16, 256, Some(6.88)),
    row("p5.48xlarge", "H100", 8, 81_920, 192, 2048, Some(55.04)),
    row("p5e.48xlarge", "H200", 8, 144_384, 192, 2048, None),
    row("p5en.48xlarge", "H200", 8, 144_384, 192, 2048, Some(63.296)),
    row("p6-b200.48xlarge", "B200", 8, 183_359, 192, 2048, Some(113.9328)),
    row("p6-b300.48xlarge", "B300", 8, 275_040, 192, 4096, Some(142.416)),
];

/// The cheapest type with exactly these GPUs; one without a price only when no other has them.
pub(super) fn cheapest(gpu: &str, count: u32) -> Option<&'static Offer> {
    MACHINES.iter().filter(|offer| offer.has(gpu, count)).min_by(|a, b| a.rank().total_cmp(&b.rank()))
}

/// The row of a type, if it is in the table.
pub(super) fn find(name: &str) -> Option<&'static Offer> {
    MACHINES.iter().find(|offer| offer.machine == name)
}

/// Which `accelerators` there are: `T4:1`, `T4:4`, …
pub(super) fn accelerators() -> Vec<String> {
    let mut all: Vec<(&str, u32)> = MACHINES.iter().map(|offer| (offer.gpu, offer.count)).collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|(gpu, count)| format!("{gpu}:{count}")).collect()
}
