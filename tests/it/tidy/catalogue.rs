//! Tables and what they stand for agree: diagnostics and their pages, dependencies and their reasons, bans and the lock.

use super::{File, assert_tidy, tracked};
use aether::diagnostic::{CODES, Code};
use std::collections::BTreeSet;

const PAGES: &str = "docs/diagnostics/";

/// Codes out of order, and pages that are not of the table or do not open with their name.
fn code_problems(codes: &[&Code], files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    for pair in codes.windows(2).filter(|pair| pair[0].id >= pair[1].id) {
        problems.push(format!("{} stands before {}: ids are unique and sorted", pair[0].id, pair[1].id));
    }
    for code in codes.iter().filter(|code| code.page.lines().next() != Some(&format!("# {}", code.name))) {
        problems.push(format!("{PAGES}{}.md does not open with `# {}`", code.name, code.name));
    }
    let names: BTreeSet<&str> = codes.iter().map(|code| code.name).collect();
    let pages = files.iter().filter_map(|file| file.path.strip_prefix(PAGES)?.strip_suffix(".md"));
    problems.extend(pages.filter(|page| !names.contains(page)).map(|page| format!("{PAGES}{page}.md has no row")));
    problems
}

/// Codes that nothing in `src/` reports.
fn unused_codes(codes: &[&Code], files: &[File]) -> Vec<String> {
    let sources: Vec<&File> =
        files.iter().filter(|f| f.path.starts_with("src/") && !f.path.ends_with("diagnostic/codes.rs")).collect();
    let is_used = |code: &&&Code| {
        let constant = code.name.replace('-', "_").to_uppercase();
        let row = format!("code = \"{}\"", code.name);
        sources.iter().any(|file| {
            file.text.contains(&row)
                || file.text.match_indices(&constant).any(|(at, _)| {
                    let is_joined = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
                    let text = &file.text;
                    !is_joined(text[..at].chars().next_back()) && !is_joined(text[at + constant.len()..].chars().next())
                })
        })
    };
    codes
        .iter()
        .filter(|code| !is_used(code))
        .map(|code| format!("{} `{}` is never reported", code.id, code.name))
        .collect()
}

/// Codes that no test mentions, by id or by name.
fn untested_codes(codes: &[&Code], files: &[File]) -> Vec<String> {
    let tests: Vec<&File> = files
        .iter()
        .filter(|file| file.path.starts_with("tests/") && !file.path.starts_with("tests/it/tidy"))
        .collect();
    let is_tested =
        |code: &&&Code| tests.iter().any(|file| file.text.contains(code.id) || file.text.contains(code.name));
    codes
        .iter()
        .filter(|code| !is_tested(code))
        .map(|code| format!("{} `{}` has no case", code.id, code.name))
        .collect()
}

fn text_of<'a>(files: &'a [File], path: &str) -> &'a str {
    files.iter().find(|file| file.path == path).map_or("", |file| &file.text)
}

/// Crates of a manifest that `docs/decisions/dependencies.md` does not argue, and arguments for crates that are gone.
fn unargued(cargo: &str, reasons: &str) -> Vec<String> {
    let cargo: toml::Table = cargo.parse().expect("Cargo.toml is TOML");
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    let names: BTreeSet<&str> = tables
        .iter()
        .filter_map(|table| cargo.get(*table)?.as_table())
        .flat_map(|table| table.keys().map(String::as_str))
        .collect();
    let argued: BTreeSet<&str> = reasons
        .lines()
        .take_while(|line| !line.starts_with("## Not taken"))
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let missing =
        names.difference(&argued).map(|name| format!("`{name}` is not argued in docs/decisions/dependencies.md"));
    let gone =
        argued.difference(&names).map(|name| format!("`{name}` is argued in docs/decisions/dependencies.md and gone"));
    missing.chain(gone).collect()
}

/// One line of `bans.deny`: a crate nobody may bring in but its `wrappers`, or only versions `below` one.
struct Ban<'a> {
    name: &'a str,
    below: Option<&'a str>,
    wrappers: Vec<&'a str>,
    reason: &'a str,
}

impl<'a> Ban<'a> {
    fn read(row: &'a toml::Value) -> Self {
        let text = |key: &str| row.get(key).and_then(toml::Value::as_str).unwrap_or_default();
        let (name, below) = text("crate").split_once("@<").map_or((text("crate"), None), |(n, b)| (n, Some(b)));
        Self { name, below, wrappers: texts(row, "wrappers"), reason: text("reason") }
    }

    fn problem(&self, package: &str, version: &str, dependencies: &[&str]) -> Option<String> {
        match self.below {
            Some(below) => (package == self.name && numbers(version) < numbers(below))
                .then(|| format!("`{package}` is older than {below}: {}", self.reason)),
            None => (dependencies.contains(&self.name) && !self.wrappers.contains(&package))
                .then(|| format!("`{package}` brings in `{}`: {}", self.name, self.reason)),
        }
    }
}

fn texts<'a>(table: &'a toml::Value, key: &str) -> Vec<&'a str> {
    let list = table.get(key).and_then(toml::Value::as_array).map_or(&[][..], Vec::as_slice);
    list.iter().filter_map(toml::Value::as_str).collect()
}

/// Crates in the lock that `deny.toml` bans.
fn banned(lock: &str, deny: &str) -> Vec<String> {
    let lock: toml::Value = toml::from_str(lock).expect("Cargo.lock is TOML");
    let deny: toml::Value = toml::from_str(deny).expect("deny.toml is TOML");
    let rows = |value: &toml::Value| value.as_array().expect("a list").clone();
    let (packages, bans) = (rows(&lock["package"]), rows(&deny["bans"]["deny"]));
    let bans: Vec<Ban<'_>> = bans.iter().map(Ban::read).collect();
    let problems_of = |package: &toml::Value| -> Vec<String> {
        let text = |key: &str| package.get(key).and_then(toml::Value::as_str).unwrap_or_default();
        let names: Vec<&str> = texts(package, "dependencies").iter().filter_map(|one| one.split(' ').next()).collect();
        bans.iter().filter_map(|ban| ban.problem(text("name"), text("version"), &names)).collect()
    };
    packages.iter().flat_map(problems_of).collect()
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map_while(|part| part.parse().ok()).collect()
}

#[test]
fn every_code_has_its_page_and_every_page_its_code() {
    assert_tidy(&code_problems(CODES, &tracked()));
}

#[test]
fn every_code_is_reported_somewhere() {
    assert_tidy(&unused_codes(CODES, &tracked()));
}

#[test]
fn every_code_has_a_failing_case() {
    assert_tidy(&untested_codes(CODES, &tracked()));
}

#[test]
fn every_dependency_is_argued() {
    let files = tracked();
    assert_tidy(&unargued(text_of(&files, "Cargo.toml"), text_of(&files, "docs/decisions/dependencies.md")));
}

#[test]
fn no_banned_crate_is_in_the_lock() {
    let files = tracked();
    assert_tidy(&banned(text_of(&files, "Cargo.lock"), text_of(&files, "deny.toml")));
}

#[test]
fn a_code_out_of_place_is_found() {
    let code = |id, page| Code { id, name: "bad-host", page };
    let (second, first) = (code("AE0002", "# bad-host\n"), code("AE0001", "# good-host\n"));
    let files = [File::new("docs/diagnostics/stray.md", "")];
    assert_eq!(
        code_problems(&[&second, &first], &files),
        [
            "AE0002 stands before AE0001: ids are unique and sorted",
            "docs/diagnostics/bad-host.md does not open with `# bad-host`",
            "docs/diagnostics/stray.md has no row"
        ]
    );
}

#[test]
fn a_code_that_nobody_reports_or_tests_is_found() {
    let code = Code { id: "AE0001", name: "bad-host", page: "" };
    let src = |text: &str| File::new("src/plan/diff.rs", text);
    assert_eq!(unused_codes(&[&code], &[src("code::BAD_HOSTNAME")]).len(), 1);
    assert_eq!(unused_codes(&[&code], &[src("code::BAD_HOST,")]), [""; 0]);
    assert_eq!(untested_codes(&[&code], &[src("AE0001")]).len(), 1);
    assert_eq!(untested_codes(&[&code], &[File::new("tests/cases/a/b.txt", "error[AE0001]")]), [""; 0]);
}

#[test]
fn a_dependency_without_argument_is_found() {
    let cargo = "[dependencies]\nserde = \"1\"\n[dev-dependencies]\ninsta = \"1\"\n";
    let found = unargued(cargo, "| `serde` | values |\n| `clap` | flags |");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("`insta` is not argued") && found[1].starts_with("`clap` is argued"));
}

#[test]
fn a_banned_crate_is_found() {
    let deny = "[bans]\ndeny = [{ crate = \"ring\", reason = \"a second\" }, { crate = \"openssl-sys\", wrappers = [\"ssh\"] }, { crate = \"rustls@<0.23\", reason = \"old\" }]";
    let lock = |packages: &str| format!("version = 4\n{packages}");
    let package = |name: &str, version: &str, on: &str| {
        format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\ndependencies = [\"{on}\"]\n")
    };
    assert_eq!(banned(&lock(&package("tls", "1.0.0", "ring 0.17.0")), deny), ["`tls` brings in `ring`: a second"]);
    assert_eq!(banned(&lock(&package("ssh", "1.0.0", "openssl-sys")), deny), [""; 0]);
    assert_eq!(banned(&lock(&package("web", "1.0.0", "openssl-sys")), deny).len(), 1);
    assert_eq!(banned(&lock(&package("rustls", "0.21.7", "log")), deny), ["`rustls` is older than 0.23: old"]);
    assert_eq!(banned(&lock(&package("rustls", "0.23.1", "log")), deny), [""; 0]);
}
