//! What the compiler refuses: each `tests/cases/playbook-refused/*.yml` is a playbook, the snapshot beside it what is said.

use crate::support::playbook::{compile, library};
use aether::playbook::{Entry, Facts, Section};
use serde_json::Map;
use std::path::Path;

#[test]
fn what_is_not_supported_is_said_with_its_place() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/playbook-refused");
    let library = library(&folder);
    let names: Vec<String> = library
        .paths()
        .filter(|path| !path.contains('/') && path.strip_suffix(".yml").is_some())
        .map(str::to_owned)
        .collect();
    assert!(!names.is_empty());
    for name in names {
        let section = Section {
            label: "here/host".to_owned(),
            entry: Entry::Playbook(name.clone()),
            variables: Map::new(),
            r#become: false,
        };
        let Err(text) = compile(&library, &[section], &Facts::default()) else { panic!("{name} was accepted") };
        insta::with_settings!({ snapshot_path => &folder, prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name.trim_end_matches(".yml"), text);
        });
    }
}

#[test]
fn a_role_that_is_not_there_is_named() {
    let section = Section {
        label: "lab/one".to_owned(),
        entry: Entry::Role("missing".to_owned()),
        variables: Map::new(),
        r#become: true,
    };
    let text = compile(&aether::playbook::Library::new(), &[section], &Facts::default()).err().unwrap_or_default();
    assert!(text.contains("there is no role `missing`"), "{text}");
}

#[test]
fn what_is_tagged_never_is_not_even_looked_at() {
    let play = "- hosts: all\n  tags: [never]\n  roles: [missing]\n\
                - hosts: all\n  roles:\n    - {role: missing, tags: 'never, always'}\n";
    let mut library = aether::playbook::Library::new();
    library.insert("site.yml", play);
    let section = Section {
        label: "lab/one".to_owned(),
        entry: Entry::Playbook("site.yml".to_owned()),
        variables: Map::new(),
        r#become: false,
    };
    let program = compile(&library, &[section], &Facts::default()).expect("nothing of it is run");
    assert!(program.tasks.is_empty());
}
