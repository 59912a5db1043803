//! Limits on what machines may cost: a wish beyond its limit is refused before anything is made. A price that nobody
//! knows keeps no limit.

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::graph::Machines;
use crate::project::{HostGroup, Project};
use crate::yaml::Spanned;

/// What limits the costs, in messages.
const KEY: &str = "max_hourly_cost";

/// Holds each group's machines against its limit, and all of them against the project's.
pub(super) fn check(project: &Project, machines: &[Machines], diagnostics: &mut Diagnostics) {
    for group in &project.groups {
        if let Some(limit) = &group.max_hourly_cost {
            let own = machines.iter().find(|machines| machines.group == group.name);
            report(of_group(group, own, limit), diagnostics);
        }
    }
    if let Some(limit) = &project.max_hourly_cost {
        report(of_project(machines, limit), diagnostics);
    }
}

fn report(problem: Option<Diagnostic>, diagnostics: &mut Diagnostics) {
    if let Some(problem) = problem {
        diagnostics.push(problem);
    }
}

fn of_group(group: &HostGroup, machines: Option<&Machines>, limit: &Spanned<f64>) -> Option<Diagnostic> {
    let name = &group.name;
    let Some(machines) = machines else {
        let summary = format!("the hosts of `{name}` have no price, so `{KEY}` limits nothing");
        let problem = Diagnostic::error(&code::COST_UNKNOWN, &limit.span, summary);
        let why = format!("provider `{}` makes no machines", group.provider.value);
        return Some(problem.why(why).fix(format!("leave `{KEY}` out")));
    };
    let Some(price) = &machines.price else { return Some(unknown(&[name.as_str()], limit)) };
    let cost = machines.hourly_cost()?;
    if cost <= limit.value {
        return None;
    }
    let cost_verb = if machines.count == 1 { "costs" } else { "cost" };
    let summary = format!("{} {cost_verb} {}, above the limit of {}", told(machines), usd(cost), usd(limit.value));
    let problem = Diagnostic::error(&code::COST_ABOVE_LIMIT, &limit.span, summary);
    let most = if price.is_most { "at most " } else { "" };
    let why = format!("each costs {most}{} (price of {})", usd(price.hourly), price.read);
    Some(problem.why(why).fix(way_out(machines, price.hourly, limit.value)))
}

fn of_project(machines: &[Machines], limit: &Spanned<f64>) -> Option<Diagnostic> {
    let unpriced: Vec<&str> =
        machines.iter().filter(|machines| machines.price.is_none()).map(|machines| machines.group.as_str()).collect();
    if !unpriced.is_empty() {
        return Some(unknown(&unpriced, limit));
    }
    let cost: f64 = machines.iter().filter_map(Machines::hourly_cost).sum();
    if cost <= limit.value {
        return None;
    }
    let summary = format!("all machines together cost {}, above the limit of {}", usd(cost), usd(limit.value));
    let each = |machines: &Machines| Some(format!("{}: {}", told(machines), usd(machines.hourly_cost()?)));
    let why = machines.iter().filter_map(each).collect::<Vec<_>>().join(", ");
    let problem = Diagnostic::error(&code::COST_ABOVE_LIMIT, &limit.span, summary).why(why);
    Some(problem.fix(format!(
        "lower a `count`, take smaller machines (`aether offers --max-hourly-cost {:.2}`), or raise `{KEY}`",
        limit.value
    )))
}

fn unknown(groups: &[&str], limit: &Spanned<f64>) -> Diagnostic {
    let groups = groups.iter().map(|group| format!("`{group}`")).collect::<Vec<_>>().join(", ");
    let summary = format!("what the machines of {groups} cost is not known, so the limit cannot be kept");
    let problem = Diagnostic::error(&code::COST_UNKNOWN, &limit.span, summary).why("their type has no listed price");
    problem.fix(format!(
        "name a `machine` with a price (`aether offers --max-hourly-cost {:.2}` lists them), or leave `{KEY}` out",
        limit.value
    ))
}

/// As many of them as the limit allows, if any.
fn way_out(machines: &Machines, each: f64, limit: f64) -> String {
    let fewer = (1..machines.count).rev().find(|count| each * f64::from(*count) <= limit);
    let fewer = fewer.map(|count| format!("write `count: {count}`, ")).unwrap_or_default();
    // Downwards, so that what is offered keeps the limit.
    let apiece = (limit / f64::from(machines.count) * 100.0).floor() / 100.0;
    format!("{fewer}take a smaller machine (`aether offers --max-hourly-cost {apiece:.2}`), or raise `{KEY}`")
}

fn told(machines: &Machines) -> String {
    let noun = if machines.count == 1 { "machine" } else { "machines" };
    format!("{} {noun} of `{}`", machines.count, machines.group)
}

fn usd(amount: f64) -> String {
    format!("{amount:.2} USD per hour")
}
