//! Colour, when there is any. No meaning rests on colour alone.

use console::Style;

/// A brush that may be dry.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    /// Whether escape sequences are written.
    pub is_on: bool,
}

impl Paint {
    /// What was added or went well.
    pub fn good(self, text: &str) -> String {
        self.with(Style::new().green(), text)
    }

    /// What changes or needs attention.
    pub fn attention(self, text: &str) -> String {
        self.with(Style::new().yellow(), text)
    }

    /// What goes away or went wrong.
    pub fn bad(self, text: &str) -> String {
        self.with(Style::new().red(), text)
    }

    /// What matters most on its line.
    pub fn strong(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// What is only context.
    pub fn faint(self, text: &str) -> String {
        self.with(Style::new().dim(), text)
    }

    fn with(self, style: Style, text: &str) -> String {
        style.force_styling(self.is_on).apply_to(text).to_string()
    }
}
