//! What `aether offers` can be asked.

use clap::Args;

/// Which machines; without any of the first three, those for the host groups of the manifest.
#[derive(Debug, Clone, Args)]
pub struct OffersArguments {
    /// A GPU, with its number where it matters: A100 or A100:8
    #[arg(long)]
    pub gpu: Option<String>,
    /// Only this provider's machines
    #[arg(long)]
    pub provider: Option<String>,
    /// USD per hour that one machine may cost
    #[arg(long, value_name = "USD", value_parser = amount, allow_negative_numbers = true)]
    pub max_hourly_cost: Option<f64>,
    /// Also the machines that do not fit, with the reason
    #[arg(long)]
    pub all: bool,
}

fn amount(text: &str) -> Result<f64, String> {
    let amount = text.parse().ok().filter(|amount: &f64| *amount > 0.0 && amount.is_finite());
    amount.ok_or_else(|| "write a number above 0, such as 12.50".to_owned())
}
