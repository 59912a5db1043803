//! Playbooks compiled and run for real with `sh`, each in a folder of its own: a look, an apply, and again both.
//!
//! A case is a folder below `tests/cases/playbook/`; `play.yml` finds its folder in the variable `folder`.

use crate::support::playbook::{Case, Ran};
use aether::playbook::Mode;
use std::fmt::Write as _;

#[test]
fn a_second_apply_finds_nothing_to_do() {
    for case in Case::all() {
        let host = case.host();
        let first_look = host.run(&case, Mode::Check);
        let listing = host.listing();
        let applied = host.run(&case, Mode::Apply);
        let second_look = host.run(&case, Mode::Check);
        let second_apply = host.run(&case, Mode::Apply);
        let mut story = String::new();
        for (title, ran) in
            [("check", &first_look), ("apply", &applied), ("check again", &second_look), ("apply again", &second_apply)]
        {
            let _ = writeln!(story, "{title}:\n{}", host.neutral(&ran.story()));
        }
        let _ = write!(story, "files:\n{}", host.listing());
        assert_eq!(listing, case.listing_before(), "{}: a check changed something", case.name);
        case.snapshot("runs", &story);
    }
}

#[test]
fn generated_programs_are_clean_to_shellcheck() {
    for case in Case::all() {
        let host = case.host();
        let program = case.compile(&host.variables());
        for mode in [Mode::Check, Mode::Apply] {
            let complaints = crate::support::playbook::shellcheck(&program.script(mode, "a test"));
            assert_eq!(complaints, "", "{} {mode:?}", case.name);
        }
    }
}

#[test]
fn ansible_and_aether_end_every_task_alike() {
    for case in Case::all().into_iter().filter(Case::has_twin) {
        let (ours, theirs) = (case.host(), case.host());
        for (title, mode) in
            [("check", Mode::Check), ("apply", Mode::Apply), ("check again", Mode::Check), ("apply again", Mode::Apply)]
        {
            let ran: Ran = ours.run(&case, mode);
            let twin = theirs.ansible(&case, mode);
            // Where Ansible's look ahead fails for want of what an earlier task would have made, Aether says so instead.
            let known = ran.sequence_until_unknown();
            let twin_known = if known.len() < ran.sequence().len() { &twin[..known.len()] } else { &twin[..] };
            assert_eq!(known, twin_known, "{}: {title}", case.name);
        }
        assert_eq!(ours.listing(), theirs.listing(), "{}: files", case.name);
        assert_eq!(theirs.run(&case, Mode::Apply).changed(), 0, "{}: Aether after Ansible", case.name);
    }
}
