//! The search: the newest stack that keeps every rule. Says yes or nothing; why not is the business of `refuse`.

use super::answer::{Answer, Choice, Resolution};
use super::candidate::{Candidate, candidates, numpy, reaches};
use super::question::{Device, Question};
use super::rows::Libraries;
use super::table::{Release, table};
use super::together::shares;
use super::{Architecture, DriverChoice, Framework, Python, host, refuse, tables, unknown};
use pep440_rs::Version;

/// Python lines in the order in which they are taken unasked: the newest up to 3.12, then the oldest above it.
const PYTHONS: [Python; 9] = [
    Python::new(12),
    Python::new(11),
    Python::new(10),
    Python::new(9),
    Python::new(8),
    Python::new(7),
    Python::new(13),
    Python::new(14),
    Python::new(15),
];

/// Fills the gaps of a question with the newest releases that keep every rule, or says why none do.
///
/// A pure function of the question and the embedded tables.
pub fn resolve(question: &Question) -> Resolution {
    if let Some(reason) = unknown::check(question) {
        return Resolution::Unknown(reason);
    }
    match find(question) {
        Some(answer) => Resolution::Answer(Box::new(answer)),
        None => Resolution::Refused(refuse::explain(question)),
    }
}

/// The stack alone.
pub(super) fn find(question: &Question) -> Option<Answer> {
    if refuse::of_request(question).is_some() {
        return None;
    }
    architectures(question).into_iter().find_map(|architecture| on(question, architecture))
}

/// The processors that will do.
pub(super) fn architectures(question: &Question) -> Vec<Architecture> {
    let wished =
        question.architecture.map_or_else(|| vec![Architecture::X86_64, Architecture::Aarch64], |one| vec![one]);
    let host = question.device.and_then(Device::host);
    wished.into_iter().filter(|architecture| host.is_none_or(|host| host == *architecture)).collect()
}

/// The candidates of a framework with nothing in their way; one `None` when it is not wanted.
pub(super) fn passing(
    question: &Question,
    framework: Framework,
    architecture: Architecture,
    drivers: Option<&[DriverChoice]>,
) -> Vec<Option<Candidate>> {
    if question.specifiers(framework).is_none() {
        return vec![None];
    }
    let all = candidates(question, framework, architecture);
    all.filter(|candidate| candidate.hurdle(question, drivers).is_none()).map(Some).collect()
}

fn on(question: &Question, architecture: Architecture) -> Option<Answer> {
    let drivers = host::drivers(question).ok()?;
    let torches = passing(question, Framework::Pytorch, architecture, drivers.as_deref());
    let tensorflows = passing(question, Framework::Tensorflow, architecture, drivers.as_deref());
    let jaxes = jaxes(question);
    let pythons = question.python.map_or_else(|| PYTHONS.to_vec(), |python| vec![python]);
    pythons.into_iter().find_map(|python| {
        let jax = match &question.jax {
            Some(_) => Some(*jaxes.iter().find(|(_, row)| row.fits(python))?),
            None => None,
        };
        let fits = |candidate: &&Option<Candidate>| candidate.is_none_or(|candidate| candidate.fits(python));
        let pairs = torches.iter().filter(fits).flat_map(|torch| {
            tensorflows.iter().filter(fits).map(move |tensorflow| (torch.as_ref(), tensorflow.as_ref()))
        });
        let mut together = pairs.filter(|(torch, tensorflow)| can_share(question, *torch, *tensorflow));
        together.find_map(|(torch, tensorflow)| {
            let both: Vec<&Candidate> = torch.into_iter().chain(tensorflow).collect();
            let numpy = numpy(question, &both, Some(python))?;
            let driver = match &drivers {
                Some(all) => Some(*all.iter().find(|driver| both.iter().all(|c| c.runs_on(question, **driver)))?),
                None => None,
            };
            let parts = Parts { architecture, python, driver, torch, tensorflow, jax, numpy };
            Some(parts.answer(question))
        })
    })
}

/// The releases of JAX that will do, newest first; what its builds need of a GPU is not in the tables.
pub(super) fn jaxes(question: &Question) -> Vec<(&'static Version, &'static Release)> {
    let glibc = question.system.and_then(|system| system.glibc.as_ref());
    let loads = |row: &&Release| glibc.is_none_or(|glibc| reaches(glibc, &row.glibc));
    let rows = table().of(Framework::Jax).filter(loads);
    let all = rows.flat_map(|row| row.versions.iter().rev().map(move |version| (version, row)));
    all.filter(|(version, _)| question.jax.as_ref().is_some_and(|wish| wish.contains(version))).collect()
}

/// Whether two candidates leave each other's files alone; what the tables do not say is no yes.
pub(super) fn can_share(question: &Question, torch: Option<&Candidate>, tensorflow: Option<&Candidate>) -> bool {
    match (torch, tensorflow) {
        (Some(torch), Some(tensorflow)) if question.device.is_some() => {
            torch.is_on_pypi() && shares(torch.version, tensorflow.version)
        }
        _ => true,
    }
}

/// What was found, before it is put into words.
struct Parts<'a> {
    architecture: Architecture,
    python: Python,
    driver: Option<DriverChoice>,
    torch: Option<&'a Candidate>,
    tensorflow: Option<&'a Candidate>,
    jax: Option<(&'static Version, &'static Release)>,
    numpy: &'static Version,
}

impl Parts<'_> {
    fn answer(&self, question: &Question) -> Answer {
        let companion = self.torch.and_then(|torch| tables().companion(torch.version));
        let wanted = |version: &&Version| question.torchvision.as_ref().is_none_or(|wish| wish.contains(version));
        Answer {
            architecture: self.architecture,
            python: self.python,
            driver: self.driver,
            torch: self.torch.map(choice),
            torchvision: companion.and_then(|row| row.torchvision.iter().rev().find(wanted)).cloned(),
            torchaudio: companion.and_then(|row| row.torchaudio.clone()),
            tensorflow: self.tensorflow.map(choice),
            jax: self.jax.map(|(version, _)| version.clone()),
            numpy: self.numpy.clone(),
            fabric: question.device.and_then(|device| match device {
                Device::Model(gpu) => gpu.fabric,
                Device::Capability(_) => None,
            }),
            unconfirmed: self.unconfirmed(question),
        }
    }

    /// What the answer rests on and nobody confirmed.
    fn unconfirmed(&self, question: &Question) -> Vec<String> {
        let builds = self.torch.into_iter().chain(self.tensorflow).filter(|candidate| !candidate.build.verified);
        let builds =
            builds.map(|c| format!("what {} {} holds as {}", c.build.framework.key(), c.version, c.build.variant));
        let branch = self.driver.and_then(|choice| match tables().branch(choice.driver.branch) {
            None => Some(format!("driver {}, which is in no table", choice.driver)),
            Some(row) => (!row.verified).then(|| format!("what driver branch R{} drives", row.branch)),
        });
        let glibc = question.system.filter(|system| system.glibc.is_none() || !system.verified);
        let glibc = glibc.map(|system| format!("the glibc of {}", system.name));
        let jax = self.jax.filter(|_| question.device.is_some());
        let jax = jax.map(|(version, _)| format!("the GPUs and drivers that jax {version} runs on"));
        builds.chain(branch).chain(glibc).chain(jax).collect()
    }
}

fn choice(candidate: &Candidate) -> Choice {
    let build = candidate.build;
    let is_from_host = build.libraries == Some(Libraries::System);
    Choice {
        version: candidate.version.clone(),
        variant: build.variant.clone(),
        index: build.index,
        cuda: build.cuda.clone(),
        cudnn: build.cudnn.clone(),
        nccl: build.nccl.clone(),
        from_host: build.cuda.clone().zip(build.system_cudnn.clone()).filter(|_| is_from_host),
    }
}
