//! Rules on a host group with `provider: aws`.

use super::catalog;
use super::spec::Spec;
use crate::diagnostic::{Diagnostic, Diagnostics, code, nearest};
use crate::ports::Offer;
use crate::project::HostGroup;
use crate::yaml::Spanned;
use std::net::IpAddr;

/// A machine type, with its row where the catalog has one.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) name: String,
    pub(super) row: Option<&'static Offer>,
}

/// Everything wrong with the section goes to `diagnostics`; the machine type to take comes back.
pub(super) fn check(group: &HostGroup, spec: &Spec, diagnostics: &mut Diagnostics) -> Option<Machine> {
    check_region(spec, diagnostics);
    check_image(spec, diagnostics);
    check_ranges(spec, diagnostics);
    match (&spec.machine, &group.accelerators) {
        (Some(machine), wanted) => check_machine(machine, wanted.as_ref(), diagnostics),
        (None, Some((gpu, count))) => choose_machine(group, gpu, *count, diagnostics),
        (None, None) => {
            let summary = format!("host group `{}` does not say which machine", group.name);
            let problem = Diagnostic::error(&code::NO_MACHINE, &group.span, summary);
            diagnostics.push(problem.fix("add `accelerators: T4:1` or `machine: g4dn.xlarge`"));
            None
        }
    }
}

fn check_region(spec: &Spec, diagnostics: &mut Diagnostics) {
    let Some(region) = &spec.region else { return };
    let parts: Vec<&str> = region.value.split('-').collect();
    let is_number = |part: &&str| part.len() == 1 && part.bytes().all(|b| b.is_ascii_digit());
    let is_word = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    let is_region = (3..=4).contains(&parts.len())
        && parts.last().is_some_and(is_number)
        && parts[..parts.len() - 1].iter().all(is_word);
    if !is_region {
        let summary = format!("`{}` is no AWS region", region.value);
        let problem = Diagnostic::error(&code::BAD_REGION, &region.span, summary);
        diagnostics.push(problem.fix("write one such as `us-west-2`, without the letter of a zone"));
    }
}

fn check_image(spec: &Spec, diagnostics: &mut Diagnostics) {
    let is_image = |text: &str| {
        text.strip_prefix("ami-").is_some_and(|id| id.len() >= 8 && id.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    if let Some(image) = spec.image.as_ref().filter(|image| !is_image(&image.value)) {
        let summary = format!("`{}` is no machine image", image.value);
        let problem = Diagnostic::error(&code::BAD_IMAGE, &image.span, summary);
        diagnostics.push(problem.fix("write an id such as `ami-0123456789abcdef0`, or leave `image` out"));
    }
}

fn check_ranges(spec: &Spec, diagnostics: &mut Diagnostics) {
    for range in &spec.ssh_from {
        match prefix_length(&range.value) {
            None => {
                let summary = format!("`{}` in `ssh_from` is no address range", range.value);
                let problem = Diagnostic::error(&code::BAD_RANGE, &range.span, summary);
                diagnostics.push(problem.fix("write address and prefix length, such as `203.0.113.7/32`"));
            }
            Some(0) => {
                let summary = format!("`{}` opens port 22 to everyone", range.value);
                let problem = Diagnostic::error(&code::OPEN_TO_ALL, &range.span, summary);
                diagnostics.push(
                    problem
                        .why("a machine with port 22 open to the internet is attacked within minutes")
                        .fix("list the addresses you come from, such as `203.0.113.7/32`"),
                );
            }
            Some(_) => {}
        }
    }
}

fn prefix_length(range: &str) -> Option<u8> {
    let (address, length) = range.split_once('/')?;
    let limit = match address.parse().ok()? {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    };
    length.parse().ok().filter(|length| *length <= limit)
}

fn check_machine(
    machine: &Spanned<String>,
    wanted: Option<&(String, u32)>,
    diagnostics: &mut Diagnostics,
) -> Option<Machine> {
    let Some(row) = catalog::find(&machine.value) else {
        // AWS adds types faster than any table: an unknown one passes, unless it cannot be a type at all.
        if machine.value.split_once('.').is_none_or(|(family, size)| family.is_empty() || size.is_empty()) {
            let summary = format!("`{}` is no machine type", machine.value);
            let near = nearest(&machine.value, catalog::MACHINES.iter().map(|row| row.machine));
            let fix =
                near.map_or_else(|| "write one such as `g4dn.xlarge`".to_owned(), |n| format!("did you mean `{n}`?"));
            diagnostics.push(Diagnostic::error(&code::NO_MACHINE, &machine.span, summary).fix(fix));
            return None;
        }
        return Some(Machine { name: machine.value.clone(), row: None });
    };
    if let Some((gpu, count)) = wanted.filter(|(gpu, count)| !row.has(gpu, *count)) {
        let summary = format!("`{}` has {}, not {gpu}:{count}", row.machine, row.accelerators());
        let problem = Diagnostic::error(&code::NO_MACHINE, &machine.span, summary);
        diagnostics.push(problem.fix("keep either `machine` or `accelerators`"));
    }
    Some(Machine { name: row.machine.to_owned(), row: Some(row) })
}

fn choose_machine(group: &HostGroup, gpu: &str, count: u32, diagnostics: &mut Diagnostics) -> Option<Machine> {
    if let Some(row) = catalog::cheapest(gpu, count) {
        return Some(Machine { name: row.machine.to_owned(), row: Some(row) });
    }
    let all = catalog::accelerators();
    let summary = format!("AWS has no machine with {gpu}:{count}");
    let problem =
        Diagnostic::error(&code::NO_MACHINE, &group.span, summary).why(format!("there are {}", all.join(", ")));
    diagnostics.push(problem.fix("change `accelerators`, or name a type with `machine`"));
    None
}
