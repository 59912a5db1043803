//! The two streams: answers on stdout, everything else on stderr. The only place that writes to either.

use super::args::{Shared, When};
use super::failure::{self, Exit, FailureView};
use super::views::{Paint, View};
use crate::diagnostic::Style;
use crate::workflows::Failure;
use std::io::Write;

/// How this run shows things.
#[derive(Debug, Clone, Copy)]
pub struct Display {
    json: bool,
    /// Whether the answer may carry colour.
    stdout: bool,
    /// Whether everything beside it may.
    stderr: bool,
}

impl Display {
    /// As the user wants it, each stream by itself: one may be a terminal and the other a file. `console` knows
    /// `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE` and which stream is a terminal.
    pub fn new(shared: &Shared) -> Self {
        let (stdout, stderr) = match shared.color {
            When::Auto => (console::colors_enabled(), console::colors_enabled_stderr()),
            When::Always => (true, true),
            When::Never => (false, false),
        };
        Self { json: shared.json, stdout: stdout && !shared.json, stderr: stderr && !shared.json }
    }

    /// For a command line that could not be read any further than its `--json`.
    pub fn for_programs() -> Self {
        Self { json: true, stdout: false, stderr: false }
    }

    /// True when stdout belongs to a program.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// The brush for what goes beside the answer.
    pub fn paint_beside(self) -> Paint {
        Paint { is_on: self.stderr }
    }

    /// The style of diagnostics that are part of the answer.
    pub fn style(self) -> Style {
        style(self.stdout)
    }

    /// Shows a command's answer.
    pub fn show(self, view: &impl View) {
        if self.json {
            let document = serde_json::to_string_pretty(view).expect("a view has only string keys");
            self.print(&document);
        } else {
            self.print(&view.text(Paint { is_on: self.stdout }));
        }
    }

    /// Prints text that is the answer itself (a schema, a page, a script).
    pub fn print(self, text: &str) {
        // A reader that has gone away (`| head`) is no failure.
        let _ = writeln!(std::io::stdout().lock(), "{}", text.trim_end_matches('\n'));
    }

    /// Says something beside the answer.
    pub fn say(self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Shows why a command did not do what was asked.
    pub fn fail(self, failure: &Failure) -> Exit {
        if self.json {
            let document = FailureView::from(failure);
            self.print(&serde_json::to_string_pretty(&document).expect("a failure has only string keys"));
        } else {
            self.say(&failure::text(failure, style(self.stderr)));
        }
        failure::exit(failure)
    }
}

fn style(is_coloured: bool) -> Style {
    if is_coloured { Style::Colour } else { Style::Plain }
}
