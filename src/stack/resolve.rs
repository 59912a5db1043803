//! The search: the newest stack that keeps every rule. Says yes or nothing; why not is the business of `refuse`.

use super::answer::{Answer, Choice, Resolution};
use super::asked::Asked;
use super::bits::Bits;
use super::question::{Device, Question};
use super::rows::{Build, Coverage, Libraries};
use super::shelf::{Candidate, Shelf};
use super::{Architecture, Capability, Driver, DriverChoice, Framework, Python, Wheels, host, refuse, tables, unknown};
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
/// A pure function of the question and the tables.
pub fn resolve(wheels: &Wheels, question: &Question) -> Resolution {
    let asked = Asked::new(wheels, question);
    if let Some(reason) = unknown::check(&asked) {
        return Resolution::Unknown(reason);
    }
    let drivers = host::drivers(&asked);
    let asked = match &drivers {
        Ok(drivers) => asked.driven_by(drivers.as_deref()),
        Err(_) => asked,
    };
    match find(&asked) {
        Some(answer) => Resolution::Answer(Box::new(answer)),
        None => refuse::explain(&asked),
    }
}

/// The stack alone, with what it rests on.
pub(super) fn find(asked: &Asked<'_>) -> Option<Answer> {
    found(asked).map(|parts| Answer { unconfirmed: parts.unconfirmed(asked), ..parts.stack(asked) })
}

/// The stack before it is put into words.
pub(super) fn found<'a>(asked: &Asked<'a>) -> Option<Parts<'a>> {
    if refuse::of_request(asked).is_some() {
        return None;
    }
    let drivers = host::drivers(asked).ok()?;
    let drivers = drivers.as_deref();
    architectures(asked).find_map(|architecture| on(asked, architecture, drivers))
}

/// The processors that will do.
pub(super) fn architectures(asked: &Asked<'_>) -> impl Iterator<Item = Architecture> {
    let (wished, host) = (asked.architecture, asked.device.and_then(Device::host));
    let will_do =
        move |one: &Architecture| wished.is_none_or(|wish| wish == *one) && host.is_none_or(|own| own == *one);
    [Architecture::X86_64, Architecture::Aarch64].into_iter().filter(will_do)
}

fn on<'a>(asked: &Asked<'a>, architecture: Architecture, drivers: Option<&[DriverChoice]>) -> Option<Parts<'a>> {
    let torches = asked.passing(Framework::Pytorch, architecture, drivers);
    let tensorflows = asked.passing(Framework::Tensorflow, architecture, drivers);
    let jaxes = jaxes(asked);
    if [torches, tensorflows, jaxes].into_iter().flatten().any(Bits::is_empty) {
        return None;
    }
    let pythons = asked.python.as_ref().map_or(&PYTHONS[..], std::slice::from_ref);
    pythons.iter().find_map(|&python| {
        let jax = each(jaxes.map(|places| places & asked.wheels.jax.with(python))).next()?;
        each(torches.map(|places| places & asked.wheels.torch.with(python))).find_map(|torch| {
            each(tensorflows.map(|places| places & asked.wheels.tensorflow.with(python))).find_map(|tensorflow| {
                let parts = Parts {
                    architecture,
                    python,
                    driver: None,
                    torch,
                    tensorflow,
                    jax,
                    numpy: 0,
                    wheels: asked.wheels,
                };
                parts.completed(asked, drivers)
            })
        })
    })
}

/// Every place, or one `None` for what is not wanted.
fn each(places: Option<Bits>) -> impl Iterator<Item = Option<usize>> {
    let unwanted = places.is_none().then_some(None);
    places.into_iter().flatten().map(Some).chain(unwanted)
}

/// The releases of JAX that will do; what its builds need of a GPU is not in the tables.
pub(super) fn jaxes(asked: &Asked<'_>) -> Option<Bits> {
    let loads = |glibc: &Version| asked.wheels.jax.loading_on(glibc);
    asked.jax.map(|places| places & asked.glibc().map_or(places, loads))
}

/// Whether two builds leave each other's files alone; what the tables do not say is no yes.
pub(super) fn can_share(asked: &Asked<'_>, torch: usize, tensorflow: usize) -> bool {
    asked.device.is_none() || asked.wheels.clean[tensorflow].holds(torch)
}

/// What was found, as places in the tables.
pub(super) struct Parts<'a> {
    architecture: Architecture,
    python: Python,
    driver: Option<DriverChoice>,
    torch: Option<usize>,
    tensorflow: Option<usize>,
    jax: Option<usize>,
    numpy: usize,
    wheels: &'a Wheels,
}

impl<'a> Parts<'a> {
    /// With a driver and a `NumPy` for all of it, if there are any.
    fn completed(mut self, asked: &Asked<'_>, drivers: Option<&[DriverChoice]>) -> Option<Self> {
        if !self.torch.zip(self.tensorflow).is_none_or(|(torch, tensorflow)| can_share(asked, torch, tensorflow)) {
            return None;
        }
        let taken = self.candidates().fold(self.wheels.numpys.with(Some(self.python)), |all, c| all & c.numpys);
        self.numpy = asked.numpy.map_or(taken, |wish| taken & wish).first()?;
        if let Some(drivers) = drivers {
            self.driver = Some(*drivers.iter().find(|choice| self.runs_on(asked, choice.driver))?);
        }
        Some(self)
    }

    fn candidates(&self) -> impl Iterator<Item = &'a Candidate> {
        let torch = self.torch.map(|at| &self.wheels.torch.candidates[at]);
        torch.into_iter().chain(self.tensorflow.map(|at| &self.wheels.tensorflow.candidates[at]))
    }

    fn builds(&self) -> impl Iterator<Item = (&'a Candidate, &'a Build)> {
        self.candidates().filter_map(|candidate| Some((candidate, &self.wheels.builds[candidate.build?])))
    }

    fn runs_on(&self, asked: &Asked<'_>, driver: Driver) -> bool {
        let gpu = asked.device.map(Device::capability);
        self.builds().all(|(candidate, build)| floor(gpu, candidate, build).is_none_or(|floor| driver.reaches(floor)))
    }

    /// The stack, without what it rests on.
    pub(super) fn stack(&self, asked: &Asked<'_>) -> Answer {
        let choice = |shelf: &Shelf, at: Option<usize>| {
            let candidate = &shelf.candidates[at?];
            Some(choice(asked, candidate, &self.wheels.builds[candidate.build?]))
        };
        let companion = self.torch.and_then(|at| self.wheels.torch.candidates[at].companion);
        let companion = companion.map(|at| &self.wheels.companions[at]);
        let wish = asked.torchvision.and(asked.question.torchvision.as_ref());
        let wanted = |version: &&Version| wish.is_none_or(|wish| wish.contains(version));
        Answer {
            architecture: self.architecture,
            python: self.python,
            driver: self.driver,
            torch: choice(&self.wheels.torch, self.torch),
            torchvision: companion.and_then(|row| row.torchvision.iter().rev().find(wanted)).cloned(),
            torchaudio: companion.and_then(|row| row.torchaudio.clone()),
            tensorflow: choice(&self.wheels.tensorflow, self.tensorflow),
            jax: self.jax.map(|at| self.wheels.jax.candidates[at].version.clone()),
            numpy: self.wheels.numpys.versions[self.numpy].clone(),
            fabric: asked.device.and_then(Device::fabric),
            unconfirmed: Vec::new(),
        }
    }

    /// What the answer rests on and nobody confirmed.
    fn unconfirmed(&self, asked: &Asked<'_>) -> Vec<String> {
        let builds = self.builds().filter(|(_, build)| !build.verified);
        let builds =
            builds.map(|(c, build)| format!("what {} {} holds as {}", build.framework.key(), c.version, build.variant));
        let floors = self.builds().filter(|(candidate, _)| candidate.floor.is_none());
        let floors =
            floors.filter_map(|(_, build)| Some(format!("the driver that CUDA {} asks for", build.cuda.as_ref()?)));
        let branch = self.driver.and_then(|choice| match tables().branch(choice.driver.branch) {
            None => Some(format!("driver {}, which is in no table", choice.driver)),
            Some(row) => {
                let is_confirmed = row.is_confirmed("capabilities") && row.is_confirmed("modules");
                (!is_confirmed).then(|| format!("what driver branch R{} drives", row.branch))
            }
        });
        let glibc = asked.system.filter(|system| system.glibc.is_none() || !system.is_confirmed("glibc"));
        let glibc = glibc.map(|system| format!("the glibc of {}", system.name));
        let jax = self.jax.filter(|_| asked.device.is_some());
        let jax = jax.map(|at| &self.wheels.jax.candidates[at].version);
        let jax = jax.map(|version| format!("the GPUs and drivers that jax {version} runs on"));
        builds.chain(floors).chain(branch).chain(glibc).chain(jax).collect()
    }
}

/// The lowest driver that a build runs on with that GPU, when it needs one.
fn floor(gpu: Option<Capability>, candidate: &Candidate, build: &Build) -> Option<Driver> {
    let is_compiled = gpu.is_some_and(|gpu| build.coverage(gpu) == Coverage::Ptx);
    if is_compiled { candidate.compiler } else { candidate.floor }
}

fn choice(asked: &Asked<'_>, candidate: &Candidate, build: &Build) -> Choice {
    let is_from_host = build.libraries == Some(Libraries::System);
    Choice {
        version: candidate.version.clone(),
        variant: build.variant.clone(),
        index: build.index,
        cuda: build.cuda.clone(),
        cudnn: build.cudnn.clone(),
        nccl: build.nccl.clone(),
        driver_floor: floor(asked.device.map(Device::capability), candidate, build),
        numpy: build.numpy.clone(),
        from_host: build.cuda.clone().zip(build.system_cudnn.clone()).filter(|_| is_from_host),
    }
}
