//! Bundles: the same bytes for the same parts, and every way in which one can be bad is a refusal that says so.

use crate::support::project::Project;
use crate::support::web::{Page, Web};
use aether::adapters::Disk;
use aether::bundle::{Bundle, BundleError, Part, Source, pack};
use aether::project::{Accelerator, Architecture, Lock, Platform};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;

const CPU: Platform = Platform { architecture: Architecture::X86_64, accelerator: Accelerator::Cpu };
const LOCK: &str = "version = 1\n";

fn bytes(path: &str, text: &str) -> Part {
    Part { path: path.to_owned(), source: Source::Bytes(text.as_bytes().to_vec()) }
}

fn parts() -> Vec<Part> {
    let long = format!("wheels/{}-1.0-py3-none-any.whl", "very_long_name_of_a_package_".repeat(6));
    vec![bytes("wheels/a-1.0-py3-none-any.whl", "AAAA"), bytes("project/aether.lock", LOCK), bytes(&long, "long")]
}

/// A folder with a sound bundle in it.
fn sound() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    pack("demo", LOCK.as_bytes(), parts(), Path::new("demo.tar"), &Disk::new(folder.path())).unwrap();
    let file = folder.path().join("demo.tar");
    (folder, file)
}

fn open(file: &Path) -> Result<Bundle, BundleError> {
    Bundle::open(file, Arc::new(Disk::new("/")))
}

fn told(file: &Path) -> String {
    match open(file) {
        Ok(_) => "sound".to_owned(),
        Err(error) => error.to_string().replace(&file.display().to_string(), "FILE"),
    }
}

/// Name, kind, content.
type Entry<'a> = (&'a str, tar::EntryType, &'a str);

/// An archive by hand.
fn archive(file: &Path, entries: &[Entry<'_>]) {
    let mut archive = tar::Builder::new(fs::File::create(file).unwrap());
    for (name, kind, content) in entries {
        let mut header = tar::Header::new_gnu();
        // The crate itself refuses such names, so they are written past it.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive.append(&header, content.as_bytes()).unwrap();
    }
    archive.finish().unwrap();
}

/// A packing list as Aether writes it, and its sums.
fn list(format: u64, files: &[(&str, &str)]) -> (String, String) {
    let listed: Vec<_> = files
        .iter()
        .map(|(path, text)| {
            let (sha256, bytes) = (sha256(text), text.len());
            format!(
                "    {{\n      \"path\": \"{path}\",\n      \"sha256\": \"{sha256}\",\n      \"bytes\": {bytes}\n    }}"
            )
        })
        .collect();
    let text = format!(
        "{{\n  \"format\": {format},\n  \"aether\": \"0.1.0\",\n  \"project\": \"demo\",\n  \"lock\": \"{}\",\n  \
         \"files\": [\n{}\n  ]\n}}\n",
        sha256(LOCK),
        listed.join(",\n")
    );
    let sums = files.iter().map(|(path, text)| format!("{}  {path}\n", sha256(text))).collect::<String>();
    let sums = format!("{}  bundle.json\n{sums}", sha256(&text));
    (text, sums)
}

#[test]
fn the_same_parts_give_the_same_bytes_and_any_tar_reads_them() {
    let ((_one, first), (_two, second)) = (sound(), sound());
    assert_eq!(fs::read(&first).unwrap(), fs::read(&second).unwrap());
    assert_eq!(told(&first), "sound");
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("tar xf {} && sha256sum --quiet -c SHA256SUMS", first.display()));
    assert!(command.current_dir(&folder).status().unwrap().success());
    assert_eq!(fs::read_to_string(folder.path().join("project/aether.lock")).unwrap(), LOCK);
}

#[test]
fn a_bundle_that_is_cut_off_anywhere_is_refused() {
    let (_folder, file) = sound();
    let whole = fs::read(&file).unwrap();
    // The last two blocks say only that nothing follows.
    for length in (0..whole.len() - 1024).step_by(97) {
        fs::write(&file, &whole[..length]).unwrap();
        assert_ne!(told(&file), "sound", "cut after {length} bytes");
    }
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    assert!(matches!(open(&file).err().unwrap(), BundleError::CutOff { .. }), "{}", told(&file));
}

#[test]
fn a_bit_that_flips_in_what_counts_is_found() {
    let (_folder, file) = sound();
    let whole = fs::read(&file).unwrap();
    let list = open(&file).unwrap().list().clone();
    let mut sound = 0;
    for place in (0..whole.len()).step_by(53) {
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << (place % 8);
        fs::write(&file, &bytes).unwrap();
        match open(&file) {
            // Only padding and times of a header may differ unseen; what is in it is the same.
            Ok(bundle) => {
                assert_eq!(*bundle.list(), list, "byte {place}");
                sound += 1;
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    assert!(sound < whole.len() / 53, "every flip went unseen");
    let at = whole.windows(4).position(|window| window == b"AAAA").unwrap();
    let mut bytes = whole;
    bytes[at] ^= 1;
    fs::write(&file, &bytes).unwrap();
    assert_eq!(
        told(&file),
        "`FILE` is damaged: `wheels/a-1.0-py3-none-any.whl` does not have the checksum that the bundle lists"
    );
}

#[test]
fn what_is_no_bundle_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bundle.tar");
    let plain = tar::EntryType::Regular;
    assert_eq!(told(&file), "there is no bundle `FILE`");
    fs::write(&file, "hello").unwrap();
    assert!(told(&file).starts_with("`FILE` is no bundle of Aether"), "{}", told(&file));
    fs::write(&file, "hello ".repeat(1000)).unwrap();
    assert_eq!(told(&file), "`FILE` is no bundle of Aether: it is no tar archive");
    archive(&file, &[("holiday.jpg", plain, "x")]);
    assert_eq!(told(&file), "`FILE` is no bundle of Aether: it does not begin with `bundle.json`");
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert_eq!(told(&file), "`FILE` is a directory, not a file");
}

#[test]
fn a_newer_format_and_foreign_parts_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bundle.tar");
    let (plain, link) = (tar::EntryType::Regular, tar::EntryType::Symlink);
    let (text, sums) = list(1, &[("a", "A")]);
    let head = [("bundle.json", plain, text.as_str()), ("SHA256SUMS", plain, sums.as_str())];
    let (newer, newer_sums) = list(2, &[("a", "A")]);
    let cases: [(&[Entry<'_>], &str); 8] = [
        (&[("a", plain, "A")], "sound"),
        (&[("a", plain, "A"), ("../up", plain, "x")], "`FILE` holds `../up`, a path that leads out of the bundle"),
        (&[("/etc/cron.d/x", plain, "x")], "`FILE` holds `/etc/cron.d/x`, a path that leads out of the bundle"),
        (&[("a/./b", plain, "x")], "`FILE` holds `a/./b`, a path that leads out of the bundle"),
        (&[("a", link, "")], "`FILE` holds `a`, which is no plain file"),
        (&[("a", plain, "A"), ("b", plain, "B")], "`FILE` holds `b`, which its list does not name"),
        (&[("a", plain, "A"), ("a", plain, "A")], "`FILE` holds `a`, twice"),
        (&[], "`FILE` is cut off: `a` is not there as a whole"),
    ];
    for (more, expected) in cases {
        archive(&file, &[&head[..], more].concat());
        assert_eq!(told(&file), expected);
    }
    archive(&file, &[("bundle.json", plain, &newer), ("SHA256SUMS", plain, &newer_sums), ("a", plain, "A")]);
    assert_eq!(told(&file), "`FILE` has format 2; this Aether reads format 1");
    archive(&file, &[("bundle.json", plain, &text), ("SHA256SUMS", plain, &newer_sums), ("a", plain, "A")]);
    assert!(told(&file).contains("damaged: `bundle.json`"), "{}", told(&file));
}

#[test]
fn a_bundle_fits_only_the_lock_it_was_made_from_and_only_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "version = 1\n\n[[tool]]\nname = \"uv\"\nversion = \"1.0\"\nhashes = [\"sha256:{}\"]\n\n[[environment]]\n\
         name = \"train\"\nplatform = {{ architecture = \"x86_64\", accelerator = \"cpu\" }}\npython = \"3.11\"\n\
         inputs = \"sha256:0\"\n\n[[environment.package]]\nname = \"a\"\nversion = \"1.0\"\nhashes = [\"sha256:{}\"]\n",
        sha256("UV"),
        sha256("AAAA"),
    );
    let lock = Lock::parse(&text).unwrap();
    let fits = |parts: Vec<Part>, text: &str| {
        let file = folder.path().join("bundle.tar");
        pack("demo", text.as_bytes(), parts, &file, &Disk::new("/")).unwrap();
        let fit = open(&file).unwrap().must_fit(&lock, text.as_bytes(), &[("train", CPU)]);
        fit.map_err(|error| error.to_string().replace(&file.display().to_string(), "FILE"))
    };
    let (uv, a) = (bytes("wheels/uv-1.0-py3-none-manylinux_2_17_x86_64.whl", "UV"), bytes("wheels/a-1.0.whl", "AAAA"));
    assert_eq!(fits(vec![uv.clone(), a.clone()], &text), Ok(()));
    assert_eq!(
        fits(vec![uv.clone()], &text).unwrap_err(),
        "`FILE` has no wheel of `a` 1.0 for environment `train` on x86_64 cpu"
    );
    assert_eq!(fits(vec![a.clone()], &text).unwrap_err(), "`FILE` has no wheel of `uv` for x86_64");
    let other = bytes("wheels/uv-1.0-py3-none-manylinux_2_17_aarch64.whl", "UV");
    assert_eq!(fits(vec![other, a], &text).unwrap_err(), "`FILE` has no wheel of `uv` for x86_64");
    let file = folder.path().join("other.tar");
    pack("demo", b"version = 2", vec![uv], &file, &Disk::new("/")).unwrap();
    let error = open(&file).unwrap().must_fit(&lock, text.as_bytes(), &[]).unwrap_err();
    assert!(matches!(error, BundleError::OtherLock { .. }), "{error}");
}

fn sha256(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A package index with `demo` and a stand-in for `uv`, as an organisation would run one.
struct Index {
    web: Web,
    pages: RefCell<BTreeMap<String, String>>,
}

impl Index {
    fn new() -> Self {
        let index = Self { web: Web::new(), pages: RefCell::default() };
        index.publish("demo", "demo-1.0-py3-none-any.whl");
        index.publish("uv", "uv-1.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl");
        index.publish("uv", "uv-1.0-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.whl");
        index
    }

    fn url(&self) -> String {
        self.web.url("/simple")
    }

    /// Adds a wheel and names it on the page of its project.
    fn publish(&self, name: &str, file: &str) {
        let wheel = wheel(name, file);
        let sum = sha256(&wheel);
        let page = format!("/simple/{name}/");
        let link = format!("<a href=\"/files/{file}#sha256={sum}\">{file}</a>\n");
        let before = self.pages.borrow().get(&page).cloned().unwrap_or_default() + &link;
        self.pages.borrow_mut().insert(page.clone(), before.clone());
        self.web.serve(&page, Page::new("text/html", before));
        self.web.serve(&format!("/files/{file}"), Page::new("application/zip", wheel));
    }

    fn asked_for(&self, what: &str) -> usize {
        self.web.asked().iter().filter(|asked| asked.path.contains(what)).count()
    }
}

/// A wheel with nothing but its metadata, made by Python's own zip.
fn wheel(name: &str, file: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    let program = "import sys, zipfile\n\
        path, name, tag = sys.argv[1:]\n\
        with zipfile.ZipFile(path, 'w') as z:\n  \
          for file, text in [('METADATA', f'Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n'),\n    \
            ('WHEEL', f'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: {tag}\\n'), ('RECORD', '')]:\n    \
            z.writestr(zipfile.ZipInfo(f'{name}-1.0.dist-info/{file}'), text)\n";
    let tag = file.trim_end_matches(".whl").rsplitn(4, '-').take(3).collect::<Vec<_>>();
    let tag = tag.into_iter().rev().collect::<Vec<_>>().join("-");
    let status = Command::new("python3").args(["-c", program]).arg(&path).args([name, &tag]).status().unwrap();
    assert!(status.success());
    fs::read(path).unwrap()
}

fn manifest(index: &str) -> String {
    format!(
        "aether: 1\nname: demo\nmirrors:\n  index: {index}\nenvironments:\n  tools:\n    python: \"3.11\"\n    \
         packages: [demo]\nhosts:\n  here:\n    provider: local\n    environments: [tools]\n"
    )
}

fn ends(project: &Project, arguments: &[&str], status: i32) -> String {
    let output = project.aether(arguments).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "aether {arguments:?} said:\n{told}");
    told
}

#[test]
fn a_lock_comes_from_the_mirror_and_is_the_same_from_another_one() {
    let (one, other) = (Index::new(), Index::new());
    let project = Project::with_manifest(&manifest(&one.url()));
    ends(&project, &["lock"], 0);
    let lock = fs::read_to_string(project.path().join("aether.lock")).unwrap();
    assert!(one.asked_for("/simple/demo/") > 0 && !lock.contains("127.0.0.1"), "{lock}");
    fs::write(project.path().join("aether.yaml"), manifest(&other.url())).unwrap();
    ends(&project, &["lock", "--check"], 0);
    ends(&project, &["lock", "--upgrade"], 0);
    assert!(other.asked_for("/simple/demo/") > 0);
    assert_eq!(fs::read_to_string(project.path().join("aether.lock")).unwrap(), lock);
    let gone = manifest("http://127.0.0.1:9/simple");
    fs::write(project.path().join("aether.yaml"), gone).unwrap();
    let told = ends(&project, &["lock", "--upgrade"], 1);
    assert!(told.contains("cannot be reached"), "{told}");
}

#[test]
fn a_bundle_is_made_from_the_mirror_twice_alike_and_checked_against_the_project() {
    let index = Index::new();
    let project = Project::with_manifest(&manifest(&index.url()));
    let told = ends(&project, &["bundle", "create"], 65);
    assert!(told.contains("aether lock"), "{told}");
    ends(&project, &["lock"], 0);
    fs::create_dir_all(project.path().join("packages/debian-12")).unwrap();
    let told = ends(&project, &["bundle", "create", "--packages", "packages"], 64);
    assert!(told.contains("no package in `packages`"), "{told}");
    fs::write(project.path().join("packages/debian-12/tree_1_amd64.deb"), "deb").unwrap();
    let told = ends(&project, &["bundle", "create", "--packages", "packages"], 0);
    assert!(told.contains("2 wheels, 1 system package"), "{told}");
    ends(&project, &["bundle", "create", "--packages", "packages", "-o", "again.tar"], 0);
    let read = |name: &str| fs::read(project.path().join(name)).unwrap();
    assert!(read("demo.bundle.tar") == read("again.tar"), "two bundles of one project differ");
    assert!(!project.path().join(".aether/bundle").exists(), "what was gathered is left behind");
    ends(&project, &["bundle", "check", "demo.bundle.tar"], 0);
    fs::OpenOptions::new()
        .append(true)
        .open(project.path().join("aether.lock"))
        .unwrap()
        .write_all(b"# more\n")
        .unwrap();
    let told = ends(&project, &["apply", "--yes", "--bundle", "demo.bundle.tar"], 65);
    assert!(told.contains("was made from another `aether.lock`"), "{told}");
}

#[test]
fn a_mirror_that_sends_something_else_is_found_out() {
    let index = Index::new();
    let project = Project::with_manifest(&manifest(&index.url()));
    ends(&project, &["lock"], 0);
    let mut other = wheel("demo", "demo-1.0-py3-none-any.whl");
    other[40] ^= 1;
    index.web.serve("/files/demo-1.0-py3-none-any.whl", Page::new("application/zip", other));
    let told = ends(&project, &["bundle", "create"], 1);
    assert!(told.contains("`demo-1.0-py3-none-any.whl` is not what is pinned"), "{told}");
    index.web.serve("/files/demo-1.0-py3-none-any.whl", Page::status(404, "gone"));
    let told = ends(&project, &["bundle", "create"], 1);
    assert!(told.contains("the server answered 404"), "{told}");
    assert!(!project.path().join("demo.bundle.tar").exists());
}

#[test]
fn packages_of_a_stack_that_no_bundle_can_bring_are_refused_before_anything_is_fetched() {
    let group = |more: &str| {
        let manifest = format!(
            "aether: 1\nname: demo\nhosts:\n  gpus:\n    provider: ssh\n    addresses: [10.0.0.7]\n    \
             accelerators: A100:1\n{more}"
        );
        let project = Project::with_manifest(&manifest);
        ends(&project, &["lock"], 0);
        project
    };
    let told = ends(&group("    system: rocky-9\n"), &["bundle", "create"], 65);
    assert!(told.contains("no bundle has NVIDIA's packages for rhel-9, which the hosts of `gpus` take"), "{told}");
    assert!(told.contains("AE0230") && told.contains("`driver: keep`"), "{told}");
    let told = ends(&group(""), &["bundle", "create"], 65);
    assert!(told.contains("say it, such as `system: ubuntu-24.04`"), "{told}");
    // A driver that is kept is nobody's to bring.
    ends(&group("    driver: keep\n"), &["bundle", "create"], 0);
}
