//! Plug-ins of one room look alike, and every file says at its top what it is for.

use super::{File, assert_tidy, rust, tracked};
use std::collections::{BTreeMap, BTreeSet};

/// A folder whose sub-folders all have one shape.
struct Shape {
    room: &'static str,
    /// Files that every sub-folder has.
    required: &'static [&'static str],
    /// Files that a sub-folder may have; nothing else is allowed, unless this is empty.
    optional: &'static [&'static str],
}

/// `docs/ARCHITECTURE.md` tells what each file of a shape is for.
const SHAPES: &[Shape] = &[
    Shape {
        room: "src/providers",
        required: &["mod.rs", "spec.rs", "lower.rs"],
        optional: &[
            "act.rs",
            "catalog.rs",
            "catalog.toml",
            "check.rs",
            "endpoint.rs",
            "objects.rs",
            "observe.rs",
            "wire.rs",
        ],
    },
    Shape {
        room: "src/artifacts",
        required: &["mod.rs", "view.rs", "render.rs", "verify.rs"],
        optional: &["inventory.rs"],
    },
    Shape {
        room: "playbooks/roles",
        required: &["README.md", "defaults/main.yml", "meta/argument_specs.yml", "meta/main.yml", "tasks/main.yml"],
        optional: &[],
    },
];

/// The sub-folders of a room with the files in each.
fn folders<'a>(files: &'a [File], room: &str) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in files {
        let inside = file.path.strip_prefix(room).and_then(|rest| rest.strip_prefix('/'));
        if let Some((folder, name)) = inside.and_then(|inside| inside.split_once('/')) {
            folders.entry(folder).or_default().insert(name);
        }
    }
    folders
}

fn out_of_shape(files: &[File], shape: &Shape) -> Vec<String> {
    let mut problems = Vec::new();
    for (folder, names) in folders(files, shape.room) {
        let missing = shape.required.iter().filter(|name| !names.contains(*name));
        problems.extend(missing.map(|name| format!("{}/{folder}/{name} is missing", shape.room)));
        let is_known = |name: &&&str| shape.required.contains(*name) || shape.optional.contains(*name);
        let strange = names.iter().filter(|_| !shape.optional.is_empty()).filter(|name| !is_known(name));
        problems.extend(strange.map(|name| format!("{}/{folder}/{name} is not of the shape", shape.room)));
    }
    problems
}

fn without_purpose(files: &[File]) -> Vec<String> {
    let opens = |file: &&File| {
        let first = file.text.lines().next().and_then(|line| line.strip_prefix("//! "));
        first.is_some_and(|purpose| purpose.trim().len() >= 10)
    };
    let without = files.iter().filter(|file| !opens(file));
    without.map(|file| format!("{}:1: open with `//!`: what the file is for", file.path)).collect()
}

/// Families whose folder under `templates/` is missing, and folders there that belong to no family.
fn unmatched_templates(files: &[File]) -> Vec<String> {
    let families: BTreeSet<&str> = folders(files, "src/artifacts").into_keys().collect();
    let templates: BTreeSet<&str> = folders(files, "templates").into_keys().collect();
    let missing = families.difference(&templates).map(|family| format!("templates/{family}/ is missing"));
    let strange = templates.difference(&families).map(|folder| format!("templates/{folder}/ belongs to no family"));
    missing.chain(strange).collect()
}

/// Ansible modules whose file does not hold its row of the table, or that the table does not list.
fn modules_out_of_shape(files: &[File]) -> Vec<String> {
    const ROOM: &str = "src/playbook/modules/";
    let table = files.iter().find(|file| file.path == format!("{ROOM}mod.rs")).map_or("", |file| &file.text);
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.path.starts_with(ROOM) && !file.path.ends_with("/mod.rs")) {
        let name = file.path[ROOM.len()..].trim_end_matches(".rs");
        if !file.text.contains("pub(super) const MODULE: Module =") {
            problems.push(format!("{} has no `pub(super) const MODULE: Module`", file.path));
        }
        if !table.contains(&format!("{name}::MODULE")) {
            problems.push(format!("{ROOM}mod.rs does not list `{name}::MODULE`"));
        }
    }
    problems
}

#[test]
fn every_file_opens_with_its_purpose() {
    assert_tidy(&without_purpose(&rust()));
}

#[test]
fn plug_ins_have_the_shape_of_their_room() {
    let files = tracked();
    let problems: Vec<String> = SHAPES.iter().flat_map(|shape| out_of_shape(&files, shape)).collect();
    assert_tidy(&problems);
}

#[test]
fn every_room_with_a_shape_has_plug_ins() {
    let files = tracked();
    let problems: Vec<String> = SHAPES
        .iter()
        .filter(|shape| folders(&files, shape.room).is_empty())
        .map(|shape| format!("{} has no plug-in: the check of its shape sees nothing", shape.room))
        .collect();
    assert_tidy(&problems);
}

#[test]
fn every_family_has_its_templates() {
    assert_tidy(&unmatched_templates(&tracked()));
}

#[test]
fn ansible_modules_have_one_shape() {
    assert_tidy(&modules_out_of_shape(&rust()));
}

#[test]
fn an_ansible_module_out_of_shape_is_found() {
    let files = [
        File::new("src/playbook/modules/mod.rs", "&[&file::MODULE]"),
        File::new("src/playbook/modules/file.rs", "pub(super) const MODULE: Module = Module {"),
        File::new("src/playbook/modules/cron.rs", "struct Cron;"),
    ];
    assert_eq!(
        modules_out_of_shape(&files),
        [
            "src/playbook/modules/cron.rs has no `pub(super) const MODULE: Module`",
            "src/playbook/modules/mod.rs does not list `cron::MODULE`"
        ]
    );
}

#[test]
fn a_file_without_purpose_is_found() {
    for text in ["", "fn f() {}", "//!", "//! x", "// for plans\n//! for plans", "\n//! for plans"] {
        assert_eq!(without_purpose(&[File::new("src/a.rs", text)]).len(), 1, "{text:?}");
    }
    assert_eq!(without_purpose(&[File::new("src/a.rs", "//! Makes plans.\n")]), [""; 0]);
}

#[test]
fn a_plug_in_out_of_shape_is_found() {
    let files: Vec<File> = ["mod.rs", "spec.rs", "check.rs", "notes.rs"]
        .map(|name| File::new(&format!("src/providers/moon/{name}"), ""))
        .into();
    assert_eq!(
        out_of_shape(&files, &SHAPES[0]),
        ["src/providers/moon/lower.rs is missing", "src/providers/moon/notes.rs is not of the shape"]
    );
}

#[test]
fn a_family_without_templates_is_found() {
    let files = [File::new("src/artifacts/docker/mod.rs", ""), File::new("templates/podman/x.j2", "")];
    assert_eq!(unmatched_templates(&files), ["templates/docker/ is missing", "templates/podman/ belongs to no family"]);
}
