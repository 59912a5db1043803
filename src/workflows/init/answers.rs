//! Flags, findings and the person's answers → what the manifest will say. Knows no YAML.

use super::{Findings, InitError, InitRequest, trial};
use crate::diagnostic::nearest;
use crate::ports::{Prompt, PromptError};
use crate::stack::{Framework, Python, Verdict, Wheels, Wish, check, check_together, default_python};

/// Everything the manifest will say.
#[derive(Debug, Clone)]
pub(super) struct Answers {
    pub(super) name: String,
    /// One environment, or two where the frameworks cannot share one.
    pub(super) environments: Vec<Stack>,
    pub(super) packages: Vec<String>,
    pub(super) python: Option<Python>,
    pub(super) place: Place,
    /// `A100:8`, none for CPU hosts.
    pub(super) accelerators: Option<String>,
}

/// One environment.
#[derive(Debug, Clone)]
pub(super) struct Stack {
    pub(super) name: &'static str,
    pub(super) frameworks: Vec<(Framework, String)>,
}

/// Where it goes.
#[derive(Debug, Clone)]
pub(super) enum Place {
    Here,
    Ssh { addresses: Vec<String>, user: Option<String> },
}

/// Asks what no flag says. Without a terminal the default of each question is taken.
pub(super) fn collect(
    request: &InitRequest,
    found: &Findings,
    wheels: &Wheels,
    prompt: &dyn Prompt,
) -> Result<Answers, InitError> {
    refuse_flags(request)?;
    let name = if let Some(name) = &request.name {
        name.clone()
    } else {
        let default = project_name(&found.folder);
        asked(prompt.text("name of the project", &default, &trial::name), default)?
    };
    let frameworks = frameworks(request, found, prompt)?;
    let packages = request.packages.clone().unwrap_or_else(|| found.packages.clone());
    let place = place(request, found, prompt)?;
    let accelerators = accelerators(request, found, &place, prompt)?;
    let environments = stacks(wheels, frameworks, accelerators.is_some());
    let python = python(request, found, wheels, &place, &environments)?;
    Ok(Answers { name, environments, packages, python, place, accelerators })
}

/// Refuses answers given by flag before the first question is asked.
fn refuse_flags(request: &InitRequest) -> Result<(), InitError> {
    if request.provider.as_deref() == Some("local") {
        let clash = |flag, why| Err(InitError::Clash { flag, with: "--provider local", why });
        if request.addresses.is_some() {
            return clash("--address", "hosts with an address are reached over SSH, `--provider ssh`");
        }
        if request.user.is_some() {
            return clash("--user", "on this machine nobody logs in; hosts over SSH take `--provider ssh`");
        }
    }
    let one = |answer: &Option<String>| answer.iter().cloned().collect::<Vec<_>>();
    let all = |answers: &Option<Vec<String>>| answers.clone().unwrap_or_default();
    let flags: [(_, _, trial::Check); 5] = [
        ("--name", one(&request.name), trial::name),
        ("--address", all(&request.addresses), trial::address),
        ("--user", one(&request.user), trial::user),
        ("--accelerators", one(&request.accelerators), trial::accelerators),
        ("--package", all(&request.packages), trial::package),
    ];
    for (flag, answers, check) in flags {
        for answer in answers {
            check(&answer).map_err(|why| InitError::Answer { flag, answer: answer.clone(), why })?;
        }
    }
    Ok(())
}

/// The answer, or the default when nobody can be asked.
fn asked<T>(answer: Result<T, PromptError>, default: T) -> Result<T, InitError> {
    match answer {
        Err(PromptError::NoTerminal { .. }) => Ok(default),
        answer => Ok(answer?),
    }
}

/// The folder's name as a name: lower-case letters, digits and dashes.
fn project_name(folder: &str) -> String {
    let dashed = folder.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let name: String = dashed.skip_while(|c| !c.is_ascii_lowercase()).take(40).collect();
    match name.trim_end_matches('-') {
        "" => "project".to_owned(),
        name => name.to_owned(),
    }
}

fn frameworks(
    request: &InitRequest,
    found: &Findings,
    prompt: &dyn Prompt,
) -> Result<Vec<(Framework, String)>, InitError> {
    if let Some(flags) = &request.frameworks {
        return flags.iter().filter(|flag| *flag != "none").map(|flag| framework(flag)).collect();
    }
    let found_or_pytorch = |framework| {
        found.frameworks.contains_key(framework) || (found.frameworks.is_empty() && *framework == Framework::Pytorch)
    };
    let chosen = Framework::ALL.each_ref().map(found_or_pytorch);
    let defaults: Vec<_> = (0..Framework::ALL.len()).filter(|&i| chosen[i]).collect();
    let items = Framework::ALL.map(|framework| framework.key().to_owned());
    let picked = asked(prompt.choose_many("frameworks (space selects, enter goes on)", &items, &chosen), defaults)?;
    let version = |framework| found.frameworks.get(framework).map_or_else(|| "*".to_owned(), Clone::clone);
    Ok(picked.into_iter().map(|i| (Framework::ALL[i], version(&Framework::ALL[i]))).collect())
}

/// `pytorch`, `pytorch=2.10` or `pytorch>=2.8,<3`.
fn framework(flag: &str) -> Result<(Framework, String), InitError> {
    let refused = |why: String| InitError::Answer { flag: "--framework", answer: flag.to_owned(), why };
    let end = flag.find(['=', '<', '>', '~', '!']).unwrap_or(flag.len());
    let (key, version) = flag.split_at(end);
    let framework = Framework::from_key(key).ok_or_else(|| {
        let keys = Framework::ALL.map(Framework::key);
        refused(match nearest(key, keys) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of `{}`, or `none`", keys.join("`, `")),
        })
    })?;
    let version = match version.strip_prefix('=') {
        Some(bare) if !bare.starts_with('=') => bare,
        _ if version.is_empty() => "*",
        _ => version,
    };
    Wish::new(framework, version).map_err(|error| refused(error.to_string()))?;
    Ok((framework, version.to_owned()))
}

fn place(request: &InitRequest, found: &Findings, prompt: &dyn Prompt) -> Result<Place, InitError> {
    let is_ssh = request.addresses.is_some() || request.user.is_some();
    let is_here = match request.provider.as_deref() {
        Some("ssh") => false,
        Some("local") => true,
        Some(other) => {
            let why = "`init` writes `local` and `ssh`; host groups of other providers are added by hand".to_owned();
            return Err(InitError::Answer { flag: "--provider", answer: other.to_owned(), why });
        }
        None if is_ssh => false,
        None => {
            let items = ["this machine, in a folder of the project, without root", "hosts over SSH"].map(str::to_owned);
            asked(prompt.choose("where it runs", &items, 0), 0)? == 0
        }
    };
    if is_here { Ok(Place::Here) } else { ssh(request, found, prompt) }
}

fn ssh(request: &InitRequest, found: &Findings, prompt: &dyn Prompt) -> Result<Place, InitError> {
    let mut addresses = request.addresses.clone().unwrap_or_default();
    if addresses.is_empty() && !found.ssh_hosts.is_empty() {
        let none = vec![false; found.ssh_hosts.len()];
        let picked = asked(prompt.choose_many("hosts of your SSH configuration", &found.ssh_hosts, &none), Vec::new())?;
        addresses.extend(picked.into_iter().map(|i| found.ssh_hosts[i].clone()));
    }
    if addresses.is_empty() {
        let question = "addresses of the hosts, with commas between";
        addresses = trial::split(&asked(prompt.text(question, "", &trial::addresses), String::new())?);
    }
    if addresses.is_empty() {
        return Err(InitError::Needed { what: "the address of a host", flag: "--address gpu1.example.com" });
    }
    let user = if let Some(user) = &request.user {
        user.clone()
    } else {
        let question = "login name (empty: as your SSH configuration says)";
        let check = |answer: &str| if answer.is_empty() { Ok(()) } else { trial::user(answer) };
        asked(prompt.text(question, "", &check), String::new())?
    };
    Ok(Place::Ssh { addresses, user: (!user.is_empty()).then_some(user) })
}

fn accelerators(
    request: &InitRequest,
    found: &Findings,
    place: &Place,
    prompt: &dyn Prompt,
) -> Result<Option<String>, InitError> {
    let here = found.accelerators.as_deref().filter(|_| matches!(place, Place::Here));
    let default = here.unwrap_or("none");
    let answer = if let Some(answer) = &request.accelerators {
        answer.clone()
    } else {
        let question = "GPUs of each host, such as `A100:8`";
        asked(prompt.text(question, default, &trial::accelerators), default.to_owned())?
    };
    Ok((!trial::is_none(&answer)).then_some(answer))
}

/// One environment, unless pytorch and tensorflow would overwrite each other's CUDA libraries.
fn stacks(wheels: &Wheels, frameworks: Vec<(Framework, String)>, has_gpus: bool) -> Vec<Stack> {
    let wishes = wishes(&frameworks);
    if !has_gpus || check_together(wheels, &wishes) == Verdict::Fits {
        return vec![Stack { name: "main", frameworks }];
    }
    let (tensorflow, others) = frameworks.into_iter().partition(|(framework, _)| *framework == Framework::Tensorflow);
    vec![Stack { name: "pytorch", frameworks: others }, Stack { name: "tensorflow", frameworks: tensorflow }]
}

fn wishes(frameworks: &[(Framework, String)]) -> Vec<Wish> {
    frameworks.iter().filter_map(|(framework, version)| Wish::new(*framework, version).ok()).collect()
}

/// On this machine its own Python where every framework fits it, for it is there already; else left to the tables.
fn python(
    request: &InitRequest,
    found: &Findings,
    wheels: &Wheels,
    place: &Place,
    stacks: &[Stack],
) -> Result<Option<Python>, InitError> {
    if let Some(python) = &request.python {
        let refused = |error: crate::stack::PythonError| InitError::Answer {
            flag: "--python",
            answer: python.clone(),
            why: error.to_string(),
        };
        return Ok(Some(python.parse().map_err(refused)?));
    }
    let wishes: Vec<_> = stacks.iter().flat_map(|stack| wishes(&stack.frameworks)).collect();
    let fits = |python: &Python| wishes.iter().all(|wish| check(wheels, wish, *python) == Verdict::Fits);
    let own = found.python.filter(|_| matches!(place, Place::Here)).filter(fits);
    Ok(own.or_else(|| default_python(wheels, &wishes).ok()))
}
