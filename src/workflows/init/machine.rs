//! What programs of this machine say about it. A program that is missing or fails leaves its question open.

use crate::ports::{Invocation, Programs};
use crate::stack::{Python, gpu_of};

/// `A100:8`, from what the driver's own tool lists; none without NVIDIA GPUs.
pub(super) fn accelerators(programs: &dyn Programs) -> Option<String> {
    let listed = output(programs, "nvidia-smi", &["--query-gpu=name", "--format=csv,noheader"])?;
    let names: Vec<_> = listed.lines().filter(|line| !line.trim().is_empty()).map(gpu).collect();
    let first = names.first()?.as_ref()?;
    Some(format!("{first}:{}", names.iter().filter(|name| name.as_ref() == Some(first)).count()))
}

/// `NVIDIA A100-SXM4-80GB` → `A100`, `NVIDIA GeForce RTX 4090` → `RTX4090`.
fn gpu(line: &str) -> Option<String> {
    if let Some(known) = gpu_of(line) {
        return Some(known.name.clone());
    }
    let maker = |word: &&str| !["NVIDIA", "Tesla", "GeForce", "Quadro"].contains(word);
    let words: Vec<_> = line.split([' ', '-']).filter(maker).collect();
    let name = match words[..] {
        [family @ ("RTX" | "GTX"), number, ..] => format!("{family}{number}"),
        [name, ..] => name.to_owned(),
        [] => return None,
    };
    let is_name =
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric());
    is_name.then_some(name)
}

/// The line of this machine's own Python.
pub(super) fn python(programs: &dyn Programs) -> Option<Python> {
    let script = "import sys; print('%d.%d' % sys.version_info[:2])";
    output(programs, "python3", &["-c", script])?.trim().parse().ok()
}

/// The hosts that the person's SSH configuration names. It lies outside the project, so a program is asked for it.
pub(super) fn ssh_hosts(programs: &dyn Programs) -> Vec<String> {
    let script = "cat -- \"$HOME/.ssh/config\" 2>/dev/null";
    output(programs, "sh", &["-c", script]).map(|text| hosts(&text)).unwrap_or_default()
}

/// The names of `Host` lines that stand for one host each: patterns and exclusions do not.
fn hosts(config: &str) -> Vec<String> {
    let mut hosts: Vec<String> = Vec::new();
    for line in config.lines() {
        let mut words = line.split(|c: char| c.is_whitespace() || c == '=').filter(|word| !word.is_empty());
        if !words.next().is_some_and(|keyword| keyword.eq_ignore_ascii_case("host")) {
            continue;
        }
        for name in words.take_while(|word| !word.starts_with('#')).map(|word| word.trim_matches('"')) {
            if !name.contains(['*', '?', '!']) && !hosts.iter().any(|known| known == name) {
                hosts.push(name.to_owned());
            }
        }
    }
    hosts
}

fn output(programs: &dyn Programs, program: &str, arguments: &[&str]) -> Option<String> {
    let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
    let output = programs.run(&Invocation { program: program.to_owned(), arguments, ..Invocation::default() }).ok()?;
    (output.status == Some(0)).then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_gpu_is_the_one_people_say() {
        for (line, expected) in [
            ("NVIDIA A100-SXM4-80GB", Some("A100")),
            ("NVIDIA GeForce RTX 4090", Some("RTX4090")),
            ("Tesla T4", Some("T4")),
            ("NVIDIA H100 80GB HBM3", Some("H100")),
            ("NVIDIA H100 NVL", Some("H100NVL")),
            ("NVIDIA RTX A6000", Some("RTXA6000")),
            ("NVIDIA Z9000-SXM9", Some("Z9000")),
            ("[Unknown Error]", None),
        ] {
            assert_eq!(gpu(line).as_deref(), expected);
        }
    }

    #[test]
    fn patterns_of_the_ssh_configuration_are_no_hosts() {
        let config =
            "Host gpu1 gpu2\n  HostName 10.0.0.1\nhost *.lab !gpu3\nHost=\"gpu4\" # mine\nHost gpu1\nMatch host gpu9\n";
        assert_eq!(hosts(config), ["gpu1", "gpu2", "gpu4"]);
    }
}
