//! What a provider has on offer: machine types with their prices. A table with a date; nothing here asks anybody.

/// Every machine type that a provider has on offer, as far as Aether knows.
#[derive(Debug, Clone, Copy)]
pub struct Offers {
    /// One per machine type.
    pub all: &'static [Offer],
    /// The day the prices were read: `2026-07-20`.
    pub day: &'static str,
    /// Where and for whom they hold: `us-east-1, on demand, Linux`.
    pub terms: &'static str,
}

/// One machine type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offer {
    /// The provider's name for it: `g4dn.xlarge`.
    pub machine: &'static str,
    /// Model of its GPUs, as in `accelerators`.
    pub gpu: &'static str,
    /// How many GPUs.
    pub count: u32,
    /// Memory of each GPU in MiB.
    pub gpu_memory_mib: u32,
    /// `x86_64` or `aarch64`.
    pub architecture: &'static str,
    /// Virtual processors.
    pub processors: u32,
    /// Memory in GiB.
    pub memory_gib: u32,
    /// USD per hour; `None` where no price is listed.
    pub hourly: Option<f64>,
}

impl Offer {
    /// `A100:8`.
    pub fn accelerators(&self) -> String {
        format!("{}:{}", self.gpu, self.count)
    }

    /// Whether it has exactly these GPUs.
    pub fn has(&self, gpu: &str, count: u32) -> bool {
        self.gpu.eq_ignore_ascii_case(gpu) && self.count == count
    }

    /// For ordering by price: one without a price comes last.
    pub fn rank(&self) -> f64 {
        self.hourly.unwrap_or(f64::INFINITY)
    }
}
