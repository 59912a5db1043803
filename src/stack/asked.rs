//! A question in the resolver's own terms: every wish for a version is a set of places on a shelf, so that asking again
//! with one wish less costs nothing.

use super::bits::Bits;
use super::hurdle::Hurdle;
use super::question::{Device, Question};
use super::rows::{Index, System};
use super::shelf::{Meeting, Shelf};
use super::{Architecture, Driver, DriverChoice, Framework, Module, Python, Wheels};
use pep440_rs::{Version, VersionSpecifiers};

/// What is asked; a wish that is `None` is not made.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) wheels: &'a Wheels,
    pub(super) device: Option<Device>,
    pub(super) architecture: Option<Architecture>,
    pub(super) system: Option<&'static System>,
    pub(super) python: Option<Python>,
    pub(super) driver: Option<Driver>,
    pub(super) module: Option<Module>,
    pub(super) index: Option<Index>,
    pub(super) image: Option<&'a Version>,
    pub(super) has_compatibility_package: bool,
    pub(super) variant: Option<&'a str>,
    /// Places on the shelf of torch, one set per wish that torch alone can meet.
    pub(super) torch: Option<Bits>,
    pub(super) variants: Option<Bits>,
    pub(super) torchvision: Option<Bits>,
    pub(super) torchaudio: Option<Bits>,
    /// Places on the shelf of tensorflow.
    pub(super) tensorflow: Option<Bits>,
    /// Places on the shelf of JAX.
    pub(super) jax: Option<Bits>,
    /// Places on the shelves of torch and of tensorflow.
    pub(super) cudnn: Option<[Bits; 2]>,
    pub(super) nccl: Option<[Bits; 2]>,
    /// Places in the list of `NumPy` releases.
    pub(super) numpy: Option<Bits>,
    /// What the host leaves, once it was looked up.
    pub(super) host: Option<Host<'a>>,
    /// The question itself, for words.
    pub(super) question: &'a Question,
}

/// What the host leaves, whatever packages are wished for.
#[derive(Clone, Copy)]
pub(super) struct Host<'a> {
    /// The drivers that will do, best first; none when nothing asks for one.
    pub(super) drivers: Option<&'a [DriverChoice]>,
    /// Places on the shelf of torch that run on the host.
    torches: Bits,
    /// The same for tensorflow.
    tensorflows: Bits,
}

/// What can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Numpy,
    Cudnn,
    Nccl,
    Torchvision,
    Torchaudio,
    Variant,
    Torch,
    Tensorflow,
    Jax,
    Python,
    Image,
    CompatibilityPackage,
    Module,
    Driver,
    System,
    Architecture,
}

impl<'a> Asked<'a> {
    /// Looks every wish up on its shelf.
    pub(super) fn new(wheels: &'a Wheels, question: &'a Question) -> Self {
        let wants_torch = question.torch.is_some() || question.torchvision.is_some() || question.torchaudio.is_some();
        let torch = question.torch.as_ref().map_or(wheels.torch.everything, |wish| wheels.torch.admitted(wish));
        Self {
            wheels,
            device: question.device,
            architecture: question.architecture,
            system: question.system,
            python: question.python,
            driver: question.driver,
            module: question.module,
            index: question.index,
            image: question.image.as_ref(),
            has_compatibility_package: question.has_compatibility_package,
            variant: question.variant.as_deref(),
            torch: wants_torch.then_some(torch),
            variants: question.variant.as_deref().map(|wish| variants(wheels, wish)),
            torchvision: question.torchvision.as_ref().map(|wish| torchvision(wheels, wish)),
            torchaudio: question.torchaudio.as_ref().map(|wish| torchaudio(wheels, wish)),
            tensorflow: question.tensorflow.as_ref().map(|wish| wheels.tensorflow.admitted(wish)),
            jax: question.jax.as_ref().map(|wish| wheels.jax.admitted(wish)),
            cudnn: question.cudnn.as_ref().map(|wish| pinned(wheels, wish, |build| build.cudnn.as_ref())),
            nccl: question.nccl.as_ref().map(|wish| pinned(wheels, wish, |build| build.nccl.as_ref())),
            numpy: question.numpy.as_ref().map(|wish| wheels.numpys.of(|version| wish.contains(version))),
            host: None,
            question,
        }
    }

    /// The same with some wishes taken back; none when one of them is not made.
    pub(super) fn without(&self, wishes: &[Wish]) -> Option<Self> {
        if !wishes.iter().all(|wish| self.makes(*wish)) {
            return None;
        }
        let mut rest = *self;
        for wish in wishes {
            match wish {
                Wish::Numpy => rest.numpy = None,
                Wish::Cudnn => rest.cudnn = None,
                Wish::Nccl => rest.nccl = None,
                Wish::Torchvision => rest.torchvision = None,
                Wish::Torchaudio => rest.torchaudio = None,
                Wish::Variant => rest.variants = None,
                Wish::Torch => rest.torch = Some(rest.wheels.torch.everything),
                Wish::Tensorflow => rest.tensorflow = Some(rest.wheels.tensorflow.everything),
                Wish::Jax => rest.jax = Some(rest.wheels.jax.everything),
                Wish::Python => rest.python = None,
                Wish::Image => (rest.image, rest.host) = (None, None),
                Wish::CompatibilityPackage => rest.has_compatibility_package = false,
                Wish::Module => (rest.module, rest.host) = (None, None),
                Wish::Driver => (rest.driver, rest.host) = (None, None),
                Wish::System => (rest.system, rest.host) = (None, None),
                Wish::Architecture => rest.architecture = None,
            }
        }
        Some(rest)
    }

    fn makes(&self, wish: Wish) -> bool {
        let narrows = |places: Option<Bits>, shelf: &Shelf| places.is_some_and(|places| places != shelf.everything);
        match wish {
            Wish::Numpy => self.numpy.is_some(),
            Wish::Cudnn => self.cudnn.is_some(),
            Wish::Nccl => self.nccl.is_some(),
            Wish::Torchvision => self.torchvision.is_some(),
            Wish::Torchaudio => self.torchaudio.is_some(),
            Wish::Variant => self.variants.is_some(),
            Wish::Torch => narrows(self.torch, &self.wheels.torch),
            Wish::Tensorflow => narrows(self.tensorflow, &self.wheels.tensorflow),
            Wish::Jax => narrows(self.jax, &self.wheels.jax),
            Wish::Python => self.python.is_some(),
            Wish::Image => self.image.is_some(),
            Wish::CompatibilityPackage => self.has_compatibility_package,
            Wish::Module => self.module.is_some(),
            Wish::Driver => self.driver.is_some(),
            Wish::System => self.system.is_some(),
            Wish::Architecture => self.architecture.is_some(),
        }
    }

    /// The same for another GPU, or for none.
    pub(super) fn on(&self, device: Option<Device>) -> Self {
        Self { device, host: None, ..*self }
    }

    /// The same with these drivers, and what they leave with the rest of the host.
    pub(super) fn driven_by(&self, drivers: Option<&'a [DriverChoice]>) -> Self {
        let passing = |framework| {
            let wanted = self.wish(framework).map(|_| self.shelf(framework).everything);
            wanted.map_or(Bits::NONE, |all| self.past_host(framework, all, drivers))
        };
        let (torches, tensorflows) = (passing(Framework::Pytorch), passing(Framework::Tensorflow));
        Self { host: Some(Host { drivers, torches, tensorflows }), ..*self }
    }

    /// The shelf of a framework the resolver chooses builds of.
    pub(super) fn shelf(&self, framework: Framework) -> &'a Shelf {
        match framework {
            Framework::Tensorflow => &self.wheels.tensorflow,
            Framework::Jax => &self.wheels.jax,
            Framework::Pytorch | Framework::ScikitLearn => &self.wheels.torch,
        }
    }

    /// The places that will do by their version; none when the framework is not wanted.
    pub(super) fn wish(&self, framework: Framework) -> Option<Bits> {
        match framework {
            Framework::Pytorch => self.torch,
            Framework::Tensorflow => self.tensorflow,
            Framework::Jax => self.jax,
            Framework::ScikitLearn => None,
        }
    }

    /// The places with nothing in their way; none when the framework is not wanted.
    pub(super) fn passing(
        &self,
        framework: Framework,
        architecture: Architecture,
        drivers: Option<&[DriverChoice]>,
    ) -> Option<Bits> {
        let wanted = self.wish(framework)? & self.shelf(framework).on(architecture);
        if wanted.is_empty() {
            return Some(wanted);
        }
        let past = |left, hurdle: &Hurdle| self.past(*hurdle, framework, left, drivers);
        let past_host = match &self.host {
            Some(host) if framework == Framework::Tensorflow => wanted & host.tensorflows,
            Some(host) => wanted & host.torches,
            None => self.past_host(framework, wanted, drivers),
        };
        Some(Hurdle::OF_PACKAGES.iter().fold(past_host, past))
    }

    /// The places of `left` that pass all hurdles of the host at once.
    fn past_host(&self, framework: Framework, left: Bits, drivers: Option<&[DriverChoice]>) -> Bits {
        let stock = self.shelf(framework);
        let loading = self.glibc().map_or(left, |glibc| left & stock.loading_on(glibc));
        let meeting = self.device.map(|device| stock.meeting(device.capability(), &self.wheels.builds));
        let running = meeting.as_ref().map_or(loading, |meeting| loading & meeting.runs);
        let compiled = meeting.map(|meeting| meeting.compiled).unwrap_or_default();
        drivers.map_or(running, |drivers| running & driven(stock, compiled, drivers))
    }

    /// The places of `left` that pass a hurdle.
    pub(super) fn past(
        &self,
        hurdle: Hurdle,
        framework: Framework,
        left: Bits,
        drivers: Option<&[DriverChoice]>,
    ) -> Bits {
        let stock = self.shelf(framework);
        let is_torch = framework == Framework::Pytorch;
        let own = |wish: Option<Bits>| wish.filter(|_| is_torch).map_or(left, |places| left & places);
        let both = |wish: Option<[Bits; 2]>| wish.map_or(left, |wish| left & wish[usize::from(!is_torch)]);
        let meeting = || self.device.map(|device| stock.meeting(device.capability(), &self.wheels.builds));
        let without =
            |places: fn(&Meeting) -> Bits| meeting().map_or(left, |meeting| left.without(places(meeting.as_ref())));
        match hurdle {
            Hurdle::Index => self.index.map_or(left, |index| left & from(stock, index)),
            Hurdle::Variant => own(self.variants),
            Hurdle::Python => self.python.map_or(left, |python| left & stock.with(python)),
            Hurdle::Glibc => self.glibc().map_or(left, |glibc| left & stock.loading_on(glibc)),
            Hurdle::CpuOnly => without(|meeting| meeting.cpu),
            Hurdle::UnknownCoverage => without(|meeting| meeting.unknown),
            Hurdle::Coverage => without(|meeting| meeting.nothing),
            Hurdle::Fails => without(|meeting| meeting.fails),
            Hurdle::Driver => match drivers {
                Some(drivers) if !left.is_empty() => {
                    left & driven(stock, meeting().map(|meeting| meeting.compiled).unwrap_or_default(), drivers)
                }
                _ => left,
            },
            Hurdle::Cudnn => both(self.cudnn),
            Hurdle::Nccl => both(self.nccl),
            Hurdle::Torchvision => own(self.torchvision),
            Hurdle::Torchaudio => own(self.torchaudio),
            Hurdle::Numpy => self.with_numpy(stock, left),
        }
    }

    fn with_numpy(&self, stock: &Shelf, left: Bits) -> Bits {
        let Some(wish) = self.numpy else { return left };
        let there = wish & self.wheels.numpys.with(self.python);
        let mut passing = Bits::NONE;
        for at in left.into_iter().filter(|at| !(stock.candidates[*at].numpys & there).is_empty()) {
            passing.insert(at);
        }
        passing
    }

    /// The glibc of the hosts, where it is known.
    pub(super) fn glibc(&self) -> Option<&'static Version> {
        self.system.and_then(|system| system.glibc.as_ref())
    }
}

fn from(shelf: &Shelf, index: Index) -> Bits {
    match index {
        Index::Pypi => shelf.on_pypi,
        Index::Pytorch => shelf.everything.without(shelf.on_pypi),
    }
}

/// A driver of a newer branch runs all that an older one runs, so the newest one speaks for all.
fn driven(shelf: &Shelf, compiled: Bits, drivers: &[DriverChoice]) -> Bits {
    let newest = drivers.iter().max_by_key(|choice| (choice.driver.branch, choice.driver.release.is_none()));
    newest.map_or(shelf.without_driver, |choice| shelf.driven_by(choice.driver, compiled))
}

fn variants(wheels: &Wheels, wish: &str) -> Bits {
    places(&wheels.torch, |candidate| candidate.build.is_some_and(|at| wheels.builds[at].variant == wish))
}

/// An empty wish is met by builds that pin nothing, too.
fn pinned(wheels: &Wheels, wish: &VersionSpecifiers, pin: fn(&super::Build) -> Option<&Version>) -> [Bits; 2] {
    [&wheels.torch, &wheels.tensorflow].map(|shelf| {
        places(shelf, |candidate| {
            let pin = candidate.build.and_then(|at| pin(&wheels.builds[at]));
            wish.is_empty() || pin.is_some_and(|pin| wish.contains(pin))
        })
    })
}

/// A torch that nothing is known to belong to will not do.
fn torchvision(wheels: &Wheels, wish: &VersionSpecifiers) -> Bits {
    places(&wheels.torch, |candidate| {
        let companion = candidate.companion.map(|at| &wheels.companions[at]);
        companion.is_some_and(|companion| companion.torchvision.iter().any(|version| wish.contains(version)))
    })
}

fn torchaudio(wheels: &Wheels, wish: &VersionSpecifiers) -> Bits {
    places(&wheels.torch, |candidate| {
        let companion = candidate.companion.map(|at| &wheels.companions[at]);
        companion.and_then(|companion| companion.torchaudio.as_ref()).is_some_and(|version| wish.contains(version))
    })
}

fn places(shelf: &Shelf, admits: impl Fn(&super::shelf::Candidate) -> bool) -> Bits {
    Bits::of(shelf.candidates.len(), |at| admits(&shelf.candidates[at]))
}

#[cfg(test)]
mod tests {
    use super::super::{host, tables};
    use super::*;

    #[test]
    fn one_step_past_the_host_is_as_far_as_one_hurdle_after_the_other() {
        let wheels = Wheels::embedded();
        let devices = || std::iter::once(None).chain(tables().gpus.iter().map(|gpu| Some(Device::Model(gpu))));
        for (system, device) in tables().systems.iter().flat_map(|system| devices().map(move |gpu| (system, gpu))) {
            let any = Some(VersionSpecifiers::empty());
            let question =
                Question { device, system: Some(system), torch: any.clone(), tensorflow: any, ..Question::default() };
            let asked = Asked::new(&wheels, &question);
            let drivers = host::drivers(&asked).expect("every GPU has a driver");
            for framework in [Framework::Pytorch, Framework::Tensorflow] {
                let past = |left, hurdle: &Hurdle| asked.past(*hurdle, framework, left, drivers.as_deref());
                let all = asked.shelf(framework).everything;
                let of_host = Hurdle::ALL.iter().filter(|hurdle| !Hurdle::OF_PACKAGES.contains(hurdle));
                let expected = of_host.fold(all, past);
                assert_eq!(asked.past_host(framework, all, drivers.as_deref()), expected, "{question:?}");
            }
        }
    }
}
