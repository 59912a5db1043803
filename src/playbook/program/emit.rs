//! Steps → text of a program.

use super::{Compiled, Item, Mode, Step};
use crate::digest::sha256;
use crate::playbook::condition::{self, Asked, Field, Test};
use crate::playbook::shell::{call, needed_functions, payload_function, quote};
use std::fmt::Write as _;

/// The text of a program before and after the word that names its owner.
pub(super) fn program(compiled: &Compiled, mode: Mode) -> (String, String) {
    let asked = asked(&compiled.steps);
    let stretches = stretches(&compiled.steps);
    let has_root = compiled.steps.iter().any(|step| step.is_root);
    let restarts = compiled.steps.iter().any(restarts);
    let mut body = String::new();
    for (number, (_, range)) in stretches.iter().enumerate() {
        let _ = writeln!(body, "stretch_{number}() {{");
        for index in range.clone() {
            body.push_str(&step_text(&compiled.steps[index], index, &asked));
        }
        let _ = writeln!(body, "}}\n");
    }
    let own: String = compiled.functions.values().map(String::as_str).collect();
    body.insert_str(0, &own);
    let mut variables = variables(compiled, &asked);
    let settings = settings(mode, &variables);
    variables.extend(restarts.then(|| "point".to_owned()));
    let save = if has_root || restarts { save(&variables) } else { String::new() };
    let main = main(&stretches, Needs { root: has_root, restart: restarts }, mode);
    let point = if restarts { point(&format!("{own}{body}{save}{main}")) } else { String::new() };
    let after = format!("\n{settings}{point}{save}{main}");
    let functions = needed_functions(&format!("{body}{after} take_lock started conclude clean_up"));
    let payloads = if mode == Mode::Apply || compiled.steps.iter().any(|step| step.applies == Some(true)) {
        contents(compiled, mode)
    } else {
        String::new()
    };
    let before = format!(
        "#!/bin/sh\n# Made by aether. Run with sh; it tells what it does on its standard output.\nset -u\n\n{functions}{payloads}{body}owner="
    );
    (before, after)
}

/// In check mode only what tasks that apply all the same need.
fn contents(compiled: &Compiled, mode: Mode) -> String {
    let is_needed = |name: &str| {
        mode == Mode::Apply
            || compiled.steps.iter().any(|step| {
                step.applies == Some(true)
                    && step.items.iter().any(|item| item.lines.iter().any(|line| line.contains(name)))
            })
    };
    compiled
        .payloads
        .iter()
        .filter(|(name, _)| is_needed(name))
        .map(|(name, bytes)| payload_function(name, bytes) + "\n")
        .collect()
}

/// Everything that any condition asks for.
fn asked(steps: &[Step]) -> Asked {
    let mut asked = Asked::new();
    for item in steps.iter().flat_map(|step| &step.items) {
        let others = item.changed_when.iter().chain(&item.failed_when);
        for (_, test) in item.guards.iter().chain(&item.wants).chain(others) {
            condition::to_shell(test, &mut asked);
        }
    }
    asked
}

/// What a program takes besides running its stretches.
#[derive(Debug, Clone, Copy)]
struct Needs {
    root: bool,
    restart: bool,
}

/// Whether the host may restart at this step.
fn restarts(step: &Step) -> bool {
    step.task.module == "reboot"
}

/// Where the program begins, and what tells it from others when it is to go on after a restart.
fn point(text: &str) -> String {
    format!("point=-1\nidentity={}\n\n", sha256(text))
}

/// Tasks in a row that run as the same user. A restart begins a stretch, for there the program goes on.
fn stretches(steps: &[Step]) -> Vec<(bool, std::ops::Range<usize>)> {
    let mut stretches: Vec<(bool, std::ops::Range<usize>)> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        match stretches.last_mut() {
            Some((is_root, range)) if *is_root == step.is_root && !restarts(step) => range.end = index + 1,
            _ => stretches.push((step.is_root, index..index + 1)),
        }
    }
    stretches
}

/// Variables that stretches hand on.
fn variables(compiled: &Compiled, asked: &Asked) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (task, field) in asked {
        match field {
            None => names.push(format!("r{task}")),
            Some(Field::Rc) => names.extend([format!("r{task}_ran"), format!("r{task}_rc")]),
            Some(Field::Stat(field)) => names.extend([format!("r{task}_ran"), format!("r{task}_stat_{field}")]),
            Some(_) => names.push(format!("r{task}_ran")),
        }
    }
    let is_notified = |handler: &usize| compiled.steps.iter().any(|step| step.handler == Some(*handler));
    names.extend((0..compiled.handlers).filter(is_notified).map(|handler| format!("h{handler}")));
    names.sort();
    names.dedup();
    names
}

fn settings(mode: Mode, variables: &[String]) -> String {
    let apply = u8::from(mode == Mode::Apply);
    let mut text =
        format!("mode={apply}\nstirred=0\nchild=0\nlocked=0\nsupervised=0\nlock=${{AETHER_LOCK:-/tmp/.aether.lock}}\n");
    for name in variables {
        let _ = writeln!(text, "{name}=''");
    }
    text.push('\n');
    text
}

fn save(variables: &[String]) -> String {
    let mut text = "save() {\n  keep stirred \"$stirred\"\n".to_owned();
    for name in variables {
        let _ = writeln!(text, "  keep {name} \"${name}\"");
    }
    text + "}\n\n"
}

/// The last part: nothing runs before it is read, so that a program that was cut off on its way does nothing.
fn main(stretches: &[(bool, std::ops::Range<usize>)], needs: Needs, mode: Mode) -> String {
    let mut text = "start() {\n  trap clean_up EXIT\n  trap 'exit 129' HUP\n  trap 'exit 130' INT\n".to_owned();
    text.push_str("  trap 'exit 141' PIPE\n  trap 'exit 143' TERM\n  started\n  take_lock \"$owner\"\n");
    for (number, (is_root, range)) in stretches.iter().enumerate() {
        let line = if *is_root {
            format!("as_root stretch_{number} {} || stop \"$?\"", range.start)
        } else {
            format!("stretch_{number}")
        };
        let _ = if needs.restart {
            writeln!(text, "  if due {}; then {line}; fi", range.start)
        } else {
            writeln!(text, "  {line}")
        };
    }
    text.push_str("  conclude false\n}\n\nexec 3>&1\ncase ${1:-} in\n");
    if needs.root {
        text.push_str("stretch_*)\n  child=1\n  run=$2\n  eval \"$(cat \"$run/results\")\"\n  \"$1\"\n  save >\"$run/results\"\n  ;;\n");
    }
    text.push_str("start)\n  run=$2\n  start\n  ;;\n");
    if mode == Mode::Apply {
        text.push_str(&supervised(needs));
    }
    text.push_str("*)\n");
    text.push_str("  run=$(mktemp -d \"${TMPDIR:-/tmp}/aether.XXXXXX\") || exit 73\n");
    if needs.root {
        text.push_str("  cp \"$0\" \"$run/program\"\n  unset password\n  IFS= read -r password\n");
    }
    text + "  start\n  ;;\nesac\n"
}

/// The doors of a run that outlives its connection: its beginning, its own process, and coming back to it.
fn supervised(needs: Needs) -> String {
    let (recall, restore) = if needs.restart { ("  recall_run\n", "  restore_run\n") } else { ("", "") };
    format!(
        "supervise)\n  run=$2\n{recall}  supervise \"$3\"\n  ;;\n\
         detached)\n  run=$2\n  supervised=1\n  unset password\n  IFS= read -r password\n  exec </dev/null\n\
         {restore}  start\n  ;;\n\
         follow)\n  run=$2\n  follow \"$3\"\n  ;;\n"
    )
}

fn step_text(step: &Step, index: usize, asked: &Asked) -> String {
    let mut text = format!("  # {}\n", step.task.name.replace('\n', " "));
    for (number, item) in step.items.iter().enumerate() {
        text.push_str(&condition_functions(item, index, number));
    }
    let applies = step.applies.map_or(String::new(), |applies| format!(" {}", u8::from(applies)));
    let _ = writeln!(text, "  begin {index}{applies}");
    for (number, item) in step.items.iter().enumerate() {
        text.push_str(&item_text(step, item, index, number, asked));
    }
    if step.items.is_empty() {
        text.push_str("  fresh\n  skip 'nothing to do for an empty list'\n  tally\n");
    }
    let (loud, ignore) = (u8::from(!step.is_quiet), u8::from(step.ignores_errors));
    let _ = writeln!(text, "  finish {loud} {ignore}");
    for handler in &step.notifies {
        let _ = writeln!(text, "  h{handler}=$(flag \"$h{handler}\")");
    }
    if let Some(handler) = step.handler {
        let _ = writeln!(text, "  h{handler}=''");
    }
    if asked.contains(&(index, None)) {
        let _ = writeln!(text, "  r{index}=$told");
    }
    if step.is_quiet && asked.iter().any(|(task, field)| *task == index && field.as_ref().is_some_and(is_text)) {
        let _ = writeln!(text, "  : >\"$run/{index}.quiet\"");
    }
    text.push('\n');
    text
}

/// The conditions of an item that only the host can decide, each as a function.
fn condition_functions(item: &Item, index: usize, number: usize) -> String {
    let guards = item.guards.iter().enumerate().map(|(place, (_, test))| (format!("when_{place}"), test));
    let wants = item.wants.iter().enumerate().map(|(place, (_, test))| (format!("want_{place}"), test));
    let changed = item.changed_when.iter().map(|(_, test)| ("changed".to_owned(), test));
    let failed = item.failed_when.iter().map(|(_, test)| ("failed".to_owned(), test));
    let mut text = String::new();
    for (kind, test) in guards.chain(wants).chain(changed).chain(failed) {
        if !is_plain(test) {
            let command = condition::to_shell(test, &mut Asked::new());
            let _ = writeln!(text, "  {kind}_{index}_{number}() {{\n    {command}\n  }}");
        }
    }
    text
}

/// Whether there is nothing to ask the host.
fn is_plain(test: &Test) -> bool {
    matches!(test, Test::Known(_))
}

fn item_text(step: &Step, item: &Item, index: usize, number: usize, asked: &Asked) -> String {
    let mut text = "  fresh\n".to_owned();
    if let Some((condition, _)) = item.guards.iter().find(|(_, test)| *test == Test::Known(false)) {
        let reason = if step.is_quiet { String::new() } else { format!("condition is false: {condition}") };
        let before = guard_lines(step, item, index, number, true);
        if before.is_empty() {
            let _ = writeln!(text, "  {}", call("skip", &[&reason]));
        } else {
            let _ = write!(text, "{}", wrapped(&before, &[call("skip", &[&reason])]));
        }
    } else {
        let guards = guard_lines(step, item, index, number, false);
        text.push_str(&wrapped(&guards, &body(item, index, number, asked)));
    }
    text.push_str(&result_lines(index, asked));
    text + "  tally\n"
}

/// The questions before an item, in order, up to the first that is known to fail.
fn guard_lines(step: &Step, item: &Item, index: usize, number: usize, until_false: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(handler) = step.handler {
        lines.push(format!("notified \"$h{handler}\""));
    }
    for (place, (condition, test)) in item.guards.iter().enumerate() {
        match test {
            Test::Known(false) if until_false => break,
            Test::Known(_) => {}
            _ => lines.push(call("decide", &[&format!("when_{place}_{index}_{number}"), condition])),
        }
    }
    lines
}

fn wrapped(guards: &[String], body: &[String]) -> String {
    let mut text = String::new();
    let indent = if guards.is_empty() { "  " } else { "    " };
    if !guards.is_empty() {
        let _ = writeln!(text, "  if {}; then", guards.join(" && "));
    }
    for line in body {
        // Only the first line of a text is moved: the others may be part of a quoted word.
        let _ = writeln!(text, "{indent}{line}");
    }
    if body.is_empty() {
        let _ = writeln!(text, "{indent}:");
    }
    if !guards.is_empty() {
        text.push_str("  fi\n");
    }
    text
}

fn body(item: &Item, index: usize, number: usize, asked: &Asked) -> Vec<String> {
    let mut lines = item.lines.clone();
    for (place, (condition, test)) in item.wants.iter().enumerate() {
        let message = item.message.clone().unwrap_or_else(|| format!("assertion failed: {condition}"));
        match test {
            Test::Known(true) => {}
            Test::Known(false) => lines.push(call("fail", &[&message])),
            _ => lines.push(call("insist", &[&format!("want_{place}_{index}_{number}"), condition, &message])),
        }
    }
    if let Some(path) = &item.looks_at {
        for (task, field) in asked {
            if let (true, Some(Field::Stat(name))) = (*task == index, field) {
                lines.push(format!("r{index}_stat_{name}=$(fact {name} {})", quote(path)));
            }
        }
    }
    let overrules = [("changed_if", "changed", &item.changed_when), ("failed_if", "failed", &item.failed_when)];
    if overrules.iter().any(|(_, _, test)| test.as_ref().is_some_and(|(_, test)| !is_plain(test))) {
        lines.extend(own_result(index, asked));
    }
    for (function, kind, test) in overrules {
        match test {
            Some((text, Test::Known(answer))) => {
                lines.push(call(function, &[if *answer { "true" } else { "false" }, text]));
            }
            Some((text, _)) => lines.push(call(function, &[&format!("{kind}_{index}_{number}"), text])),
            None => {}
        }
    }
    lines
}

/// The result so far, for conditions of the task itself.
fn own_result(index: usize, asked: &Asked) -> Vec<String> {
    let mut lines = values(index, asked);
    if asked.contains(&(index, None)) {
        lines.push(format!("r{index}=$state"));
    }
    lines
}

fn values(index: usize, asked: &Asked) -> Vec<String> {
    let fields: Vec<&Field> =
        asked.iter().filter(|(task, _)| *task == index).filter_map(|(_, field)| field.as_ref()).collect();
    let mut lines = Vec::new();
    if !fields.is_empty() {
        lines.push(format!("r{index}_ran=$ran"));
    }
    if fields.contains(&&Field::Rc) {
        lines.push(format!("r{index}_rc=${{rc:-}}"));
    }
    if fields.iter().any(|field| is_text(field)) {
        lines.push(format!("keep_output {index}"));
    }
    lines
}

/// Whether a value is what a task printed.
fn is_text(field: &Field) -> bool {
    !matches!(field, Field::Rc | Field::Stat(_))
}

fn result_lines(index: usize, asked: &Asked) -> String {
    values(index, asked).iter().map(|line| format!("  {line}\n")).collect()
}

/// What a step wants, as text that does not depend on where in the program it stands.
pub(super) fn fingerprint(step: &Step, first: usize) -> String {
    let mut text = format!(
        "{}\n{}\n{} {:?} {}\n",
        step.task.name, step.task.module, step.is_root, step.applies, step.ignores_errors
    );
    for item in &step.items {
        let others = item.changed_when.iter().chain(&item.failed_when);
        for (condition, test) in item.guards.iter().chain(&item.wants).chain(others) {
            let _ = writeln!(text, "{condition} {}", relative(test, first));
        }
        let _ = writeln!(text, "{}\n{:?}", item.lines.join("\n"), item.looks_at);
    }
    text
}

/// A test with the numbers of tasks counted from the first one of the section.
fn relative(test: &Test, first: usize) -> String {
    match test {
        Test::Known(answer) => answer.to_string(),
        Test::Not(inner) => format!("not {}", relative(inner, first)),
        Test::All(tests) | Test::Any(tests) => {
            let word = if matches!(test, Test::All(_)) { "all" } else { "any" };
            format!("{word}({})", tests.iter().map(|test| relative(test, first)).collect::<Vec<_>>().join(", "))
        }
        Test::Ask(question) => match question {
            condition::Question::CheckMode => "check".to_owned(),
            condition::Question::Ended(task, states) => format!("{} {states:?}", task - first),
            condition::Question::Compare(task, field, how) => format!("{} {field:?} {how:?}", task - first),
        },
    }
}
