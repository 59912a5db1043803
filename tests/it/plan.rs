//! Decisions about steps: what was recorded, what was seen, and what follows. Pure values, no host.

use aether::address::{Address, HostAddress};
use aether::plan::{self, Action, Look, Plan, Seen, Stale, TaskLook, Unseen, Wish};
use aether::playbook::{Facts, Status};
use aether::state::{self, Condition, Entry, Recorded, State};
use std::collections::BTreeMap;

use crate::support::graph::{CPU, GraphBuilder};
use aether::graph::{Graph, Way};

fn host() -> HostAddress {
    HostAddress::new("here", "here")
}

fn small() -> Graph {
    GraphBuilder::new("small")
        .environment("train", &[CPU], &[("six", "1.16.0")], &["six"])
        .group("here", "local", CPU, &["train"], &[])
        .host("here", "here", Way::Local, "/srv/aether")
        .build()
}

fn environment() -> Address {
    Address::Environment(host(), "train".to_owned())
}

fn recorded(digest: &str, condition: Condition) -> Recorded {
    Recorded {
        digest: digest.to_owned(),
        applied: "2026-11-01T12:00:00Z".parse().unwrap(),
        condition,
        failure: None,
        proofs: Vec::new(),
    }
}

fn seen(status: Status) -> Look {
    let task = TaskLook {
        address: environment(),
        name: "environment : install".to_owned(),
        module: "shell".to_owned(),
        status,
        reason: None,
    };
    let digests = BTreeMap::from([(environment(), "new".to_owned()), (Address::Host(host()), "host".to_owned())]);
    Look::Seen(Box::new(Seen { facts: Facts::default(), tasks: vec![task], digests }))
}

fn decide(before: Option<Recorded>, look: Look) -> (Action, String) {
    let mut state = State::new("lineage");
    state.resources.extend(before.map(|before| (environment(), before)));
    let plan = plan_of(&state, look, Wish::Present);
    let step = plan.steps.into_iter().find(|step| step.address == environment()).unwrap();
    (step.action, step.reason)
}

fn plan_of(state: &State, look: Look, wish: Wish) -> Plan {
    let plan = plan::diff(&small(), state, &BTreeMap::from([(host(), look)]), wish, "inputs".to_owned());
    assert_eq!(plan::verify(&plan), Vec::<String>::new());
    plan
}

#[test]
fn what_was_recorded_and_what_is_seen_decide_together() {
    let table = [
        (None, Status::Changed, Action::Create),
        (None, Status::Unknown, Action::Create),
        (None, Status::Ok, Action::Adopt),
        (None, Status::Skipped, Action::Adopt),
        (Some(recorded("new", Condition::Complete)), Status::Ok, Action::Keep),
        (Some(recorded("new", Condition::Complete)), Status::Changed, Action::Update),
        (Some(recorded("old", Condition::Complete)), Status::Ok, Action::Adopt),
        (Some(recorded("old", Condition::Complete)), Status::Changed, Action::Update),
        (Some(recorded("new", Condition::Failed)), Status::Changed, Action::Update),
        (Some(recorded("new", Condition::Interrupted)), Status::Changed, Action::Update),
        (Some(recorded("new", Condition::Interrupted)), Status::Ok, Action::Adopt),
        (Some(recorded("new", Condition::Complete)), Status::Failed, Action::Update),
    ];
    for (before, status, wanted) in table {
        let (action, reason) = decide(before.clone(), seen(status));
        assert_eq!(action, wanted, "{before:?} and {status:?}");
        assert!(!reason.is_empty());
    }
}

#[test]
fn a_change_by_hand_and_a_changed_wish_have_different_reasons() {
    let by_hand = decide(Some(recorded("new", Condition::Complete)), seen(Status::Changed)).1;
    let by_wish = decide(Some(recorded("old", Condition::Complete)), seen(Status::Changed)).1;
    assert_ne!(by_hand, by_wish);
}

#[test]
fn what_comes_after_a_task_that_failed_was_not_looked_at() {
    let failed = TaskLook {
        address: Address::Host(host()),
        name: "base : Look for a Python".to_owned(),
        module: "fail".to_owned(),
        status: Status::Failed,
        reason: None,
    };
    let look = |tasks| Look::Seen(Box::new(Seen { facts: Facts::default(), tasks, digests: BTreeMap::new() }));
    let (action, reason) = decide(None, look(vec![failed.clone()]));
    assert_eq!((action, reason.contains("not looked at")), (Action::Create, true), "{reason}");
    let (action, _) = decide(Some(recorded("new", Condition::Complete)), look(vec![failed.clone()]));
    assert_eq!(action, Action::Update);
    // What was seen before the failure is known all the same.
    let before = TaskLook { address: environment(), status: Status::Ok, ..failed.clone() };
    assert_eq!(decide(None, look(vec![before, failed])).0, Action::Adopt);
}

#[test]
fn a_host_that_cannot_be_looked_at_blocks_its_steps_and_says_why() {
    let look = Look::Unseen(Unseen { why: "cannot reach it".to_owned(), fix: None, is_busy: false });
    assert_eq!(decide(None, look), (Action::Blocked, "cannot reach it".to_owned()));
}

#[test]
fn what_nobody_wants_any_more_goes_away_before_anything_is_set_up() {
    let mut state = State::new("lineage");
    let gone = Address::Environment(host(), "gone".to_owned());
    let playbook = Address::Playbook(host(), "playbooks/old.yml".to_owned());
    for address in [&gone, &playbook] {
        state.resources.insert(address.clone(), recorded("old", Condition::Complete));
    }
    let plan = plan_of(&state, seen(Status::Changed), Wish::Present);
    let place = |address: &Address| plan.steps.iter().position(|step| step.address == *address).unwrap();
    assert!(place(&gone) < place(&Address::Host(host())));
    assert_eq!(plan.steps[place(&gone)].action, Action::Delete);
    assert_eq!(plan.steps[place(&playbook)].action, Action::Forget);
}

#[test]
fn the_wish_for_nothing_removes_environments_before_their_host() {
    let mut state = State::new("lineage");
    state.resources.insert(environment(), recorded("new", Condition::Complete));
    state.resources.insert(Address::Host(host()), recorded("host", Condition::Complete));
    let plan = plan_of(&state, seen(Status::Ok), Wish::Absent);
    let steps: Vec<_> = plan.steps.iter().map(|step| (step.address.clone(), step.action)).collect();
    assert_eq!(steps, [(environment(), Action::Delete), (Address::Host(host()), Action::Delete)]);
}

#[test]
fn a_saved_plan_is_refused_when_anything_it_was_made_from_has_moved() {
    let state = State::new("lineage");
    let looks = |status| BTreeMap::from([(host(), seen(status))]);
    let plan = plan_of(&state, seen(Status::Changed), Wish::Present);
    let plan = plan::parse(plan::to_text(&plan).unwrap().as_bytes()).unwrap();
    assert_eq!(plan::stale(&plan, "inputs", &state, &looks(Status::Changed)), None);
    assert_eq!(plan::stale(&plan, "other", &state, &looks(Status::Changed)), Some(Stale::Inputs));
    assert_eq!(plan::stale(&plan, "inputs", &state, &looks(Status::Ok)), Some(Stale::Host(host())));
    let later = State { serial: 1, ..state.clone() };
    let moved = plan::stale(&plan, "inputs", &later, &looks(Status::Changed));
    assert_eq!(moved, Some(Stale::Serial { planned: 0, now: 1 }));
    let other = State::new("another");
    assert!(matches!(plan::stale(&plan, "inputs", &other, &looks(Status::Changed)), Some(Stale::Lineage(_))));
}

#[test]
fn a_run_that_was_killed_between_intent_and_outcome_leaves_the_resource_interrupted() {
    let entries = [
        Entry::Run { lineage: "lineage".to_owned(), serial: 0 },
        Entry::Intent { address: environment(), digest: "new".to_owned(), at: "2026-11-01T12:00:00Z".parse().unwrap() },
        Entry::Outcome { address: environment(), recorded: Some(recorded("new", Condition::Complete)) },
    ];
    let condition_after = |count: usize| {
        let mut state = State::new("lineage");
        state::replay(&mut state, entries[..count].to_vec()).unwrap();
        state.resources.get(&environment()).map(|recorded| recorded.condition)
    };
    assert_eq!(condition_after(0), None);
    assert_eq!(condition_after(1), None);
    assert_eq!(condition_after(2), Some(Condition::Interrupted));
    assert_eq!(condition_after(3), Some(Condition::Complete));
}

#[test]
fn a_journal_of_another_state_is_refused() {
    let mut state = State::new("lineage");
    let foreign = Entry::Run { lineage: "another".to_owned(), serial: 0 };
    assert!(matches!(state::replay(&mut state, vec![foreign]), Err(state::JournalError::Lineage { .. })));
    let later = Entry::Run { lineage: "lineage".to_owned(), serial: 1 };
    assert!(matches!(state::replay(&mut state, vec![later]), Err(state::JournalError::Ahead { journal: 1, state: 0 })));
}

#[test]
fn what_a_snapshot_took_in_is_not_taken_in_again() {
    let run = |serial| Entry::Run { lineage: "lineage".to_owned(), serial };
    let gone = Entry::Outcome { address: environment(), recorded: None };
    let mut state = State { serial: 2, ..State::new("lineage") };
    state.resources.insert(environment(), recorded("new", Condition::Complete));
    state::replay(&mut state, vec![run(1), gone.clone()]).unwrap();
    assert!(state.resources.contains_key(&environment()), "the run from serial 1 has ended with serial 2");
    state::replay(&mut state, vec![run(1), gone.clone(), run(2), gone]).unwrap();
    assert!(!state.resources.contains_key(&environment()));
}
