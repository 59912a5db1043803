//! What may happen to a run, and what must hold afterwards.

use super::scene::{Job, Scene};
use crate::support::dice::Dice;
use crate::support::lab::lab;
use std::process::Child;
use std::thread::sleep;
use std::time::Duration;

/// One kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// All connections are reset, up to three times.
    Cut,
    /// Packets vanish for a while.
    Hang,
    /// The way to the host becomes slow, and connections are reset.
    Slow,
    /// `kill -9` of the controller, twice if the second run is still at it.
    Kill,
    /// The link is silent when the controller is killed.
    SilentKill,
    /// The host boots again.
    Restart,
    /// The host boots again, and the controller is killed.
    RestartAndKill,
    /// Another project applies the same to the same host.
    Rival,
    /// The same project is applied twice.
    Twice,
    /// The disk of the run's own folder is full.
    FullForRun,
    /// The disk that the tasks write to is full.
    FullForTasks,
}

const ALL: [Fault; 11] = [
    Fault::Cut,
    Fault::Hang,
    Fault::Slow,
    Fault::Kill,
    Fault::SilentKill,
    Fault::Restart,
    Fault::RestartAndKill,
    Fault::Rival,
    Fault::Twice,
    Fault::FullForRun,
    Fault::FullForTasks,
];

impl Fault {
    /// The fault of a seed: all of them in turn.
    pub(super) fn of(seed: u64) -> Self {
        ALL[usize::try_from(seed % ALL.len() as u64).unwrap()]
    }

    /// Lets it happen at a random moment of an apply, brings the job to its end and checks the host.
    pub(super) fn strike(self, scene: &Scene<'_>, seed: u64) {
        let mut dice = Dice::new(seed);
        let job = Job::new(scene, &format!("/srv/{seed}"));
        if matches!(self, Self::FullForRun | Self::FullForTasks) {
            lab().small(scene.host, self.disk(&job));
        }
        let mut apply = job.start("apply");
        sleep(dice.within(scene.quiet));
        let repeats = self.happen(&job, scene, &mut dice, &mut apply);
        apply.wait().unwrap();
        job.bring_to_its_end();
        job.check(repeats);
    }

    /// Returns how many steps may have been broken off, and so run again.
    fn happen(self, job: &Job<'_>, scene: &Scene<'_>, dice: &mut Dice, apply: &mut Child) -> usize {
        match self {
            Self::Cut => {
                for _ in 0..=dice.below(3) {
                    lab().cut(scene.host);
                    sleep(dice.within(scene.quiet / 4));
                }
            }
            Self::Hang => silent(scene, dice, || ()),
            Self::Slow => {
                lab().latency(scene.host, 5 + u32::try_from(dice.below(75)).unwrap());
                sleep(dice.within(scene.quiet / 2));
                lab().cut(scene.host);
                lab().latency(scene.host, 0);
            }
            Self::Kill => {
                apply.kill().unwrap();
                let mut resume = job.start("resume");
                sleep(dice.within(scene.quiet));
                resume.kill().unwrap();
                resume.wait().unwrap();
            }
            Self::SilentKill => silent(scene, dice, || apply.kill().unwrap()),
            Self::Restart => {
                lab().restart(scene.host);
                return 1;
            }
            Self::RestartAndKill => {
                lab().restart(scene.host);
                apply.kill().unwrap();
                return 1;
            }
            Self::Rival => {
                let rival = job.rival();
                rival.start("apply").wait().unwrap();
                apply.wait().unwrap();
                rival.bring_to_its_end();
            }
            Self::Twice => drop(job.start("apply").wait().unwrap()),
            Self::FullForRun | Self::FullForTasks => {
                let disk = self.disk(job);
                lab().fill(scene.host, disk);
                apply.wait().unwrap();
                lab().free(scene.host, disk);
                // A step whose mark found no room runs again.
                return 1;
            }
        }
        0
    }

    /// The folder whose disk is full.
    fn disk<'a>(self, job: &'a Job<'_>) -> &'a str {
        if self == Self::FullForTasks { &job.folder } else { "/tmp" }
    }
}

/// The link is silent for up to two seconds, in which something else may happen.
fn silent(scene: &Scene<'_>, dice: &mut Dice, mut meanwhile: impl FnMut()) {
    lab().hang(scene.host);
    sleep(dice.within(Duration::from_secs(2)));
    meanwhile();
    lab().resume(scene.host);
}
