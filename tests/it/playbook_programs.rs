//! What holds for every program: words survive the shell, one run at a time, a failure stops it, nothing is left behind.

use crate::support::playbook::{Host, compile, facts, shellcheck};
use aether::playbook::{Entry, Event, HostProgram, Library, Mode, Section, Status};
use aether::secret::Secret;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::process::Command;

/// Compiles one play with these tasks.
fn program(tasks: &Value, variables: &Value, is_root: bool) -> HostProgram {
    let mut library = Library::new();
    library.insert("play.yml", json!([{ "hosts": "all", "tasks": tasks }]).to_string());
    let section = Section {
        label: "here/host".to_owned(),
        entry: Entry::Playbook("play.yml".to_owned()),
        variables: variables.as_object().cloned().unwrap_or_default(),
        r#become: is_root,
    };
    compile(&library, &[section], &facts()).unwrap_or_else(|text| panic!("{text}"))
}

fn nasty_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "-",
        "--help",
        "-n",
        "it's",
        "\"",
        "\\",
        "\\\\",
        "$HOME",
        "${HOME}",
        "$(id)",
        "`id`",
        "a\nb",
        "\n",
        "a\n\n",
        "\t",
        "*",
        "?",
        "[a]",
        "~",
        "~root",
        "#",
        "!",
        "a;b",
        "a&b",
        "a|b",
        "<x>",
        "(x)",
        "%s%n",
        "\\n",
        "\u{e4}\u{20ac}\u{1f600}",
        "\u{201c}smart\u{201d}",
        "\u{a0}",
        "\r\n",
        "END",
        "a\nEND\nb",
        "\u{1}\u{7f}",
        "x=y",
        "a'b\"c$d`e\\f",
    ]
    .map(str::to_owned)
    .into();
    texts.push("long ".repeat(2000));
    texts
}

fn round_trip(texts: &[String]) {
    let host = Host::new();
    let write = "printf %s \"$1\" >\"$2\"";
    let from_environment = "printf %s \"$NASTY\" >";
    let mut tasks = Vec::new();
    for number in 0..texts.len() {
        let at = |kind: &str| host.home().join(format!("{kind}{number}"));
        let (text, from) =
            (format!("{{{{ texts[{number}] }}}}"), format!("{from_environment}{}", at("environment").display()));
        tasks.push(json!({ "copy": { "content": text, "dest": at("copy"), "mode": "0600" } }));
        tasks.push(json!({ "command": { "argv": ["sh", "-c", write, "sh", text, at("argv")], "expand_argument_vars": false } }));
        tasks.push(
            json!({ "shell": format!("printf %s {{{{ texts[{number}] | quote }}}} >{}", at("shell").display()) }),
        );
        tasks.push(json!({ "shell": from, "environment": { "NASTY": text } }));
        tasks.push(json!({ "shell": format!("cat >{}", at("stdin").display()), "args": { "stdin": text, "stdin_add_newline": false } }));
    }
    let program = program(&json!(tasks), &json!({ "texts": texts }), false);
    let ran = host.run_program(&program, Mode::Apply);
    assert_eq!(ran.status, Some(0), "{}", ran.story());
    for (number, text) in texts.iter().enumerate() {
        for kind in ["copy", "argv", "shell", "environment", "stdin"] {
            let bytes = std::fs::read(host.home().join(format!("{kind}{number}"))).unwrap_or_default();
            assert_eq!(String::from_utf8_lossy(&bytes), *text, "{kind} of {text:?}");
        }
    }
}

#[test]
fn nasty_texts_arrive_as_they_were_written() {
    round_trip(&nasty_texts());
}

#[test]
fn nasty_texts_leave_the_program_clean_to_shellcheck() {
    let is_tame = |text: &String| text.chars().all(|c| c == '\n' || c == '\t' || ('\u{20}'..'\u{7f}').contains(&c));
    let texts: Vec<String> = nasty_texts().into_iter().filter(is_tame).collect();
    let tasks = json!([
        { "command": { "argv": texts } },
        { "command": "true", "environment": { "NASTY": "{{ item }}" }, "loop": texts },
        { "copy": { "content": "{{ item }}", "dest": "/x", "mode": "0600" }, "loop": texts },
        { "debug": { "msg": "{{ item }}" }, "loop": texts },
    ]);
    let program = program(&tasks, &Value::Null, false);
    assert_eq!(shellcheck(&program.script(Mode::Apply, "it's \"me\" $HOME")), "");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_text_arrives_as_it_was_written(texts in prop::collection::vec("[^\\{\\x00]{0,40}", 20)) {
        round_trip(&texts);
    }
}

#[test]
fn output_of_any_bytes_is_told_as_text() {
    let host = Host::new();
    let tasks =
        json!([{ "shell": "printf 'a\\001\\033[31m\\377\\303\\050\\360\\237\\230\\200\"\\\\\\n'; printf err >&2" }]);
    let ran = host.run_program(&program(&tasks, &Value::Null, false), Mode::Apply);
    let output = ran.events.iter().find_map(|event| match event {
        Event::TaskEnded { output, .. } => output.clone(),
        _ => None,
    });
    assert_eq!(output.as_deref(), Some("a\u{1}\u{1b}[31m\u{fffd}\u{fffd}(\u{1f600}\"\\\nerr"));
}

#[test]
fn a_quiet_task_tells_neither_output_nor_reason() {
    let host = Host::new();
    let tasks = json!([{ "shell": "echo canary; exit 3", "no_log": true }]);
    let ran = host.run_program(&program(&tasks, &Value::Null, false), Mode::Apply);
    assert!(!ran.stdout.contains("canary") && !ran.stdout.contains("exit status"), "{}", ran.stdout);
    assert_eq!(ran.status, Some(1));
}

#[test]
fn the_first_failure_stops_the_program_and_an_ignored_one_does_not() {
    let host = Host::new();
    let tasks = json!([
        { "name": "one", "command": "false", "ignore_errors": true, "register": "one" },
        { "name": "two", "fail": { "msg": "two is enough" }, "when": "one is failed" },
        { "name": "three", "command": "true" },
    ]);
    let ran = host.run_program(&program(&tasks, &Value::Null, false), Mode::Apply);
    assert_eq!(ran.sequence(), ["one: failed", "two: failed"]);
    assert_eq!(ran.events.last(), Some(&Event::Ended { failed: true }));
}

#[test]
fn a_second_run_is_told_who_holds_the_host() {
    let host = Host::new();
    let inner = "AETHER_LOCK=\"$AETHER_LOCK\" sh \"$SECOND\" || true";
    let second = host.home().join("second");
    let script = program(&json!([{ "command": "true" }]), &Value::Null, false).script(Mode::Apply, "the second");
    std::fs::write(&second, script).unwrap();
    let tasks = json!([{ "shell": inner, "environment": { "SECOND": second } }]);
    let ran = host.run_program(&program(&tasks, &Value::Null, false), Mode::Apply);
    assert!(ran.story().contains(r#"{"event":"busy","owner":"a test"}"#), "{}", ran.story());
}

#[test]
fn a_lock_that_cannot_be_made_is_held_by_nobody() {
    let host = Host::new();
    let nowhere = host.home().join("nowhere/lock");
    let environment = [("AETHER_LOCK", nowhere.to_str().unwrap())];
    let program = program(&json!([{ "command": "true" }]), &Value::Null, false);
    let ran = host.run_as(&program, Mode::Apply, &environment, None);
    assert_eq!((ran.status, ran.stdout.contains("busy")), (Some(73), false), "{}", ran.stdout);
    assert!(ran.stderr.contains("nowhere/lock"), "{}", ran.stderr);
}

#[test]
fn the_lock_of_a_run_that_is_gone_is_taken_over() {
    let host = Host::new();
    let lock = host.home().join("../lock");
    std::fs::create_dir(&lock).unwrap();
    std::fs::write(lock.join("owner"), "1 1 another-boot\nsomebody who is gone\n").unwrap();
    let ran = host.run_program(&program(&json!([{ "command": "true" }]), &Value::Null, false), Mode::Apply);
    assert_eq!(ran.status, Some(0), "{}", ran.story());
    assert!(!lock.exists());
}

#[test]
fn half_a_program_does_nothing() {
    let host = Host::new();
    let mark = host.home().join("mark");
    let script =
        program(&json!([{ "file": { "path": mark, "state": "touch" } }]), &Value::Null, false).script(Mode::Apply, "x");
    let file = host.home().join("half");
    for part in 1..8 {
        let end = script.len() - script.len() * part / 100 - 1;
        std::fs::write(&file, &script[..end]).unwrap();
        Command::new("sh").arg(&file).env("AETHER_LOCK", host.home().join("lock")).output().unwrap();
        assert!(!mark.exists(), "{part}% were missing");
    }
}

#[test]
fn a_condition_on_what_a_look_cannot_know_is_unknown() {
    let host = Host::new();
    let tasks = json!([
        { "name": "made", "command": "true", "register": "made" },
        { "name": "after", "command": "true", "args": { "creates": "/nowhere" }, "when": "made.rc == 0" },
        { "name": "either", "debug": { "msg": "x" }, "when": "made is changed or not made is changed" },
        { "name": "never", "debug": { "msg": "x" }, "when": "made is changed and false" },
    ]);
    let ran = host.run_program(&program(&tasks, &Value::Null, false), Mode::Check);
    assert_eq!(ran.sequence(), ["made: skipped", "after: unknown", "either: unknown", "never: skipped"]);
}

#[test]
fn root_tasks_go_through_sudo_and_the_password_is_seen_nowhere() {
    let host = Host::new();
    let sudo = host.home().join("bin/sudo");
    std::fs::create_dir(host.home().join("bin")).unwrap();
    let stand_in = "#!/bin/sh\nfor a in \"$@\"; do case $a in -n) exit 1 ;; esac; done\nread -r p; \
        [ \"$p\" = canary ] || { echo wrong >&2; exit 1; }\nwhile [ $# -gt 0 ]; do case $1 in -p) shift 2 ;; -*) shift ;; *) break ;; esac; done\n\
        exec env WHO=root \"$@\"\n";
    std::fs::write(&sudo, stand_in).unwrap();
    std::fs::write(host.home().join("bin/id"), "#!/bin/sh\necho 1000\n").unwrap();
    Command::new("chmod").args(["-R", "755"]).arg(host.home().join("bin")).status().unwrap();
    let tasks = json!([
        { "name": "user", "shell": "echo ${WHO-user}", "register": "before" },
        { "name": "root", "shell": "echo ${WHO-user}; cat /proc/*/cmdline /proc/self/environ 2>/dev/null | tr '\\0' '\\n' | grep -c '^canary$' || true", "become": true, "register": "root", "when": "before.stdout == 'user'" },
        { "name": "user again", "shell": "echo ${WHO-user}", "when": "root is changed and 'root\n0' in root.stdout" },
    ]);
    let program = program(&tasks, &Value::Null, false);
    let path = format!("{}:{}", host.home().join("bin").display(), std::env::var("PATH").unwrap());
    let ran = host.run_as(&program, Mode::Apply, &[("PATH", &path)], Some(&Secret::new("canary")));
    assert_eq!(ran.sequence(), ["user: changed", "root: changed", "user again: changed"], "{}", ran.story());
    assert!(!ran.stdout.contains("canary"));
    let wrong = host.run_as(&program, Mode::Apply, &[("PATH", &path)], Some(&Secret::new("other")));
    assert!(wrong.story().contains("root: failed (sudo refused"), "{}", wrong.story());
}

#[test]
fn a_task_that_reads_gets_nothing_of_the_program() {
    let host = Host::new();
    let tasks = json!([{ "command": "cat", "register": "got" }, { "fail": { "msg": "read something" }, "when": "got.stdout != ''" }]);
    let ran = host.run_program(&program(&tasks, &Value::Null, false), Mode::Apply);
    assert!(ran.events.iter().all(|event| !matches!(event, Event::TaskEnded { status: Status::Failed, .. })));
}

#[test]
fn packages_that_are_there_are_left_alone_and_missing_ones_are_named() {
    let host = Host::new();
    let tasks = json!([
        { "name": "there", "apt": { "name": ["dpkg", "coreutils"] } },
        { "name": "missing", "apt": { "name": "no-such-package-at-all", "update_cache": true } },
        { "name": "gone", "package": { "name": "no-such-package-at-all", "state": "absent" } },
    ]);
    let program = program(&tasks, &Value::Null, false);
    assert_eq!(shellcheck(&program.script(Mode::Apply, "a test")), "");
    let ran = host.run_program(&program, Mode::Check);
    assert_eq!(ran.sequence(), ["there: ok", "missing: changed", "gone: ok"]);
    assert!(ran.story().contains("not installed as wanted: no-such-package-at-all"), "{}", ran.story());
}

#[test]
fn a_line_is_put_in_once() {
    let host = Host::new();
    let path = host.home().join("conf");
    std::fs::write(&path, "#Port 22\nUser a").unwrap();
    let tasks = json!([
        { "name": "replaced", "lineinfile": { "path": path, "regexp": "^#?Port\\s", "line": "Port 2222" } },
        { "name": "added", "lineinfile": { "path": path, "line": "it's $new" } },
        { "name": "gone", "lineinfile": { "path": path, "regexp": "^User", "state": "absent" } },
    ]);
    let program = program(&tasks, &Value::Null, false);
    assert_eq!(shellcheck(&program.script(Mode::Apply, "a test")), "");
    assert_eq!(host.run_program(&program, Mode::Check).changed(), 3);
    assert_eq!(host.run_program(&program, Mode::Apply).changed(), 3);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "Port 2222\nit's $new\n");
    assert_eq!(host.run_program(&program, Mode::Apply).changed(), 0);
}

/// A host that dies in the middle of a task leaves what it was about to put in its place; the next run takes it away.
#[test]
fn what_a_broken_off_run_left_beside_its_aim_goes_with_the_next() {
    let host = Host::new();
    let folder = host.home().join("folder");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join(".aether.file"), "half").unwrap();
    std::os::unix::fs::symlink("file", folder.join(".aether.link")).unwrap();
    let tasks = json!([
        { "name": "file", "copy": { "dest": folder.join("file"), "content": "whole\n", "mode": "0644" } },
        { "name": "link", "file": { "path": folder.join("link"), "src": "file", "state": "link" } },
    ]);
    let program = program(&tasks, &Value::Null, false);
    assert_eq!(host.run_program(&program, Mode::Apply).changed(), 2);
    let mut left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["file", "link"]);
    assert_eq!(std::fs::read_to_string(folder.join("link")).unwrap(), "whole\n");
}
