//! Flags, findings and the person's answers → what the manifest will say. Knows no YAML.

use super::{Findings, InitError, InitRequest};
use crate::diagnostic::nearest;
use crate::ports::{Prompt, PromptError};
use crate::stack::{Framework, Python, Verdict, Wish, check, check_together, default_python};

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
pub(super) fn collect(request: &InitRequest, found: &Findings, prompt: &dyn Prompt) -> Result<Answers, InitError> {
    let name = match &request.name {
        Some(name) => name.clone(),
        None => asked(prompt.text("name of the project", &project_name(&found.folder)), project_name(&found.folder))?,
    };
    let frameworks = frameworks(request, found, prompt)?;
    let packages = request.packages.clone().unwrap_or_else(|| found.packages.clone());
    let place = place(request, found, prompt)?;
    let accelerators = accelerators(request, found, &place, prompt)?;
    let environments = stacks(frameworks, accelerators.is_some());
    let python = python(request, found, &place, &environments)?;
    Ok(Answers { name, environments, packages, python, place, accelerators })
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
    let is_here = match (&request.addresses, request.provider.as_deref()) {
        (Some(_), _) | (None, Some("ssh")) => false,
        (None, Some("local")) => true,
        (None, Some(other)) => {
            let why = "`init` writes `local` and `ssh`; host groups of other providers are added by hand".to_owned();
            return Err(InitError::Answer { flag: "--provider", answer: other.to_owned(), why });
        }
        (None, None) => {
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
        let line = asked(prompt.text("addresses of the hosts, with commas between", ""), String::new())?;
        addresses.extend(line.split(',').map(str::trim).filter(|address| !address.is_empty()).map(str::to_owned));
    }
    if addresses.is_empty() {
        return Err(InitError::Needed { what: "the address of a host", flag: "--address gpu1.example.com" });
    }
    let user = match &request.user {
        Some(user) => user.clone(),
        None => asked(prompt.text("login name (empty: as your SSH configuration says)", ""), String::new())?,
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
    let answer = match &request.accelerators {
        Some(answer) => answer.clone(),
        None => asked(prompt.text("GPUs of each host, such as `A100:8`", default), default.to_owned())?,
    };
    Ok((!answer.eq_ignore_ascii_case("none")).then_some(answer))
}

/// One environment, unless pytorch and tensorflow would overwrite each other's CUDA libraries.
fn stacks(frameworks: Vec<(Framework, String)>, has_gpus: bool) -> Vec<Stack> {
    let wishes = wishes(&frameworks);
    if !has_gpus || check_together(&wishes) == Verdict::Fits {
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
    let fits = |python: &Python| wishes.iter().all(|wish| check(wish, *python) == Verdict::Fits);
    let own = found.python.filter(|_| matches!(place, Place::Here)).filter(fits);
    Ok(own.or_else(|| default_python(&wishes).ok()))
}
