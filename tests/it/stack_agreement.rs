//! The resolver against the real package index: what it says is possible, `uv` accepts, and what it says is impossible,
//! `uv` refuses. Where they differ, `docs/stack-agreement.md` says why.

use aether::stack::{
    Architecture, Framework, Index, Python, Question, Resolution, System, Wheels, resolve, specifier, tables,
};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

/// The sample is the same every time; another number is another sample.
const SEED: u64 = 20_261_121;
const SINGLES: usize = 60;
const PYTHON: &str = "/usr/bin/python3";
const PAIRS: usize = 12;
/// The second numbers of the glibcs that `uv` can be told of; a system between two of them is asked about as the lower one.
const GLIBCS: [u64; 12] = [17, 28, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40];

/// One thing to ask both.
#[derive(Debug, Clone)]
struct Tuple {
    /// Framework and exact release; a pair shares one environment.
    releases: Vec<(Framework, String)>,
    python: Python,
    architecture: Architecture,
    system: &'static System,
}

struct Dice(u64);

impl Dice {
    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        &all[usize::try_from(self.0 >> 33).unwrap() % all.len()]
    }
}

fn sample() -> Vec<Tuple> {
    let wheels = Wheels::embedded();
    let of = |framework| wheels.versions(framework).map(|version| (framework, version.to_string())).collect::<Vec<_>>();
    let (torches, tensorflows) = (of(Framework::Pytorch), of(Framework::Tensorflow));
    let pythons: Vec<Python> = (8..=14).map(Python::new).collect();
    let systems: Vec<&'static System> = tables().systems.iter().filter(|system| system.glibc.is_some()).collect();
    let architectures = [Architecture::X86_64, Architecture::X86_64, Architecture::Aarch64];
    let mut dice = Dice(SEED);
    let kinds = [&torches, &torches, &tensorflows];
    let single = |dice: &mut Dice| Tuple {
        releases: {
            let kind = dice.pick(&kinds);
            vec![dice.pick(kind).clone()]
        },
        python: *dice.pick(&pythons),
        architecture: *dice.pick(&architectures),
        system: dice.pick::<&System>(&systems),
    };
    let mut all: Vec<Tuple> = (0..SINGLES).map(|_| single(&mut dice)).collect();
    // In one environment only pins can be compared, so the rest is chosen to fit.
    let modern = tables().system("ubuntu-24.04").unwrap();
    all.extend((0..PAIRS).map(|_| Tuple {
        releases: vec![dice.pick(&torches[..20]).clone(), dice.pick(&tensorflows[..10]).clone()],
        python: Python::new(11),
        architecture: Architecture::X86_64,
        system: modern,
    }));
    all
}

impl Tuple {
    /// `torch 2.10.0, tensorflow 2.20.0 | 3.11 | x86_64 | ubuntu-24.04`.
    fn row(&self) -> String {
        let releases: Vec<String> =
            self.releases.iter().map(|(framework, version)| format!("{} {version}", framework.key())).collect();
        format!("{} | {} | {} | {}", releases.join(", "), self.python, self.architecture, self.system.name)
    }

    /// Whether the resolver finds a stack of packages of the index.
    fn is_possible(&self) -> bool {
        let wish = |wanted| {
            let own = self.releases.iter().find(|(framework, _)| *framework == wanted);
            own.map(|(_, version)| specifier(&format!("=={version}")).unwrap())
        };
        let is_pair = self.releases.len() > 1;
        let question = Question {
            // Only on a GPU do the two bring libraries that have to be pinned alike.
            device: is_pair.then(|| aether::stack::Device::Model(tables().gpu("A100").unwrap())),
            architecture: Some(self.architecture),
            system: Some(self.system),
            python: Some(self.python),
            index: Some(Index::Pypi),
            torch: wish(Framework::Pytorch),
            tensorflow: wish(Framework::Tensorflow),
            ..Question::default()
        };
        matches!(resolve(&Wheels::embedded(), &question), Resolution::Answer(_))
    }

    /// Whether `uv` finds wheels.
    fn is_accepted(&self) -> bool {
        let is_pair = self.releases.len() > 1;
        let requirements: Vec<String> = self
            .releases
            .iter()
            .map(|(framework, version)| match framework {
                Framework::Tensorflow if is_pair => format!("tensorflow[and-cuda]=={version}"),
                Framework::Tensorflow => format!("tensorflow=={version}"),
                _ => format!("torch=={version}"),
            })
            .collect();
        let own = self.system.glibc.as_ref().unwrap().release()[1];
        let glibc = GLIBCS.iter().rev().find(|known| **known <= own).unwrap();
        let platform = format!("{}-manylinux_2_{glibc}", self.architecture);
        let mut arguments =
            vec!["pip", "compile", "-", "--quiet", "--no-header", "--only-binary", ":all:", "--no-python-downloads"];
        let python = self.python.to_string();
        arguments.extend(["--python-version", &python, "--python-platform", &platform]);
        // Otherwise `uv` asks every Python on the machine for its version, each time.
        if Path::new(PYTHON).exists() {
            arguments.extend(["--python", PYTHON]);
        }
        if !is_pair {
            arguments.push("--no-deps");
        }
        // A lost connection is no answer; `uv` has tried several times before it says so.
        let mut silence = String::new();
        for _ in 0..2 {
            let (is_done, told) = uv(&arguments, &requirements.join("\n"));
            if is_done || told.contains("No solution found") {
                return is_done;
            }
            silence += &told;
        }
        panic!("uv has no answer to {}: {silence}", self.row());
    }
}

fn uv(arguments: &[&str], requirements: &str) -> (bool, String) {
    let mut command = Command::new("uv");
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("uv is there");
    child.stdin.take().unwrap().write_all(requirements.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Rows of the table in the page: the tuple, then who says yes.
fn explained() -> BTreeSet<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/stack-agreement.md");
    let text = std::fs::read_to_string(page).unwrap();
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let lines = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| stack "));
    let rows = lines.map(cells).filter(|cells| cells.len() == 6);
    rows.map(|cells| cells[..5].join(" | ")).collect()
}

#[test]
fn what_is_possible_is_accepted_by_uv_and_what_is_not_is_refused() {
    let tuples = sample();
    let possible = tuples.iter().filter(|tuple| tuple.is_possible()).count();
    assert!(possible > 10 && tuples.len() - possible > 10, "{possible} of {} are possible", tuples.len());
    let next = Mutex::new(tuples.iter());
    let differences = Mutex::new(BTreeSet::new());
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                loop {
                    let Some(tuple) = next.lock().unwrap().next() else { return };
                    let (possible, accepted) = (tuple.is_possible(), tuple.is_accepted());
                    if possible != accepted {
                        let who = if possible { "resolver" } else { "uv" };
                        differences.lock().unwrap().insert(format!("{} | {who}", tuple.row()));
                    }
                }
            });
        }
    });
    let (found, explained) = (differences.into_inner().unwrap(), explained());
    let new: Vec<_> = found.difference(&explained).collect();
    assert!(new.is_empty(), "seed {SEED}: not explained in docs/stack-agreement.md:\n{new:#?}");
    let gone: Vec<_> = explained.difference(&found).collect();
    assert!(
        gone.is_empty(),
        "seed {SEED}: explained in docs/stack-agreement.md, and there is no such difference:\n{gone:#?}"
    );
}
