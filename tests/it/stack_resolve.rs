//! The resolver: each file of `tests/cases/resolve/` is a question with its answer; a walk through the grid of releases,
//! Pythons, systems and GPUs finds an answer or a chain; properties hold for any question.

use crate::support::grid::grid;
use aether::diagnostic::CODES;
use aether::stack::{
    Answer, Architecture, Capability, Choice, Coverage, Device, Framework, Index, Libraries, Module, Python, Question,
    Resolution, Wheels, resolve, specifier, tables,
};
use pep440_rs::VersionSpecifiers;
use proptest::prelude::*;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A question in words; `answer` begins with a code when it is a refusal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    gpu: Option<String>,
    capability: Option<Capability>,
    architecture: Option<Architecture>,
    system: Option<String>,
    python: Option<Python>,
    driver: Option<aether::stack::Driver>,
    module: Option<Module>,
    #[serde(default)]
    pypi_only: bool,
    variant: Option<String>,
    image: Option<String>,
    #[serde(default)]
    compatibility_package: bool,
    #[serde(default)]
    wishes: BTreeMap<String, String>,
    answer: String,
}

impl Case {
    fn question(&self) -> Question {
        let gpu = self.gpu.as_ref().map(|name| Device::Model(tables().gpu(name).expect("a GPU of the tables")));
        let wish = |key: &str| self.wishes.get(key).map(|text| specifier(text).expect("a version"));
        Question {
            device: gpu.or(self.capability.map(Device::Capability)),
            architecture: self.architecture,
            system: self.system.as_ref().map(|name| tables().system(name).expect("a system of the tables")),
            python: self.python,
            driver: self.driver,
            module: self.module,
            index: self.pypi_only.then_some(Index::Pypi),
            variant: self.variant.clone(),
            cudnn: wish("cudnn"),
            nccl: wish("nccl"),
            torch: wish("torch"),
            torchvision: wish("torchvision"),
            torchaudio: wish("torchaudio"),
            tensorflow: wish("tensorflow"),
            jax: wish("jax"),
            numpy: wish("numpy"),
            image: self.image.as_ref().map(|image| image.parse().expect("a CUDA release")),
            has_compatibility_package: self.compatibility_package,
        }
    }
}

#[test]
fn every_question_to_the_resolver_has_its_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/resolve");
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the cases are there") {
        let file = entry.expect("a case").path();
        let text = std::fs::read_to_string(&file).expect("a case is readable");
        let case: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let answer = in_words(&resolve(&Wheels::embedded(), &case.question()));
        if answer != case.answer.trim() {
            let name = file.file_name().expect("a file").to_string_lossy().into_owned();
            wrong.push(format!("{name}: {answer}"));
        }
    }
    wrong.sort();
    assert!(wrong.is_empty(), "other answers than the cases have:\n{}", wrong.join("\n"));
}

fn in_words(resolution: &Resolution) -> String {
    match resolution {
        Resolution::Answer(answer) => answered(answer),
        Resolution::Unknown(reason) => format!("{} unknown: {reason}", reason.code.id),
        Resolution::Refused(reason) => format!("{} {reason}", reason.code.id),
    }
}

fn answered(answer: &Answer) -> String {
    let mut parts = vec![answer.architecture.to_string(), format!("python {}", answer.python)];
    parts.extend(answer.driver.map(|choice| {
        let module = choice.module.map(|module| format!(" with {module} modules")).unwrap_or_default();
        format!("driver {}{module}", choice.driver)
    }));
    parts.extend(answer.fabric.map(|fabric| format!("fabric {fabric:?}").to_lowercase()));
    parts.extend(answer.torch.as_ref().map(|choice| chosen("pytorch", choice)));
    parts.extend(answer.torchvision.as_ref().map(|version| format!("torchvision {version}")));
    parts.extend(answer.torchaudio.as_ref().map(|version| format!("torchaudio {version}")));
    parts.extend(answer.tensorflow.as_ref().map(|choice| chosen("tensorflow", choice)));
    parts.extend(answer.jax.as_ref().map(|version| format!("jax {version}")));
    parts.push(format!("numpy {}", answer.numpy));
    parts.extend(answer.unconfirmed.iter().map(|phrase| format!("not confirmed: {phrase}")));
    parts.join(", ")
}

fn chosen(name: &str, choice: &Choice) -> String {
    let place = if choice.index == Index::Pypi { "" } else { " from its own index" };
    let host = choice.from_host.as_ref().map(|(cuda, cudnn)| format!(" on the host's CUDA {cuda} and cuDNN {cudnn}"));
    format!("{name} {} {}{place}{}", choice.version, choice.variant, host.unwrap_or_default())
}

#[test]
fn a_walk_through_the_grid_meets_answers_and_chains_only() {
    let (mut answers, mut refusals, mut codes) = (0_usize, 0_usize, BTreeSet::new());
    let wheels = Wheels::embedded();
    for question in grid() {
        match resolve(&wheels, &question) {
            Resolution::Answer(_) => answers += 1,
            Resolution::Unknown(reason) => panic!("{question:?} {reason}"),
            Resolution::Refused(reason) => {
                refusals += 1;
                codes.insert(reason.code.id);
                assert!(!reason.chain.is_empty() && reason.chain.iter().all(|phrase| !phrase.is_empty()));
                assert!(!reason.ways_out.is_empty(), "{question:?} {reason}");
            }
        }
    }
    assert!(answers > refusals / 10 && refusals > answers / 10, "{answers} answers, {refusals} refusals");
    assert!(codes.len() > 3 && codes.iter().all(|id| CODES.iter().any(|code| code.id == *id)), "{codes:?}");
}

/// One of some texts, or nothing.
fn some_wish(texts: &'static [&'static str]) -> impl Strategy<Value = Option<VersionSpecifiers>> {
    let read = |text: &'static str| specifier(text).expect("a version");
    proptest::option::weighted(0.3, proptest::sample::select(texts).prop_map(read))
}

fn some<T: Clone + std::fmt::Debug + 'static>(all: Vec<T>) -> impl Strategy<Value = Option<T>> {
    proptest::option::weighted(0.3, proptest::sample::select(all))
}

prop_compose! {
    fn packages()(
        torch in some_wish(&["*", "2.15", "2.14", "2.10", "2.7", "2.5", "2.2", "1.13", ">=2.8", "<2.8", ">=2.1,<2.4"]),
        tensorflow in some_wish(&["*", "2.21", "2.20", "2.18", "2.15", "2.13", "2.12", "<2.16", ">=2.17"]),
        torchvision in some_wish(&["*", "0.29", "0.25", "0.20"]),
        torchaudio in some_wish(&["*", "2.10"]),
        jax in some_wish(&["*", "0.6"]),
        numpy in some_wish(&["*", "<2", ">=2", "1.26"]),
        cudnn in some_wish(&["*", ">=9.10", "<9"]),
        nccl in some_wish(&["*", ">=2.27"]),
    ) -> Question {
        Question { torch, tensorflow, torchvision, torchaudio, jax, numpy, cudnn, nccl, ..Question::default() }
    }
}

prop_compose! {
    fn questions()(
        packages in packages(),
        gpu in some(tables().gpus.iter().collect()),
        system in some(tables().systems.iter().collect()),
        architecture in some(vec![Architecture::X86_64, Architecture::Aarch64]),
        python in some((7..=15).map(Python::new).collect()),
        driver in some(vec!["470.82.01", "525.60.13", "535", "570.26", "580", "595", "620"]),
        module in some(vec![Module::Open, Module::Proprietary]),
        index in some(vec![Index::Pypi, Index::Pytorch]),
        variant in some(vec!["cu118".to_owned(), "cu126".to_owned(), "cu130".to_owned()]),
        image in some(vec!["11.8", "12.6", "13.0"]),
        has_compatibility_package in proptest::bool::weighted(0.1),
    ) -> Question {
        Question {
            device: gpu.map(Device::Model),
            system,
            architecture,
            python,
            driver: driver.map(|text| text.parse().expect("a driver")),
            module,
            index,
            variant,
            image: image.map(|text| text.parse().expect("a CUDA release")),
            has_compatibility_package,
            ..packages
        }
    }
}

/// The question with one wish less, for each of its wishes.
fn loosened(question: &Question) -> Vec<Question> {
    let drop: &[fn(&mut Question)] = &[
        |q| q.device = None,
        |q| q.architecture = None,
        |q| q.system = None,
        |q| q.python = None,
        |q| q.driver = None,
        |q| q.module = None,
        |q| q.index = None,
        |q| q.variant = None,
        |q| q.cudnn = None,
        |q| q.nccl = None,
        |q| q.torch = None,
        |q| q.torchvision = None,
        |q| q.torchaudio = None,
        |q| q.tensorflow = None,
        |q| q.jax = None,
        |q| q.numpy = None,
        |q| q.image = None,
        |q| q.has_compatibility_package = false,
        |q| q.torch = q.torch.as_ref().map(|_| VersionSpecifiers::empty()),
        |q| q.tensorflow = q.tensorflow.as_ref().map(|_| VersionSpecifiers::empty()),
    ];
    let without = |drop: &fn(&mut Question)| {
        let mut looser = question.clone();
        drop(&mut looser);
        looser
    };
    drop.iter().map(without).collect()
}

/// Holds an answer against the tables, without asking the resolver.
fn breaks(question: &Question, answer: &Answer) -> Vec<String> {
    let mut broken = Vec::new();
    let wheels = Wheels::embedded();
    let wished = |wish: &Option<VersionSpecifiers>, got: Option<&pep440_rs::Version>| {
        wish.as_ref().is_none_or(|wish| got.is_some_and(|version| wish.contains(version)))
    };
    let choices = [(Framework::Pytorch, &answer.torch), (Framework::Tensorflow, &answer.tensorflow)];
    for (framework, choice) in choices {
        let Some(choice) = choice else { continue };
        let is_row = |build: &&aether::stack::Build| {
            build.framework == framework
                && build.versions.contains(&choice.version)
                && (build.architecture, build.index) == (answer.architecture, choice.index)
                && build.variant == choice.variant
        };
        let Some(build) = wheels.builds.iter().find(is_row) else {
            broken.push(format!("{choice:?} is in no table"));
            continue;
        };
        let release = wheels.of(framework).find(|row| row.versions.contains(&choice.version)).expect("a release");
        let python = build.python.unwrap_or(release.python);
        let glibc = question.system.and_then(|system| system.glibc.clone());
        let toolkit = build.cuda.as_ref().map(|cuda| tables().toolkit(cuda).expect("a toolkit"));
        let covers = |device: Device| build.coverage(device.capability());
        let holds = [
            ("python", (python.0..=python.1).contains(&answer.python)),
            ("glibc", glibc.is_none_or(|glibc| glibc >= release.glibc)),
            ("gpu", question.device.is_none_or(|gpu| matches!(covers(gpu), Coverage::Code | Coverage::Ptx))),
            ("floor", answer.driver.is_none_or(|c| toolkit.is_none_or(|toolkit| c.driver.reaches(toolkit.floor)))),
            ("numpy", build.numpy.as_ref().is_none_or(|wish| wish.contains(&answer.numpy))),
            (
                "cudnn",
                wished(&question.cudnn, build.cudnn.as_ref())
                    || question.cudnn.as_ref().is_some_and(VersionSpecifiers::is_empty),
            ),
            ("index", question.index.is_none_or(|index| index == choice.index)),
            ("host", (build.libraries == Some(Libraries::System)) == choice.from_host.is_some()),
        ];
        broken.extend(holds.iter().filter(|(_, holds)| !holds).map(|(name, _)| format!("{name} of {framework:?}")));
    }
    if let (Some(Device::Model(gpu)), Some(driver)) = (question.device, answer.driver) {
        let branch = driver.driver.branch;
        let drives = gpu.first_branch.is_none_or(|first| first <= branch)
            && gpu.last_branch.is_none_or(|last| branch <= last)
            && driver.module.is_none_or(|module| gpu.modules.contains(&module));
        broken.extend((!drives).then(|| "driver window".to_owned()));
    }
    let rest = [
        ("torch", wished(&question.torch, answer.torch.as_ref().map(|choice| &choice.version))),
        ("tensorflow", wished(&question.tensorflow, answer.tensorflow.as_ref().map(|choice| &choice.version))),
        ("torchvision", wished(&question.torchvision, answer.torchvision.as_ref())),
        ("torchaudio", wished(&question.torchaudio, answer.torchaudio.as_ref())),
        ("jax", wished(&question.jax, answer.jax.as_ref())),
        ("numpy", wished(&question.numpy, Some(&answer.numpy))),
        ("python", question.python.is_none_or(|python| python == answer.python)),
        ("driver", question.driver.is_none_or(|driver| answer.driver.is_some_and(|choice| choice.driver == driver))),
    ];
    broken.extend(rest.iter().filter(|(_, holds)| !holds).map(|(name, _)| format!("wish for {name}")));
    broken
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_answer_breaks_no_rule(question in questions()) {
        if let Resolution::Answer(answer) = resolve(&Wheels::embedded(), &question) {
            prop_assert_eq!(breaks(&question, &answer), Vec::<String>::new());
        }
    }

    #[test]
    fn a_wish_less_never_turns_an_answer_into_a_refusal(question in questions()) {
        if let Resolution::Answer(_) = resolve(&Wheels::embedded(), &question) {
            for looser in loosened(&question) {
                prop_assert!(matches!(resolve(&Wheels::embedded(), &looser), Resolution::Answer(_)), "{:?}", looser);
            }
        }
    }

    #[test]
    fn the_same_question_has_the_same_answer_and_no_refusal_is_without_reason(question in questions()) {
        let first = resolve(&Wheels::embedded(), &question);
        prop_assert_eq!(&first, &resolve(&Wheels::embedded(), &question));
        if let Resolution::Refused(reason) = first {
            prop_assert!(!reason.chain.is_empty() && !reason.ways_out.is_empty());
        }
    }
}
