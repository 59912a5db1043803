//! Which machines there are for what a project wishes, at what price, and why not the others. Asks nobody: the tables of
//! the providers are compiled in.

use super::{Failure, Input, load};
use crate::diagnostic::nearest;
use crate::graph::Machines;
use crate::ports::{Offer, Provider, World};
use crate::project::HostGroup;
use crate::providers;
use std::collections::BTreeSet;

/// What machines are wanted for.
#[derive(Debug, Clone, Default)]
pub struct OffersRequest {
    /// `A100:8`, `A100` (any number) or nothing (any GPU). Without any of these three, the manifest says what is wanted.
    pub accelerators: Option<String>,
    /// Only this provider's.
    pub provider: Option<String>,
    /// USD per hour that one machine may cost.
    pub max_hourly_cost: Option<f64>,
    /// Also those that do not fit.
    pub is_all: bool,
}

impl OffersRequest {
    /// Whether the manifest is what is asked about.
    fn is_of_manifest(&self) -> bool {
        self.accelerators.is_none() && self.provider.is_none() && self.max_hourly_cost.is_none()
    }
}

/// The machines of one provider for one wish.
#[derive(Debug, Clone)]
pub struct Offered {
    /// The host group; none where a person asked without a manifest.
    pub group: Option<String>,
    /// The provider.
    pub provider: &'static str,
    /// What was wanted, in words: `2 machines with A100:8`.
    pub wanted: String,
    /// How many machines.
    pub count: u32,
    /// Those that fit, cheapest first, then the others, cheapest first.
    pub candidates: Vec<Candidate>,
    /// The day the prices were read.
    pub day: &'static str,
    /// Where and for whom they hold.
    pub terms: &'static str,
}

/// One machine type.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// What it is.
    pub offer: Offer,
    /// Whether this is the one that the project takes.
    pub is_taken: bool,
    /// Why it does not fit.
    pub why_not: Option<String>,
}

/// What is on offer, per host group or for the wish of the request.
pub fn offers(world: &World, input: &Input, request: &OffersRequest) -> Result<Vec<Offered>, Failure> {
    if request.is_of_manifest() { of_manifest(world, input, request) } else { of_wish(request) }
}

fn of_manifest(world: &World, input: &Input, request: &OffersRequest) -> Result<Vec<Offered>, Failure> {
    let loaded = load(world, input)?;
    let of_group = |machines: &Machines| {
        let group = loaded.graph.group(&machines.group)?;
        Some(Wish::of(group, machines)?.offered(request.is_all))
    };
    Ok(loaded.graph.machines.iter().filter_map(of_group).collect())
}

fn of_wish(request: &OffersRequest) -> Result<Vec<Offered>, Failure> {
    let gpu = request.accelerators.as_deref().map(wanted_gpu).transpose()?;
    let all = providers::ALL.iter().filter(|provider| provider.offers().is_some());
    let names: Vec<&str> = all.clone().map(|provider| provider.name()).collect();
    if let Some(name) = request.provider.as_deref().filter(|name| !names.contains(name)) {
        return Err(Failure::Usage(format!(
            "provider `{name}` has no machines on offer; there are {}",
            names.join(", ")
        )));
    }
    if let Some((gpu, _)) = &gpu {
        must_be_offered(gpu)?;
    }
    let asked = all.filter(|provider| request.provider.as_deref().is_none_or(|name| name == provider.name()));
    let wish_of = |provider: &&'static dyn Provider| Wish {
        group: None,
        provider: provider.name(),
        gpu: gpu.clone(),
        count: 1,
        limit: request.max_hourly_cost,
        taken: None,
    };
    Ok(asked.map(|provider| wish_of(provider).offered(request.is_all)).collect())
}

/// Refuses a GPU that no machine has, with the name that was probably meant.
fn must_be_offered(gpu: &str) -> Result<(), Failure> {
    let all = providers::ALL.iter().filter_map(|provider| provider.offers()).flat_map(|offers| offers.all);
    let names: BTreeSet<&str> = all.map(|offer| offer.gpu).collect();
    if names.iter().any(|name| name.eq_ignore_ascii_case(gpu)) {
        return Ok(());
    }
    let near = nearest(gpu, names.iter().copied()).map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    Err(Failure::Usage(format!("no machine on offer has `{gpu}`{near}; there are {names}")))
}

/// `A100:8` or `A100`.
fn wanted_gpu(text: &str) -> Result<(String, Option<u32>), Failure> {
    let (gpu, count) = text.split_once(':').map_or((text, None), |(gpu, count)| (gpu, Some(count)));
    let count = count.map(str::parse).transpose();
    match count {
        Ok(count) if !gpu.is_empty() => Ok((gpu.to_owned(), count)),
        _ => {
            Err(Failure::Usage(format!("`{text}` names no GPU; write a name or a name and a count, such as `A100:8`")))
        }
    }
}

/// What one group of machines is to be.
struct Wish {
    group: Option<String>,
    provider: &'static str,
    /// The GPU, and how many where that matters.
    gpu: Option<(String, Option<u32>)>,
    count: u32,
    /// USD per hour for all of them.
    limit: Option<f64>,
    /// The type that the project takes.
    taken: Option<String>,
}

impl Wish {
    fn of(group: &HostGroup, machines: &Machines) -> Option<Self> {
        let setting = machines.settings.iter().find(|(name, _)| name == "machine");
        Some(Self {
            group: Some(group.name.clone()),
            provider: providers::find(&machines.provider)?.name(),
            gpu: group.accelerators.clone().map(|(gpu, count)| (gpu, Some(count))),
            count: machines.count,
            limit: group.max_hourly_cost.as_ref().map(|limit| limit.value),
            taken: setting.and_then(|(_, value)| value.as_str()).map(str::to_owned),
        })
    }

    fn offered(&self, is_all: bool) -> Offered {
        let offers = providers::find(self.provider).and_then(Provider::offers);
        let (all, day, terms) = offers.map_or((&[][..], "", ""), |offers| (offers.all, offers.day, offers.terms));
        let mut candidates: Vec<Candidate> = all.iter().map(|offer| self.candidate(*offer)).collect();
        candidates.retain(|candidate| is_all || candidate.is_near(self));
        candidates.sort_by(|a, b| {
            let order = a.why_not.is_some().cmp(&b.why_not.is_some());
            order.then(a.offer.rank().total_cmp(&b.offer.rank()))
        });
        let (group, wanted) = (self.group.clone(), self.wanted());
        Offered { group, provider: self.provider, wanted, count: self.count, candidates, day, terms }
    }

    fn wanted(&self) -> String {
        let noun = if self.count == 1 { "machine" } else { "machines" };
        let gpus = match &self.gpu {
            Some((gpu, Some(count))) => format!(" with {gpu}:{count}"),
            Some((gpu, None)) => format!(" with {gpu}"),
            None => String::new(),
        };
        format!("{} {noun}{gpus}", self.count)
    }

    fn candidate(&self, offer: Offer) -> Candidate {
        let is_taken = self.taken.as_deref() == Some(offer.machine);
        Candidate { offer, is_taken, why_not: self.why_not(&offer) }
    }

    fn why_not(&self, offer: &Offer) -> Option<String> {
        match &self.gpu {
            Some((gpu, _)) if !offer.gpu.eq_ignore_ascii_case(gpu) => {
                return Some(format!("has {}", offer.accelerators()));
            }
            Some((_, Some(count))) if offer.count != *count => {
                return Some(format!("has {}, not {count}", offer.accelerators()));
            }
            _ => {}
        }
        let limit = self.limit?;
        match offer.hourly {
            None => Some("has no listed price, so the limit cannot be kept".to_owned()),
            Some(each) if each * f64::from(self.count) > limit => {
                Some(format!("{:.2} USD per hour in all, above the limit of {limit:.2}", each * f64::from(self.count)))
            }
            Some(_) => None,
        }
    }
}

impl Candidate {
    /// Whether it fits, or nearly does: the GPU is the wanted one.
    fn is_near(&self, wish: &Wish) -> bool {
        self.why_not.is_none()
            || self.is_taken
            || wish.gpu.as_ref().is_some_and(|(gpu, _)| gpu.eq_ignore_ascii_case(self.offer.gpu))
    }
}
