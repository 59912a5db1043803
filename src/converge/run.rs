//! One run on one host: connect, probe, compile, run the program, gather its events.

use super::listener::{End, Listener};
use super::{ConvergeError, Job, Tools, supervised};
use crate::address::{Address, HostAddress};
use crate::diagnostic::Diagnostics;
use crate::graph::HostSection;
use crate::playbook::{self, Entry, Facts, HostProgram, Mode, PROBE, Request, Section, Status};
use crate::ports::{Ending, Moment, Remote, Supply, SupplyError, Wants};
use serde_json::json;
use std::collections::BTreeMap;

/// What a run that came to its end left.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What the probe found.
    pub facts: Facts,
    /// One per task of the program, in order; tasks after a failed one are missing.
    pub tasks: Vec<TaskOutcome>,
    /// Digest of what is wanted, per resource.
    pub digests: BTreeMap<Address, String>,
}

/// How one task ended.
#[derive(Debug, Clone)]
pub struct TaskOutcome {
    /// The resource it belongs to.
    pub address: Address,
    /// Its name.
    pub name: String,
    /// Its module.
    pub module: String,
    /// How.
    pub status: Status,
    /// Why.
    pub reason: Option<String>,
    /// The end of what it printed.
    pub output: Option<String>,
}

/// Runs a host's program in one mode. `planned` holds the digests a plan promised; `None` when there is no plan yet.
pub fn converge(
    job: &Job,
    mode: Mode,
    tools: Tools<'_>,
    planned: Option<&BTreeMap<Address, String>>,
) -> Result<Outcome, ConvergeError> {
    let host = &job.host;
    tools.progress.report(&host.address, Moment::Connecting);
    let mut remote = tools.dialer.connect(&host.target)?;
    let facts = probe(&host.target.name, remote.as_mut())?;
    let sections: Vec<Section> = job.sections.iter().map(|section| to_section(section, &host.address)).collect();
    let program = compile(&host.target.name, &Request { library: tools.library, sections: &sections, facts: &facts })?;
    let digests: BTreeMap<Address, String> = job
        .sections
        .iter()
        .map(|section| (section.address.clone(), program.digest(&section.address.to_string())))
        .collect();
    if planned.is_some_and(|planned| planned.iter().any(|(address, digest)| digests.get(address) != Some(digest))) {
        return Err(ConvergeError::Moved { host: host.target.name.clone() });
    }
    let supply = tools.supply.filter(|_| mode == Mode::Apply);
    let wants = Wants { host, facts: &facts, environments: environments(job) };
    if let Some(supply) = supply {
        bring(supply, &wants, &program, tools, remote.as_mut())?;
    }
    let tasks = run(job, &program, mode, tools, remote.as_mut())?;
    if let Some(supply) = supply.filter(|_| tasks.iter().all(|task| task.status != Status::Failed)) {
        // The connection may have been lost and another one made; what stays is found by the next run.
        drop(supply.clear(&wants, remote.as_mut()));
    }
    Ok(Outcome { facts, tasks, digests })
}

/// Has a host brought what its program would fetch, unless the program would ask elsewhere all the same.
fn bring(
    supply: &dyn Supply,
    wants: &Wants<'_>,
    program: &HostProgram,
    tools: Tools<'_>,
    remote: &mut dyn Remote,
) -> Result<(), ConvergeError> {
    if let Some(why) = supply.refusal(wants.host, &program.tasks) {
        return Err(SupplyError::Elsewhere(why).into());
    }
    tools.progress.report(&wants.host.address, Moment::Bringing);
    let bytes = supply.bring(wants, remote)?;
    tools.progress.report(&wants.host.address, Moment::Brought { bytes });
    Ok(())
}

/// Names of the environments that a job builds.
fn environments(job: &Job) -> Vec<&str> {
    let builds = |section: &&HostSection| section.entry == Entry::Role("environment".to_owned());
    let addresses = job.sections.iter().filter(builds).map(|section| &section.address);
    addresses
        .filter_map(|address| match address {
            Address::Environment(_, name) => Some(name.as_str()),
            _ => None,
        })
        .collect()
}

/// The section with what Ansible's inventory would say of the host.
fn to_section(section: &HostSection, host: &HostAddress) -> Section {
    let mut variables = section.variables.clone();
    variables.insert("inventory_hostname".to_owned(), json!(host.name));
    variables.insert("group_names".to_owned(), json!([host.group]));
    Section { label: section.address.to_string(), entry: section.entry.clone(), variables, r#become: section.r#become }
}

fn probe(host: &str, remote: &mut dyn Remote) -> Result<Facts, ConvergeError> {
    let mut text = String::new();
    let ending = remote.exec("exec sh -s", PROBE.as_bytes(), &mut |line| {
        text.push_str(line);
        text.push('\n');
    })?;
    serde_json::from_str(&text).map_err(|error| ConvergeError::Probe {
        host: host.to_owned(),
        status: status(&ending),
        source: if ending.stderr.trim().is_empty() { error.into() } else { ending.stderr.trim().to_owned().into() },
    })
}

fn compile(host: &str, request: &Request<'_>) -> Result<HostProgram, ConvergeError> {
    let mut diagnostics = Diagnostics::new();
    match playbook::compile(request, &mut diagnostics) {
        Some(program) if !diagnostics.has_errors() => Ok(program),
        _ => Err(ConvergeError::Compile { host: host.to_owned(), diagnostics: diagnostics.into_sorted() }),
    }
}

/// Runs a compiled program and gathers what its tasks said.
fn run(
    job: &Job,
    program: &HostProgram,
    mode: Mode,
    tools: Tools<'_>,
    remote: &mut dyn Remote,
) -> Result<Vec<TaskOutcome>, ConvergeError> {
    let host = job.host.target.name.clone();
    let password = if program.needs_root() && sudo_asks(remote)? { Some(remote.sudo_password()?) } else { None };
    let stdin = program.input(mode, tools.owner, password.as_ref());
    tools.progress.report(&job.host.address, Moment::Running { tasks: program.tasks.len() });
    let mut listener = Listener::new(job, program, mode, tools);
    let ending = match mode {
        // A look can be had again; what acts must not depend on a connection.
        Mode::Check => remote.exec(HostProgram::bootstrap(), &stdin, &mut |line| listener.hear(line))?,
        Mode::Apply => supervised::run(remote, &stdin, &mut listener)?,
    };
    if matches!(listener.end, End::Missing) && ending.status == Some(HostProgram::GONE) {
        return Err(ConvergeError::Gone { host, task: listener.broken_off() });
    }
    match listener.end {
        End::Said => Ok(listener.tasks),
        End::Busy(owner) => Err(ConvergeError::Busy { host, owner }),
        End::Unreadable(source) => Err(ConvergeError::Event { host, source }),
        End::Restarting(seconds) => Err(ConvergeError::Restart { host, seconds }),
        End::Missing => Err(ConvergeError::CutOff { host, status: status(&ending), stderr: ending.stderr }),
    }
}

/// Whether sudo there wants a password of this user.
fn sudo_asks(remote: &mut dyn Remote) -> Result<bool, ConvergeError> {
    let ending = remote.exec("sudo -n true", &[], &mut |_| {})?;
    Ok(ending.status != Some(0))
}

fn status(ending: &Ending) -> String {
    ending.status.map_or_else(|| "signal".to_owned(), |status| status.to_string())
}
