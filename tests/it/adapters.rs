//! The rooms' doors to this machine: files, programs, and this machine as a host.

use aether::adapters::{Disk, LocalDialer, SystemPrograms, Terminal};
use aether::graph::{Target, Way};
use aether::ports::{Dialer, Files, FilesError, Invocation, ProgramError, Programs, Remote};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

fn disk() -> (tempfile::TempDir, Disk) {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::new(folder.path());
    (folder, disk)
}

#[test]
fn a_file_is_written_with_its_folders_and_removed_with_them() {
    let (folder, disk) = disk();
    let path = Path::new("infra/ansible/site.yml");
    disk.write(path, b"one").unwrap();
    disk.write(path, b"two").unwrap();
    disk.write(Path::new("infra/kept"), b"").unwrap();
    assert_eq!(disk.read(path).unwrap().as_deref(), Some(&b"two"[..]));
    disk.remove(path).unwrap();
    disk.remove(path).unwrap();
    assert!(!folder.path().join("infra/ansible").exists());
    assert_eq!(disk.list(Path::new("infra")).unwrap(), [Path::new("infra/kept")]);
}

#[test]
fn what_is_not_there_is_no_error() {
    let (_folder, disk) = disk();
    disk.write(Path::new("file"), b"").unwrap();
    assert_eq!(disk.read(Path::new("nothing")).unwrap(), None);
    assert_eq!(disk.read(Path::new("file/below")).unwrap(), None);
    assert!(disk.list(Path::new("nothing")).unwrap().is_empty());
}

#[test]
fn a_folder_a_pipe_and_a_huge_text_are_refused() {
    let (folder, disk) = disk();
    fs::create_dir(folder.path().join("folder")).unwrap();
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap().success());
    fs::File::create(folder.path().join("huge.yaml")).unwrap().set_len(100 << 20).unwrap();
    let told = |name: &str| disk.read(Path::new(name)).unwrap_err();
    assert_eq!(told("folder").to_string(), "`folder` is a directory, not a file");
    assert!(matches!(told("pipe"), FilesError::Read { source, .. } if source.to_string() == "not a regular file"));
    assert_eq!(told("huge.yaml").to_string(), "`huge.yaml` has 104857600 bytes; the limit is 4194304");
    let refused = disk.write(Path::new("folder"), b"").unwrap_err();
    assert_eq!(refused.to_string(), "`folder` is a directory, not a file");
}

#[test]
fn links_are_read_and_listed_but_not_followed_into_folders() {
    let (folder, disk) = disk();
    disk.write(Path::new("a/file"), b"text").unwrap();
    symlink("file", folder.path().join("a/link")).unwrap();
    symlink("..", folder.path().join("a/up")).unwrap();
    symlink("nowhere", folder.path().join("a/broken")).unwrap();
    symlink("itself", folder.path().join("a/itself")).unwrap();
    assert_eq!(disk.list(Path::new("a")).unwrap(), [Path::new("a/file"), Path::new("a/link")]);
    assert_eq!(disk.read(Path::new("a/link")).unwrap().as_deref(), Some(&b"text"[..]));
    assert!(matches!(disk.read(Path::new("a/itself")), Err(FilesError::Read { .. })));
}

#[test]
fn a_folder_that_cannot_be_written_keeps_the_old_file() {
    let (_folder, disk) = disk();
    disk.write(Path::new("file"), b"old").unwrap();
    let error = disk.write(Path::new("file/below"), b"new").unwrap_err();
    assert_eq!(error.to_string(), "cannot write `file/below`; nothing was changed");
    assert_eq!(disk.read(Path::new("file")).unwrap().as_deref(), Some(&b"old"[..]));
}

fn call(program: &str, arguments: &[&str], stdin: &[u8]) -> Invocation {
    let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    Invocation { program: program.to_owned(), arguments, stdin: stdin.to_vec(), ..Invocation::default() }
}

#[test]
fn a_program_is_fed_and_drained_at_once() {
    let much = vec![b'x'; 4 << 20];
    let script = "cat; head -c 4194304 /dev/zero >&2; exit 3";
    let output = SystemPrograms::new("/").run(&call("sh", &["-c", script], &much)).unwrap();
    assert_eq!((output.status, output.stdout.len(), output.stderr.len()), (Some(3), 4 << 20, 4 << 20));
}

#[test]
fn a_program_may_ignore_its_input_and_die_of_a_signal() {
    let output = SystemPrograms::new("/").run(&call("sh", &["-c", "kill -9 $$"], &vec![b'x'; 4 << 20])).unwrap();
    assert_eq!(output.status, None);
    assert_eq!(SystemPrograms::new("/").attach(&call("sh", &["-c", "kill -9 $$"], b"")).unwrap(), 137);
}

#[test]
fn a_missing_program_and_a_missing_folder_are_told_apart() {
    let programs = SystemPrograms::new("/");
    let missing = programs.run(&call("no-such-program", &[], b"")).unwrap_err();
    assert!(matches!(&missing, ProgramError::Missing { program } if program == "no-such-program"), "{missing:?}");
    let elsewhere = Invocation { directory: Some("/no/such/folder".into()), ..call("sh", &[], b"") };
    assert!(matches!(programs.run(&elsewhere), Err(ProgramError::Run { .. })));
}

fn here() -> Box<dyn Remote> {
    let target = Target { name: "here/here".to_owned(), way: Way::Local };
    LocalDialer::new(Arc::new(Terminal::new()), std::env::temp_dir().join(".aether-test/host.lock"))
        .connect(&target)
        .unwrap()
}

#[test]
fn this_machine_runs_commands_like_any_host() {
    let mut lines = Vec::new();
    let much = "line\n".repeat(1 << 20);
    let ending = here().exec("cat; echo oh >&2; exit 7", much.as_bytes(), &mut |line| lines.push(line.to_owned()));
    let ending = ending.unwrap();
    assert_eq!((ending.status, ending.stderr.as_str(), lines.len()), (Some(7), "oh\n", 1 << 20));
    assert_eq!(here().exec("kill -9 $$", b"", &mut |_| {}).unwrap().status, None);
}
