//! A project on this machine whose runs are killed, and what an undisturbed run leaves of it.

use crate::support::project::Project;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

const PLAYBOOK: &str = include_str!("../../cases/kills/job.yml");
const MANIFEST: &str =
    "aether: 1\nname: kills\nhosts:\n  here:\n    provider: local\n    playbooks: [playbooks/job.yml]\n";

pub(super) struct Scene {
    project: Project,
    /// Where the tasks write.
    work: tempfile::TempDir,
    /// Where runs on this machine keep what they need for their time.
    temporary: tempfile::TempDir,
}

/// What a run leaves: files of the tasks, files of Aether, resources with the way they ended.
#[derive(Debug, PartialEq)]
pub(super) struct Left {
    files: BTreeMap<PathBuf, String>,
    own_files: Vec<PathBuf>,
    recorded: BTreeMap<String, String>,
}

impl Scene {
    pub(super) fn new() -> Self {
        let (work, temporary) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let project = Project::with_manifest(MANIFEST);
        fs::create_dir(project.path().join("playbooks")).unwrap();
        let playbook = PLAYBOOK.replace("FOLDER", work.path().to_str().unwrap());
        fs::write(project.path().join("playbooks/job.yml"), playbook).unwrap();
        Self { project, work, temporary }
    }

    /// A command that nobody can be asked in.
    pub(super) fn command(&self, verb: &str) -> Command {
        let mut command = self.project.aether(&[verb, "--yes"]);
        command.env("TMPDIR", self.temporary.path());
        command
    }

    /// Runs a command to its end, which must be a good one.
    pub(super) fn finish(&self, verb: &str) {
        let output = self.command(verb).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "`{verb}` after the kill: {:?}\n{said}", output.status);
    }

    /// What an undisturbed apply leaves.
    pub(super) fn undisturbed(&self) -> Left {
        self.finish("apply");
        self.result()
    }

    pub(super) fn has_nothing_to_do(&self) {
        let output = self.project.aether(&["plan", "--detailed-exitcode"]).output().unwrap();
        assert!(output.status.success(), "there is more to do: {}", String::from_utf8_lossy(&output.stdout));
    }

    /// What stands now.
    pub(super) fn result(&self) -> Left {
        self.has_no_leftovers();
        let (mut files, mut own_files) = (BTreeMap::new(), Vec::new());
        for file in files_below(self.work.path()) {
            files.insert(file.clone(), fs::read_to_string(self.work.path().join(&file)).unwrap());
        }
        for file in files_below(&self.project.path().join(".aether")) {
            // How many snapshots it took differs.
            own_files.extend((!file.starts_with("state/history")).then_some(file));
        }
        Left { files, own_files, recorded: self.recorded() }
    }

    /// Resources of the snapshot, with the way they ended. The journal is empty: the snapshot holds it all.
    pub(super) fn recorded(&self) -> BTreeMap<String, String> {
        let folder = self.project.path().join(".aether/state");
        assert_eq!(fs::read_to_string(folder.join("journal.jsonl")).unwrap(), "", "the journal is not taken in");
        let state = aether::state::parse(&fs::read(folder.join("state.json")).unwrap()).unwrap();
        assert!(state.hosts.values().all(|host| host.run.is_none()), "a run is still open: {state:#?}");
        let kept = folder.join(format!("history/{}.json", state.serial));
        assert_eq!(aether::state::parse(&fs::read(kept).unwrap()).unwrap(), state);
        state.resources.iter().map(|(address, one)| (address.to_string(), format!("{:?}", one.condition))).collect()
    }

    /// What runs left on this machine. The place of one that never began stays taken for an hour: an empty mark.
    fn left_of_runs(&self) -> Vec<PathBuf> {
        let mut left = files_below(self.temporary.path());
        left.retain(|file| file.file_name().is_some_and(|name| name != "status"));
        left
    }

    pub(super) fn has_no_leftovers(&self) {
        // A look whose Aether was killed goes a little later than its Aether.
        let all_is_gone = (0..600).any(|_| {
            let is_gone = self.left_of_runs().is_empty();
            if !is_gone {
                sleep(Duration::from_millis(100));
            }
            is_gone
        });
        assert!(all_is_gone, "left over: {:?}", self.left_of_runs());
        let own = files_below(&self.project.path().join(".aether/state"));
        let temporary: Vec<_> = own.iter().filter(|file| file.to_string_lossy().contains(".aether-")).collect();
        assert!(temporary.is_empty(), "left over: {temporary:?}");
    }
}

/// Relative paths of all files, sorted.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { found.push(path.strip_prefix(folder).unwrap().to_owned()) }
        }
    }
    found.sort();
    found
}
