//! What the work says while it goes on: one live line per host on a terminal, plain lines otherwise. Always stderr.

use crate::address::{CloudAddress, HostAddress};
use crate::playbook::Status;
use crate::ports::{Moment, ObjectMoment, Progress, Quiet};
use console::Term;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// Nothing: a program reads the answer.
    Nothing,
    /// What changes; for apply.
    Changes,
    /// Only that hosts are being looked at.
    Looks,
}

/// The listener that suits this run.
pub fn listener(telling: Telling) -> Arc<dyn Progress> {
    match telling {
        Telling::Nothing => Arc::new(Quiet),
        _ if Term::stderr().is_term() => Arc::new(Live::new(telling)),
        Telling::Changes => Arc::new(Lines),
        Telling::Looks => Arc::new(Quiet),
    }
}

/// Plain lines for logs: what changed or failed, and the end of each host.
struct Lines;

impl Progress for Lines {
    fn report(&self, host: &HostAddress, moment: Moment) {
        if let Some(line) = line(&moment) {
            let _ = writeln!(std::io::stderr().lock(), "{host}: {line}");
        }
    }

    fn object(&self, object: &CloudAddress, moment: ObjectMoment) {
        let _ = writeln!(std::io::stderr().lock(), "{object}: {}", object_line(&moment));
    }
}

fn object_line(moment: &ObjectMoment) -> String {
    match moment {
        ObjectMoment::Begun(doing) => (*doing).to_owned(),
        ObjectMoment::Ended { failure: None } => "done".to_owned(),
        ObjectMoment::Ended { failure: Some(why) } => format!("stopped: {why}"),
    }
}

/// One line for a moment worth keeping.
fn line(moment: &Moment) -> Option<String> {
    match moment {
        Moment::TaskEnded { name, status: Status::Changed, milliseconds, .. } => {
            Some(format!("changed  {name} ({})", seconds(*milliseconds)))
        }
        Moment::TaskEnded { name, status: Status::Failed, output, reason, .. } => {
            let said = [reason.as_deref(), output.as_deref()].into_iter().flatten().collect::<Vec<_>>().join("\n");
            Some(format!(
                "failed   {name}\n{}",
                said.lines().map(|l| format!("    {l}\n")).collect::<String>().trim_end()
            ))
        }
        Moment::Brought { bytes } if *bytes > 0 => Some(format!("brought {} of the bundle", megabytes(*bytes))),
        Moment::Settling => Some("waiting for the run that was left here".to_owned()),
        Moment::Reconnecting => Some("connection lost, the host goes on; reconnecting".to_owned()),
        Moment::Restarting => Some("the host restarts; waiting for it".to_owned()),
        Moment::Finished { failure: None } => Some("done".to_owned()),
        Moment::Finished { failure: Some(why) } => Some(format!("stopped: {}", why.lines().next().unwrap_or_default())),
        _ => None,
    }
}

/// `12.3 MB`.
fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}

fn seconds(milliseconds: u64) -> String {
    format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100)
}

/// One spinning line per host at work; what is worth keeping scrolls above them.
struct Live {
    telling: Telling,
    all: MultiProgress,
    /// By the name of the host or of the object.
    bars: Mutex<BTreeMap<String, ProgressBar>>,
}

impl Live {
    fn new(telling: Telling) -> Self {
        Self { telling, all: MultiProgress::new(), bars: Mutex::new(BTreeMap::new()) }
    }

    fn bar(&self, name: &str) -> ProgressBar {
        let mut bars = self.bars.lock().unwrap_or_else(PoisonError::into_inner);
        bars.entry(name.to_owned()).or_insert_with(|| self.new_bar(name)).clone()
    }

    fn new_bar(&self, name: &str) -> ProgressBar {
        let style = ProgressStyle::with_template("{spinner} {prefix:.bold}  {wide_msg}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = self.all.add(ProgressBar::new_spinner().with_style(style).with_prefix(name.to_owned()));
        bar.enable_steady_tick(Duration::from_millis(120));
        bar
    }

    fn end(&self, name: &str) {
        let mut bars = self.bars.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = bars.remove(name) {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Live {
    fn report(&self, host: &HostAddress, moment: Moment) {
        let bar = self.bar(&host.to_string());
        match &moment {
            Moment::Connecting => bar.set_message("connecting"),
            Moment::Bringing => bar.set_message("sending what the bundle has for it"),
            Moment::Running { tasks } => bar.set_message(format!("{tasks} tasks")),
            Moment::TaskStarted { name } => bar.set_message(name.clone()),
            Moment::Settling => bar.set_message("waiting for the run that was left here"),
            Moment::Reconnecting => bar.set_message("connection lost, the host goes on; reconnecting"),
            Moment::Restarting => bar.set_message("the host restarts; waiting for it"),
            Moment::Brought { .. } | Moment::TaskEnded { .. } | Moment::Looked | Moment::Finished { .. } => {}
        }
        if let Some(line) = line(&moment).filter(|_| self.telling == Telling::Changes) {
            // A terminal that has gone away takes its progress with it, and nothing else.
            let _ = self.all.println(format!("{host}: {line}"));
        }
        if matches!(moment, Moment::Looked | Moment::Finished { .. }) {
            self.end(&host.to_string());
        }
    }

    fn object(&self, object: &CloudAddress, moment: ObjectMoment) {
        let name = object.to_string();
        match &moment {
            ObjectMoment::Begun(doing) => self.bar(&name).set_message(*doing),
            ObjectMoment::Ended { .. } => {
                let _ = self.all.println(format!("{name}: {}", object_line(&moment)));
                self.end(&name);
            }
        }
    }
}
