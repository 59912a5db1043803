//! A live host against what is wanted there: what will be done, what is worth a word, what cannot work.

use super::host_facts::{HostFacts, gpu_of};
use super::question::Device;
use super::rows::{Build, Index};
use super::{Architecture, Driver, Framework, Gpu, Wheels, host, symptom, tables};
use crate::diagnostic::{Code, code};
use pep440_rs::Version;

/// What is wanted on a host.
#[derive(Debug, Clone)]
pub struct HostWish {
    /// `accelerators:` of its group.
    pub accelerators: Option<(String, u32)>,
    /// Whether this plan installs the driver where it is missing or does not fit.
    pub installs_driver: bool,
    /// Its processor.
    pub architecture: Architecture,
    /// Frameworks in the builds that its environments have.
    pub frameworks: Vec<Pinned>,
}

/// A framework as a lock has it.
#[derive(Debug, Clone)]
pub struct Pinned {
    /// Which framework.
    pub framework: Framework,
    /// The release, without what an index adds to it.
    pub version: Version,
    /// `cu126`; none where the lock does not say.
    pub variant: Option<String>,
}

/// Something that a look at a host tells about its stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub code: &'static Code,
    /// What follows from it.
    pub weight: Weight,
    /// Each phrase follows from the one before it or meets it.
    pub chain: Vec<String>,
    /// What the person can do, or what this plan does.
    pub way_out: String,
}

/// What follows from a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The host cannot become what is wanted.
    Refusal,
    /// It may work.
    Warning,
    /// This plan deals with it, or it is merely good to know.
    Note,
}

/// Everything there is to say of a host, refusals first. A host whose probe looked for no cards has nothing to say.
pub fn host_findings(wheels: &Wheels, facts: &HostFacts, wish: &HostWish) -> Vec<Finding> {
    if facts.cards.is_none() {
        return Vec::new();
    }
    let mut findings: Vec<Finding> = glibc(wheels, facts, wish).into_iter().collect();
    match &wish.accelerators {
        None => findings.extend(undeclared(facts)),
        Some((name, _)) if tables().other_accelerator(name).is_some() => {}
        Some((name, count)) => {
            findings.extend(cards(facts, name, *count));
            if facts.count() != Some(0) {
                findings.extend(driver(wheels, facts, wish, tables().gpu(name)));
                findings.extend(shadows(facts, tables().gpu(name)));
            }
        }
    }
    findings.sort_by_key(|finding| finding.weight);
    findings
}

fn finding<const N: usize>(
    code: &'static Code,
    weight: Weight,
    chain: [String; N],
    way_out: impl Into<String>,
) -> Finding {
    Finding { code, weight, chain: chain.into(), way_out: way_out.into() }
}

/// Cards that the manifest does not know of.
fn undeclared(facts: &HostFacts) -> Option<Finding> {
    let count = facts.count().filter(|count| *count > 0)?;
    let found = facts.accelerators();
    let what = found.as_ref().map_or_else(|| plural(count, "NVIDIA card"), |found| format!("`{found}`"));
    let line = found.unwrap_or_else(|| format!("NAME:{count}"));
    let chain =
        [format!("the host has {what}"), "its group declares no accelerators and gets builds for the CPU".to_owned()];
    Some(finding(
        &code::ACCELERATORS_NOT_DECLARED,
        Weight::Note,
        chain,
        format!("to use it: `accelerators: {line}` in the host group"),
    ))
}

/// What is declared against what is there.
fn cards(facts: &HostFacts, name: &str, count: u32) -> Vec<Finding> {
    let declared = format!("`{name}:{count}` is declared");
    let there = facts.count().unwrap_or_default();
    if there == 0 {
        let chain = [declared, "there is no NVIDIA card on the bus of this host".to_owned()];
        let way_out = "take `accelerators:` out of this group, or give the host a group of its own";
        return vec![finding(&code::GPUS_MISSING, Weight::Refusal, chain, way_out)];
    }
    let mut findings = Vec::new();
    if there != count as usize {
        let chain = [declared.clone(), format!("the host has {}", plural(there, "card"))];
        let way_out = format!("`accelerators: {name}:{there}`, or see why a card is missing: `dmesg | grep -i nvrm`");
        findings.push(finding(&code::GPUS_MISSING, Weight::Warning, chain, way_out));
    }
    let other = facts
        .gpus
        .iter()
        .find_map(|seen| gpu_of(&seen.name))
        .filter(|seen| tables().gpu(name).is_some_and(|gpu| gpu.name != seen.name));
    if let Some(other) = other {
        let chain = [
            declared,
            format!("the driver calls the card {}", other.name),
            "wheels were chosen for another card".to_owned(),
        ];
        let way_out = format!("`accelerators: {}:{there}`, then `aether lock`", other.name);
        findings.push(finding(&code::GPUS_MISSING, Weight::Warning, chain, way_out));
    }
    if facts.gpus.iter().any(|seen| seen.mig) {
        let chain = ["MIG is on: the card is cut into parts, and a program sees one of them".to_owned()];
        findings.push(finding(&code::GPUS_MISSING, Weight::Note, chain, "`nvidia-smi -mig 0` makes it one again"));
    }
    findings
}

/// The driver that is there, or that is not.
fn driver(wheels: &Wheels, facts: &HostFacts, wish: &HostWish, gpu: Option<&'static Gpu>) -> Vec<Finding> {
    let by_plan = if wish.installs_driver { Weight::Note } else { Weight::Refusal };
    let Some(driver) = facts.driver() else { return vec![no_driver(facts, wish)] };
    let mut findings = Vec::new();
    if let Some(library) = facts.library.as_ref().filter(|library| facts.module.as_ref() != Some(library)) {
        let chain = [format!("module {driver} is loaded"), format!("the driver's libraries are of {library}")];
        let way_out = if wish.installs_driver { "this plan restarts the host" } else { "restart the host" };
        findings.push(finding(&code::DRIVER_LIBRARY_MISMATCH, by_plan, chain, way_out));
    } else if let Some(said) = &facts.complaint {
        let known = symptom(said);
        let code = known.as_ref().map_or(&code::DRIVER_NOT_RUNNING, |known| known.code);
        let cause = known.as_ref().map(|known| known.cause.clone());
        let chain = std::iter::once(format!("`nvidia-smi` says: {said}")).chain(cause).collect();
        let way_out =
            known.map_or_else(|| "look at `dmesg | grep -i nvrm` on the host".to_owned(), |known| known.way_out);
        findings.push(Finding { code, weight: Weight::Warning, chain, way_out });
    }
    findings.extend(gpu.and_then(|gpu| unfit(wheels, facts, wish, gpu, driver)));
    if facts.fabric_manager.as_deref() == Some("inactive") {
        let chain = [format!("there are {} NVSwitches", facts.switches), "the fabric manager does not run".to_owned()];
        let way_out = if wish.installs_driver {
            "this plan installs and starts it"
        } else {
            "install `nvidia-fabricmanager` of exactly the driver's version"
        };
        findings.push(finding(&code::FABRIC_NOT_READY, by_plan, chain, way_out));
    }
    findings
}

/// Cards that no driver holds.
fn no_driver(facts: &HostFacts, wish: &HostWish) -> Finding {
    let start = "no NVIDIA driver is loaded".to_owned();
    if facts.is_container {
        let chain = [start, "this host is a container, which takes its driver from the machine around it".to_owned()];
        return finding(
            &code::DRIVER_NOT_RUNNING,
            Weight::Refusal,
            chain,
            "install the driver on that machine, and give the container its GPUs",
        );
    }
    if facts.secure_boot.as_deref() == Some("enabled") {
        let chain = [start, "Secure Boot lets signed modules in alone".to_owned()];
        let way_out = "enrol a key at the console, install prebuilt signed modules, or switch Secure Boot off";
        return finding(&code::SECURE_BOOT_REFUSES_MODULE, Weight::Warning, chain, way_out);
    }
    let (weight, way_out) = match (wish.installs_driver, facts.has_nouveau) {
        (true, true) => (Weight::Note, "this plan installs the driver and restarts the host"),
        (true, false) => (Weight::Note, "this plan installs the driver"),
        (false, _) => {
            (Weight::Refusal, "install the driver on the host, or let Aether do it: a group whose user has sudo")
        }
    };
    if facts.has_nouveau {
        let chain = [start, "nouveau holds the cards".to_owned()];
        return finding(&code::NOUVEAU_LOADED, weight, chain, way_out);
    }
    finding(&code::DRIVER_NOT_RUNNING, weight, [start], way_out)
}

/// A driver that does not drive the card, has the wrong modules, or is too old for a build.
fn unfit(wheels: &Wheels, facts: &HostFacts, wish: &HostWish, gpu: &'static Gpu, driver: Driver) -> Option<Finding> {
    let device = Device::Model(gpu);
    let weight = if wish.installs_driver { Weight::Note } else { Weight::Refusal };
    let own = |way_out: &str| {
        if wish.installs_driver { "this plan installs another driver".to_owned() } else { way_out.to_owned() }
    };
    let is = format!("the driver is {driver}");
    if !host::drives(driver, tables().branch(driver.branch), Some(device)) {
        let reason = host::outside_window(device, driver);
        return Some(Finding {
            code: reason.code,
            weight,
            chain: reason.chain,
            way_out: own("install a branch that drives it, such as R580"),
        });
    }
    if let Some(kind) = facts.module_kind.filter(|kind| !gpu.modules.contains(kind)) {
        let chain =
            [format!("{device} needs the {} kernel modules", gpu.modules[0]), format!("the host has the {kind} ones")];
        return Some(finding(
            &code::KERNEL_MODULE_KIND,
            weight,
            chain,
            own("install the other kind of the same branch"),
        ));
    }
    let too_old = wish.frameworks.iter().find_map(|pinned| {
        let cuda = build(wheels, pinned, wish.architecture)?.cuda.as_ref()?;
        let floor = tables().toolkit(cuda)?.floor;
        let subject = || format!("{} {} is built for CUDA {cuda}", pinned.framework.key(), pinned.version);
        (!driver.reaches(floor)).then(|| (subject(), floor))
    });
    too_old.map(|(subject, floor)| {
        let chain = [subject, format!("CUDA runs there on driver {floor} or newer"), is];
        finding(
            &code::DRIVER_TOO_OLD,
            weight,
            chain,
            own("install a newer driver, or take an older release of the framework"),
        )
    })
}

/// The build of that variant, or the one that the package index serves.
fn build<'a>(wheels: &'a Wheels, pinned: &Pinned, architecture: Architecture) -> Option<&'a Build> {
    let Pinned { framework, version, variant } = pinned;
    let of_variant = variant.as_ref().and_then(|variant| wheels.build(*framework, version, architecture, variant));
    let served = |build: &&Build| {
        build.framework == *framework
            && build.architecture == architecture
            && build.index == Index::Pypi
            && build.versions.contains(version)
    };
    of_variant.or_else(|| wheels.builds.iter().find(served))
}

/// Wheels that ask for a newer glibc.
fn glibc(wheels: &Wheels, facts: &HostFacts, wish: &HostWish) -> Option<Finding> {
    let has = facts.glibc()?;
    wish.frameworks.iter().find_map(|Pinned { framework, version, .. }| {
        let release = wheels.of(*framework).find(|release| release.versions.contains(version))?;
        let chain = [
            format!("{} {version} loads on glibc {} or newer", framework.key(), release.glibc),
            format!("the host has glibc {has}"),
        ];
        let way_out = "a newer operating system, or an older release of the framework";
        (has < release.glibc).then(|| finding(&code::GLIBC_TOO_OLD, Weight::Refusal, chain, way_out))
    })
}

/// Libraries that stand before those of the wheels.
fn shadows(facts: &HostFacts, gpu: Option<&Gpu>) -> Vec<Finding> {
    let is_data_center = gpu.is_some_and(|gpu| gpu.data_center);
    let mut findings = Vec::new();
    for path in &facts.library_paths {
        let says = format!("`{}` says `{}`", path.place, path.paths);
        let has = |piece: &str| path.paths.to_lowercase().contains(piece);
        if has("/compat") && !is_data_center {
            let chain = [says, "forward-compatibility packages work on data-centre GPUs alone".to_owned()];
            findings.push(finding(&code::FORWARD_COMPATIBILITY, Weight::Warning, chain, "take that folder out"));
        } else if !path.place.starts_with("/etc/ld.so.conf.d/")
            && ["cuda", "nvidia", "cudnn", "conda"].into_iter().any(has)
        {
            let chain = [says, "what is found there stands before the libraries of the wheels".to_owned()];
            findings.push(finding(
                &code::LIBRARIES_SHADOWED,
                Weight::Warning,
                chain,
                "take CUDA folders out of `LD_LIBRARY_PATH`",
            ));
        }
    }
    findings
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
