//! `kill -9` at every step at which a run leaves a trace: the same command again brings everything to where an undisturbed
//! run brings it, with no task twice, nothing left over and no question.
//!
//! The steps are found by watching an undisturbed run: folders made, files below `.aether/` written (half of a write is a
//! step too), cut and synced, programs started. All of them here; `./dev soak-state [COUNT] [SEED]` kills at random ones,
//! again and again. A failure names its step or its seed.

mod killer;
mod scene;

use crate::support::dice::Dice;
use killer::Killer;
use scene::Scene;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Runs that are killed side by side.
const LANES: usize = 3;

#[test]
fn an_apply_killed_at_any_step_is_finished_by_the_next() {
    let killer = Killer::build();
    let wanted = Scene::new().undisturbed();
    let steps = killer.steps(&Scene::new(), "apply");
    everywhere(steps.len() as u64, |number| {
        let scene = Scene::new();
        let end = killer.kill(&scene, "apply", number);
        scene.finish("apply");
        assert_eq!(scene.result(), wanted, "killed at step {number}, `{}`, {end}", steps[index(number)]);
    });
}

#[test]
fn a_destroy_killed_at_any_step_is_finished_by_the_next() {
    let killer = Killer::build();
    let scene = Scene::new();
    scene.finish("apply");
    let steps = killer.steps(&scene, "destroy");
    everywhere(steps.len() as u64, |number| {
        let scene = Scene::new();
        scene.finish("apply");
        killer.kill(&scene, "destroy", number);
        scene.finish("destroy");
        let left = scene.recorded();
        assert!(left.is_empty(), "killed at step {number}, `{}`: {left:?}", steps[index(number)]);
        scene.has_no_leftovers();
    });
}

/// One run after the other is killed, each at a step of its own, until one is let through.
#[test]
fn runs_killed_one_after_the_other_lose_nothing() {
    let killer = Killer::build();
    let wanted = Scene::new().undisturbed();
    let steps = killer.steps(&Scene::new(), "apply").len() as u64;
    let (count, first) = (number("AETHER_KILLS", 10), number("AETHER_SEED", 1));
    everywhere(count, |number| {
        let seed = first + number - 1;
        let mut dice = Dice::new(seed);
        let scene = Scene::new();
        for _ in 0..=dice.below(4) {
            killer.kill(&scene, "apply", 1 + dice.below(steps));
        }
        scene.finish("apply");
        assert_eq!(scene.result(), wanted, "seed {seed} (again with `./dev soak-state 1 {seed}`)");
        scene.has_nothing_to_do();
        if dice.below(4) == 0 {
            killer.kill(&scene, "destroy", 1 + dice.below(steps));
            scene.finish("destroy");
            assert!(scene.recorded().is_empty(), "seed {seed}");
            scene.has_no_leftovers();
        }
    });
}

/// Does something for every number from 1 on, side by side, and gathers what went wrong.
fn everywhere(count: u64, trial: impl Fn(u64) + Sync) {
    let next = AtomicU64::new(1);
    let wrong: Mutex<Vec<String>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    if number > count {
                        break;
                    }
                    if let Err(harm) = catch_unwind(AssertUnwindSafe(|| trial(number))) {
                        let why = harm.downcast_ref::<String>().cloned().unwrap_or_default();
                        wrong.lock().unwrap().push(format!("{number}: {why}"));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {count} did harm:\n{}", wrong.len(), wrong.join("\n"));
}

fn index(number: u64) -> usize {
    usize::try_from(number - 1).unwrap()
}

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().map_or(otherwise, |text| text.parse().unwrap())
}
