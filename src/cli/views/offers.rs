//! Machines on offer: those that fit by price, and why not the others.

use super::{Paint, View, count};
use crate::workflows::{Candidate, Offered};
use schemars::JsonSchema;
use serde::Serialize;

/// What `offers` shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OffersView {
    /// One per host group with machines to be made; without a manifest one per provider.
    pub wishes: Vec<OffersFor>,
}

/// The machines for one wish.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OffersFor {
    /// The host group; none where no manifest was asked.
    pub group: Option<String>,
    /// The provider.
    pub provider: &'static str,
    /// What is wanted: `2 machines with A100:8`.
    pub wanted: String,
    /// How many machines.
    pub count: u32,
    /// Those that fit, cheapest first, then the others.
    pub machines: Vec<MachineOffer>,
    /// The day the prices were read.
    pub priced: &'static str,
    /// Where and for whom they hold.
    pub terms: &'static str,
}

/// One machine type.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MachineOffer {
    /// Its name: `p4d.24xlarge`.
    pub machine: &'static str,
    /// Its GPUs: `A100:8`.
    pub accelerators: String,
    /// Memory of each GPU in MiB.
    pub gpu_memory_mib: u32,
    /// `x86_64` or `aarch64`.
    pub architecture: &'static str,
    /// Virtual processors.
    pub processors: u32,
    /// Memory in GiB.
    pub memory_gib: u32,
    /// USD per hour for one, where a price is listed.
    pub hourly_cost: Option<f64>,
    /// USD per hour and GPU.
    pub hourly_cost_per_gpu: Option<f64>,
    /// Whether it is the one that the project takes.
    pub is_taken: bool,
    /// Why it does not fit.
    pub why_not: Option<String>,
}

impl From<Vec<Offered>> for OffersView {
    fn from(offered: Vec<Offered>) -> Self {
        Self { wishes: offered.into_iter().map(wish).collect() }
    }
}

fn wish(offered: Offered) -> OffersFor {
    let Offered { group, provider, wanted, count, candidates, day, terms } = offered;
    let machines = candidates.into_iter().map(machine).collect();
    OffersFor { group, provider, wanted, count, machines, priced: day, terms }
}

fn machine(candidate: Candidate) -> MachineOffer {
    let Candidate { offer, is_taken, why_not } = candidate;
    MachineOffer {
        machine: offer.machine,
        accelerators: offer.accelerators(),
        gpu_memory_mib: offer.gpu_memory_mib,
        architecture: offer.architecture,
        processors: offer.processors,
        memory_gib: offer.memory_gib,
        hourly_cost: offer.hourly,
        hourly_cost_per_gpu: offer.hourly.map(|hourly| hourly / f64::from(offer.count.max(1))),
        is_taken,
        why_not,
    }
}

impl OffersView {
    /// Whether something fits every wish.
    pub fn has_all(&self) -> bool {
        self.wishes.iter().all(|wish| wish.machines.iter().any(|machine| machine.why_not.is_none()))
    }
}

impl View for OffersView {
    fn text(&self, paint: Paint) -> String {
        if self.wishes.is_empty() {
            return "no host group of this project has machines to be made; `aether offers --gpu A100` asks without it"
                .to_owned();
        }
        let wishes: Vec<String> = self.wishes.iter().map(|wish| wish.text(paint)).collect();
        wishes.join("\n\n")
    }
}

impl OffersFor {
    fn text(&self, paint: Paint) -> String {
        let name = self.group.as_ref().map(|group| format!("{group}: ")).unwrap_or_default();
        let mut lines = vec![paint.strong(&format!("{name}{} of {}", self.wanted, self.provider))];
        let (fitting, others): (Vec<_>, Vec<_>) = self.machines.iter().partition(|machine| machine.why_not.is_none());
        if !fitting.is_empty() {
            lines.push(paint.faint(HEAD));
        }
        lines.extend(fitting.iter().map(|machine| machine.line(paint)));
        if fitting.is_empty() {
            lines.push(format!("  {}", paint.bad("none fits")));
        }
        lines.extend(others.iter().map(|machine| machine.line(paint)));
        let shown = count(fitting.len(), "machine type");
        lines.push(paint.faint(&format!(
            "{shown}; prices of {}, {}: elsewhere they differ, and a region may lack a type",
            self.priced, self.terms
        )));
        lines.join("\n")
    }
}

const HEAD: &str = "    machine              GPUs             GPU GiB   CPUs   GiB    USD/h  USD/h·GPU";

impl MachineOffer {
    fn line(&self, paint: Paint) -> String {
        let mark = if self.is_taken { paint.good(">") } else { " ".to_owned() };
        if let Some(why) = &self.why_not {
            return format!("  {mark} {}", paint.faint(&format!("{:<20} not: {why}", self.machine)));
        }
        let usd = |amount: Option<f64>| amount.map_or("?".to_owned(), |amount| format!("{amount:.2}"));
        let row = format!(
            "  {mark} {:<20} {:<16} {:>7} {:>6} {:>5} {:>8} {:>10}",
            self.machine,
            self.accelerators,
            self.gpu_memory_mib / 1024,
            self.processors,
            self.memory_gib,
            usd(self.hourly_cost),
            usd(self.hourly_cost_per_gpu)
        );
        row.trim_end().to_owned()
    }
}
