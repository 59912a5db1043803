//! Reads what is newer on the package index and writes it into the project, so that nobody waits for a release of Aether.

use super::newer::{self, BuildRow, Newer, Row};
use crate::index;
use crate::ports::World;
use crate::stack::{Framework, OVERLAY, Wheels};
use crate::workflows::load::mirrors;
use crate::workflows::{Failure, Input};
use std::path::Path;

/// Frameworks whose releases the index can tell of.
const FRAMEWORKS: [Framework; 3] = [Framework::Pytorch, Framework::Tensorflow, Framework::Jax];

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshReport {
    /// The index, without name and password.
    pub index: String,
    /// The file that was written; none when there is nothing newer.
    pub file: Option<String>,
    /// `pytorch 2.16.0`, newest first.
    pub added: Vec<String>,
    /// What could not be read, in phrases.
    pub unknown: Vec<String>,
}

/// Asks the index for every release that is newer than the tables of this Aether. What an earlier refresh wrote is
/// written anew.
pub fn refresh(world: &World, input: &Input) -> Result<RefreshReport, Failure> {
    let index = index_of(world, input)?;
    let known = Wheels::embedded();
    let mut all = Newer::default();
    for framework in FRAMEWORKS {
        let Newer { rows, unknown } = newer::of(world.http.as_ref(), &index, &known, framework)?;
        all.rows.extend(rows);
        all.unknown.extend(unknown);
    }
    let torches: Vec<_> = releases(&all.rows).filter(|(framework, _)| *framework == Framework::Pytorch).collect();
    let torches: Vec<_> = torches.into_iter().map(|(_, version)| version.clone()).collect();
    if !torches.is_empty() {
        let Newer { rows, unknown } = newer::companions(world.http.as_ref(), &index, &known, &torches)?;
        all.rows.extend(rows);
        all.unknown.extend(unknown);
    }
    let added: Vec<String> =
        releases(&all.rows).map(|(framework, version)| format!("{} {version}", framework.key())).collect();
    let shown = crate::ports::http::shown(&index);
    let date = world.clock.now().strftime("%Y-%m-%d").to_string();
    if !added.is_empty() {
        world.files.write(Path::new(OVERLAY), text(&all.rows, &shown, &date).as_bytes())?;
    }
    let file = (!added.is_empty()).then(|| OVERLAY.to_owned());
    Ok(RefreshReport { index: shown, file, added, unknown: all.unknown })
}

fn releases(rows: &[Row]) -> impl Iterator<Item = (Framework, &pep440_rs::Version)> {
    rows.iter().filter_map(|row| match row {
        Row::Release { framework, version, .. } => Some((*framework, version)),
        _ => None,
    })
}

/// The mirror that the manifest names, else the index that `uv` and `pip` would ask: the one of `aether lock`.
fn index_of(world: &World, input: &Input) -> Result<String, Failure> {
    if let Some(mirror) = mirrors(world, input)?.index {
        return Ok(mirror);
    }
    let own = world.files.read(Path::new("uv.toml"))?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let configurations = own.iter().chain(&world.package_settings.configurations).map(String::as_str);
    Ok(index::address(&world.package_settings.variables, configurations))
}

/// The rows as a file in the form of Aether's own tables.
fn text(rows: &[Row], index: &str, date: &str) -> String {
    let head = format!(
        "# Releases that are newer than the tables of Aether, as `aether stack refresh` found them on {date} at\n\
         # {index}. Commit this file. A row with `verified = false` was taken over from an older release.\n"
    );
    let end = |source: &str| format!("source = {}\ndate = {date}\n", quoted(&format!("{source}, {index}")));
    let row = |row: &Row| match row {
        Row::Release { framework, version, python, glibc, source } => format!(
            "\n[[release]]\nframework = \"{}\"\nversions = [\"{version}\"]\npython = [\"3.{}\", \"3.{}\"]\nglibc = \"{glibc}\"\n{}",
            framework.key(),
            python.0,
            python.1,
            end(source)
        ),
        Row::Build(build) => format!("\n{}{}", build_text(build), end(&build.source)),
        Row::Companion { torch, torchvision, torchaudio, source } => {
            let torchaudio = torchaudio.as_ref().map(|version| format!("torchaudio = \"{version}\"\n"));
            format!(
                "\n[[companion]]\ntorch = \"{torch}\"\ntorchvision = [{}]\n{}verified = {}\n{}",
                listed(torchvision),
                torchaudio.unwrap_or_default(),
                !torchvision.is_empty(),
                end(source)
            )
        }
    };
    head + &rows.iter().map(row).collect::<String>()
}

fn build_text(build: &BuildRow) -> String {
    let mut lines = vec![
        "[[build]]".to_owned(),
        format!("framework = \"{}\"", build.framework.key()),
        format!("versions = [\"{}\"]", build.version),
        format!("architecture = \"{}\"", build.architecture),
    ];
    let own = |name: &str, value: Option<String>| value.map(|value| format!("{name} = \"{value}\""));
    let variant = build
        .cuda
        .as_ref()
        .map_or_else(|| "cpu".to_owned(), |cuda| format!("cu{}", cuda.release.to_string().replace('.', "")));
    lines.push(format!("variant = \"{variant}\"\nindex = \"pypi\""));
    lines.extend(build.cuda.as_ref().map(|cuda| format!("cuda = \"{}\"", cuda.release)));
    lines.extend(build.code.as_ref().map(|code| format!("code = [{}]", listed(code))));
    lines.extend((!build.ptx.is_empty()).then(|| format!("ptx = [{}]", listed(&build.ptx))));
    lines.extend(own("below", build.below.map(|below| below.to_string())));
    lines.extend(build.cuda.as_ref().and_then(|cuda| own("cudnn", cuda.cudnn.as_ref().map(ToString::to_string))));
    lines.extend(build.cuda.as_ref().and_then(|cuda| own("nccl", cuda.nccl.as_ref().map(ToString::to_string))));
    let libraries = if build.framework == Framework::Tensorflow { "extra" } else { "wheel" };
    lines.extend(build.cuda.as_ref().map(|_| format!("libraries = \"{libraries}\"")));
    lines.push(format!("verified = {}", build.cuda.is_none()));
    lines.push(format!("note = {}", quoted(&build.note)));
    lines.join("\n") + "\n"
}

fn listed<T: ToString>(values: &[T]) -> String {
    values.iter().map(|value| quoted(&value.to_string())).collect::<Vec<_>>().join(", ")
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
