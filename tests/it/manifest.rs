//! Every folder in `tests/cases/manifest/` is a manifest, with a profile, variables and flags where it has such files.
//! The snapshot in it shows what a user sees: all problems, or what became of it.

use aether::compile;
use aether::diagnostic::{CODES, Diagnostic, Diagnostics, Source, Style, to_text};
use aether::manifest::{self, Section, VariableSource};
use aether::project::{Accelerator, Environment, HostGroup, Lock, LockedStack, Mirrors, Project};
use aether::providers;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[test]
fn manifests_become_projects_or_clear_problems() {
    for folder in cases() {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let (project, problems) = outcome(&folder);
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("outcome", shown(project.as_ref(), &problems), &name));
        assert_eq!(name.starts_with("ok-"), problems.is_empty(), "{name}");
    }
}

#[test]
fn every_code_about_texts_and_manifests_has_a_failing_case() {
    let snapshots: Vec<String> = cases().iter().map(|folder| read(&folder.join("outcome.snap"))).collect();
    let is_ours = |id: &str| id.starts_with("AE01") || id.starts_with("AE02");
    let by_hand = ["AE0117", "AE0230"];
    for code in CODES.iter().filter(|code| is_ours(code.id) && !by_hand.contains(&code.id)) {
        assert!(snapshots.iter().any(|text| text.contains(code.id)), "{} `{}` has no case", code.id, code.name);
    }
}

#[test]
fn failures_outnumber_successes() {
    let (valid, failing): (Vec<_>, Vec<_>) =
        cases().into_iter().partition(|folder| folder.file_name().unwrap().to_string_lossy().starts_with("ok-"));
    assert!(failing.len() >= 60 && failing.len() > valid.len());
}

#[test]
fn a_file_of_100_mib_is_refused_unread() {
    let problem = Source::from_bytes("aether.yaml", vec![b'#'; 100 << 20]).unwrap_err();
    insta::assert_snapshot!("a_file_of_100_mib", to_text(&problem, Style::Plain));
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/manifest");
    let mut folders: Vec<_> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn outcome(folder: &Path) -> (Option<Project>, Vec<Diagnostic>) {
    let mut diagnostics = Diagnostics::new();
    let base = match Source::from_bytes("aether.yaml", std::fs::read(folder.join("aether.yaml")).unwrap()) {
        Ok(base) => base,
        Err(problem) => return (None, vec![problem]),
    };
    let profile = source(folder, "aether.production.yaml", "aether.production.yaml");
    let manifest = manifest::read(&base, profile.as_ref(), &variables(folder), &mut diagnostics);
    let project = manifest.and_then(|manifest| {
        Project::build(&manifest, None, &sections(), &aether::stack::Wheels::embedded(), &mut diagnostics)
    });
    if let Some(project) = project.clone() {
        compile::graph(project, Path::new("/srv/demo"), providers::ALL, &mut diagnostics);
    }
    (project, diagnostics.into_sorted())
}

fn variables(folder: &Path) -> Vec<VariableSource> {
    let lines = |file: &str| {
        let text = if folder.join(file).exists() { read(&folder.join(file)) } else { String::new() };
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let flags = lines("flags").into_iter().map(|line| VariableSource::Flag(Source::new("--var", line)));
    let environment = lines("env").into_iter().map(|line| {
        let (name, value) = line.split_once('=').unwrap();
        VariableSource::Environment(Source::new(name, value))
    });
    let file = source(folder, "vars.yaml", "vars.yaml").map(VariableSource::File);
    flags.chain(environment).chain(file).collect()
}

fn source(folder: &Path, file: &str, name: &str) -> Option<Arc<Source>> {
    folder.join(file).exists().then(|| Source::new(name, read(&folder.join(file))))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn shown(project: Option<&Project>, problems: &[Diagnostic]) -> String {
    let mut out = project.map(draw).unwrap_or_default();
    for problem in problems {
        writeln!(out, "{}\n", to_text(problem, Style::Plain)).unwrap();
    }
    out
}

fn sections() -> Vec<Section> {
    providers::ALL.iter().map(|provider| provider.section()).collect()
}

fn draw(project: &Project) -> String {
    let mut out = format!("project {}\n", project.name);
    project.environments.iter().for_each(|environment| draw_environment(environment, &mut out));
    project.groups.iter().for_each(|group| draw_group(group, &mut out));
    project.stacks().for_each(|stack| draw_stack(stack, &mut out));
    let Mirrors { index, torch_index, cuda, container_toolkit, huggingface, registry } = &project.mirrors;
    for place in [index, torch_index, cuda, container_toolkit, huggingface, registry].into_iter().flatten() {
        writeln!(out, "mirror: {place}").unwrap();
    }
    for stale in project.stale() {
        writeln!(out, "stale: {stale}").unwrap();
    }
    out + "\n"
}

fn draw_environment(environment: &Environment, out: &mut String) {
    let platforms: Vec<String> = environment.platforms.iter().map(ToString::to_string).collect();
    writeln!(out, "environment {}: python {}, {}", environment.name, environment.python, platforms.join(", ")).unwrap();
    writeln!(out, "  cpu: {}", environment.requirements_cpu.join(" | ")).unwrap();
    writeln!(out, "  cuda: {}", environment.requirements_cuda.join(" | ")).unwrap();
    writeln!(out, "  imports: {}", environment.imports.join(" ")).unwrap();
    for build in environment.builds.iter().filter(|build| build.platform.accelerator == Accelerator::Cuda) {
        let index = build.index.iter().map(|index| format!(" from {index}")).collect::<String>();
        let variant = build.variant.as_deref().unwrap_or("unknown");
        writeln!(out, "  {} as {variant}{index}: {}", build.platform, build.requirements.join(" | ")).unwrap();
        writeln!(out, "    beside: {}", build.constraints.join(" | ")).unwrap();
    }
}

/// As it would be written into the lock, without its digest.
fn draw_stack(stack: &LockedStack, out: &mut String) {
    let lock = Lock { stacks: vec![LockedStack { inputs: String::new(), ..stack.clone() }], ..Lock::default() };
    for line in
        lock.to_text().lines().skip_while(|line| *line != "[[stack]]").filter(|line| !line.starts_with("inputs"))
    {
        writeln!(out, "  {line}").unwrap();
    }
}

fn draw_group(group: &HostGroup, out: &mut String) {
    let gpus = group.accelerators.as_ref().map_or(String::new(), |(name, count)| format!(", {count} × {name}"));
    writeln!(out, "host group {}: {}, {}{gpus}", group.name, group.provider.value, group.platform).unwrap();
    writeln!(out, "  environments: {}", group.environments.join(" ")).unwrap();
    for path in &group.playbooks {
        writeln!(out, "  playbook: {}", path.value).unwrap();
    }
    for (key, node) in group.section.as_map().unwrap_or_default() {
        let value = format!("{:?}", node.kind).replace('\n', " ");
        writeln!(out, "  {}: {}", key.value, if node.as_list().is_some() { node.span.text() } else { &value }).unwrap();
    }
}
