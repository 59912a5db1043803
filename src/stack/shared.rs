//! One environment on several kinds of hosts: one build of each framework that serves all of them.

use super::answer::{Answer, Choice, Resolution};
use super::asked::Asked;
use super::question::Question;
use super::release::line;
use super::resolve::{find, resolve};
use super::{Architecture, Framework, Reason, Wheels};
use crate::diagnostic::code;
use pep440_rs::{Version, VersionSpecifier, VersionSpecifiers};

/// What becomes of several questions about one environment.
#[derive(Debug, Clone, PartialEq)]
pub enum Shared {
    /// One answer per question, in their order, all with the same builds.
    Answers(Vec<Answer>),
    /// The tables are silent on a release that was asked for.
    Unknown(Reason),
    /// One of the questions, by its number, has no answer of its own.
    Refused(usize, Reason),
    /// Each has an answer, and these two have none in common.
    Apart((usize, usize), Reason),
}

/// Answers all questions with the same builds of torch and `TensorFlow`, the newest that keep every rule everywhere.
///
/// A pure function of the questions, of which there is at least one, and the embedded tables.
pub fn resolve_shared(wheels: &Wheels, questions: &[Question]) -> Shared {
    let mut answers = Vec::new();
    for (number, question) in questions.iter().enumerate() {
        match resolve(wheels, question) {
            Resolution::Answer(answer) => answers.push(*answer),
            Resolution::Unknown(reason) => return Shared::Unknown(reason),
            Resolution::Refused(reason) => return Shared::Refused(number, reason),
        }
    }
    if answers.windows(2).all(|pair| builds(&pair[0]) == builds(&pair[1])) {
        return Shared::Answers(answers);
    }
    let all: Vec<&Question> = questions.iter().collect();
    match answers_of_all(wheels, &all) {
        Some(answers) => Shared::Answers(answers),
        None => apart(wheels, questions, &answers),
    }
}

/// Release and variant of each framework.
fn builds(answer: &Answer) -> [Option<(&Version, &str)>; 2] {
    [&answer.torch, &answer.tensorflow]
        .map(|choice| choice.as_ref().map(|choice| (&choice.version, choice.variant.as_str())))
}

/// The newest builds that pass all questions.
fn answers_of_all(wheels: &Wheels, questions: &[&Question]) -> Option<Vec<Answer>> {
    let first = questions.first()?;
    let torches = builds_of(wheels, Framework::Pytorch, first.architecture, wants_torch(first));
    let tensorflows = builds_of(wheels, Framework::Tensorflow, first.architecture, first.tensorflow.is_some());
    let pairs = torches.iter().flat_map(|torch| tensorflows.iter().map(move |tensorflow| (*torch, *tensorflow)));
    let mut answers =
        pairs.filter(|(torch, tensorflow)| admits(first, *torch, *tensorflow)).map(|(torch, tensorflow)| {
            let answer = |question: &&Question| find(&Asked::new(wheels, &pinned(question, torch, tensorflow)));
            questions.iter().map(answer).collect::<Option<Vec<Answer>>>()
        });
    answers.find_map(|answers| answers)
}

/// A release in one of its builds.
type Built<'a> = (&'a Version, &'a str);

/// Every build of a framework, newest first, or one `None` when it is not wanted.
fn builds_of<'a>(
    wheels: &'a Wheels,
    framework: Framework,
    architecture: Option<Architecture>,
    is_wanted: bool,
) -> Vec<Option<Built<'a>>> {
    if !is_wanted {
        return vec![None];
    }
    let of_framework = wheels.builds.iter().filter(|build| build.framework == framework);
    let for_host = of_framework.filter(|build| architecture.is_none_or(|wish| wish == build.architecture));
    let mut all: Vec<Built<'a>> =
        for_host.flat_map(|build| build.versions.iter().map(|version| (version, build.variant.as_str()))).collect();
    all.sort_by(|a, b| b.0.cmp(a.0));
    all.into_iter().map(Some).collect()
}

fn wants_torch(question: &Question) -> bool {
    question.torch.is_some() || question.torchvision.is_some() || question.torchaudio.is_some()
}

/// Whether the wishes themselves leave these releases in; the rest is the resolver's business.
fn admits(question: &Question, torch: Option<Built<'_>>, tensorflow: Option<Built<'_>>) -> bool {
    let will_do = |wish: &Option<VersionSpecifiers>, built: Option<Built<'_>>| {
        built.is_none_or(|(version, _)| wish.as_ref().is_none_or(|wish| wish.contains(version)))
    };
    let variant = question.variant.as_deref();
    will_do(&question.torch, torch)
        && will_do(&question.tensorflow, tensorflow)
        && torch.is_none_or(|(_, built)| variant.is_none_or(|wish| wish == built))
}

/// The question with exactly these builds.
fn pinned(question: &Question, torch: Option<Built<'_>>, tensorflow: Option<Built<'_>>) -> Question {
    Question {
        torch: torch.map(|(version, _)| exactly(version)),
        variant: torch.map(|(_, variant)| variant.to_owned()).or_else(|| question.variant.clone()),
        tensorflow: tensorflow.map(|(version, _)| exactly(version)),
        ..question.clone()
    }
}

fn exactly(version: &Version) -> VersionSpecifiers {
    VersionSpecifiers::from(VersionSpecifier::equals_version(version.clone()))
}

/// Names the first two questions that no build answers both.
fn apart(wheels: &Wheels, questions: &[Question], answers: &[Answer]) -> Shared {
    let pairs = (0..questions.len()).flat_map(|one| (one + 1..questions.len()).map(move |other| (one, other)));
    let (one, other) = pairs
        .into_iter()
        .find(|(one, other)| answers_of_all(wheels, &[&questions[*one], &questions[*other]]).is_none())
        .unwrap_or((0, 1));
    let takes = |number: usize| {
        let device = questions[number].device.map_or_else(|| "a host".to_owned(), |device| device.to_string());
        format!("{device} takes {}", named(&answers[number]))
    };
    let chain = [takes(one), takes(other), "no build that will do serves both".to_owned()];
    let reason = Reason::new(&code::GPUS_SHARE_NO_BUILD, chain)
        .or(any_release(wheels, questions))
        .or("one environment for each kind of GPU".to_owned());
    Shared::Apart((one, other), reason)
}

/// `pytorch 2.14.1 as cu126`.
fn named(answer: &Answer) -> String {
    let name = |key: &str, choice: &Option<Choice>| {
        choice.as_ref().map(|choice| format!("{key} {} as {}", choice.version, choice.variant))
    };
    let names = [name("pytorch", &answer.torch), name("tensorflow", &answer.tensorflow)];
    names.into_iter().flatten().collect::<Vec<_>>().join(" with ")
}

/// Another release of torch that would serve all.
fn any_release(wheels: &Wheels, questions: &[Question]) -> Option<String> {
    let open = |question: &Question| Question {
        torch: question.torch.as_ref().map(|_| VersionSpecifiers::empty()),
        ..question.clone()
    };
    let questions: Vec<Question> = questions.iter().map(open).collect();
    let answers = answers_of_all(wheels, &questions.iter().collect::<Vec<_>>())?;
    let torch = answers.first()?.torch.as_ref()?;
    Some(format!("`pytorch: \"{}\"`", line(&torch.version)))
}
