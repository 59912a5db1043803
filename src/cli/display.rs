//! The two streams: answers on stdout, everything else on stderr. The only place that writes to either.

use super::args::{Shared, When};
use super::failure::{self, Exit, FailureView};
use super::views::{Paint, View};
use crate::diagnostic::Style;
use crate::workflows::Failure;
use console::Term;
use std::io::Write;

/// How this run shows things.
#[derive(Debug, Clone, Copy)]
pub struct Display {
    json: bool,
    is_coloured: bool,
}

impl Display {
    /// As the user wants it. `console` knows `NO_COLOR`, `CLICOLOR` and whether stdout is a terminal.
    pub fn new(shared: &Shared) -> Self {
        let is_coloured = match shared.color {
            When::Auto => Term::stdout().is_term() && console::colors_enabled(),
            When::Always => true,
            When::Never => false,
        };
        Self { json: shared.json, is_coloured: is_coloured && !shared.json }
    }

    /// For a command line that could not be read any further than its `--json`.
    pub fn for_programs() -> Self {
        Self { json: true, is_coloured: false }
    }

    /// True when stdout belongs to a program.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// The brush.
    pub fn paint(self) -> Paint {
        Paint { is_on: self.is_coloured }
    }

    /// The style of diagnostics.
    pub fn style(self) -> Style {
        if self.is_coloured { Style::Colour } else { Style::Plain }
    }

    /// Shows a command's answer.
    pub fn show(self, view: &impl View) {
        if self.json {
            let document = serde_json::to_string_pretty(view).expect("a view has only string keys");
            self.print(&document);
        } else {
            self.print(&view.text(self.paint()));
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
            self.say(&failure::text(failure, self.style()));
        }
        failure::exit(failure)
    }
}
